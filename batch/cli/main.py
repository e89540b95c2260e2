"""The way in and the way out: runs a command, and turns whatever ends it into a sentence and an exit code."""

from __future__ import annotations

import gc
import signal
import sys

from batch.cli.frugal import be_frugal
from batch.cli.loading import loading
from batch.errors import BatchError
from batch.interrupts import INTERRUPTS, code_of

_WRONG_COMMAND_LINE = 2


def main() -> None:
    """Runs the program on `sys.argv` and exits with its code; never with a traceback on the screen."""
    INTERRUPTS.listen()
    try:
        be_frugal()
        with loading():
            from batch.cli.app import app  # noqa: PLC0415 -- after the signal handlers: an early Ctrl-C ends quietly too

        app(prog_name="flireo-batch")
    except KeyboardInterrupt:
        sys.exit(code_of(signal.SIGINT))
    except SystemExit as end:
        if end.code == _WRONG_COMMAND_LINE and "--json" in sys.argv:
            _tell_usage_as_json(end.__context__)
        raise
    except BatchError as error:
        _end_if_interrupted()
        from batch.cli.exits import exit_code_of  # noqa: PLC0415 -- help is quick
        from batch.languages import say_in, usual_language  # noqa: PLC0415 -- only to say what is wrong

        print(f"flireo-batch: {say_in(usual_language())(error.said)}", file=sys.stderr)  # noqa: T201 -- no console yet
        sys.exit(exit_code_of(error))
    except Exception as error:  # noqa: BLE001 -- a person never sees a traceback, whatever happens
        _end_if_interrupted()
        from batch.cli.exits import STOPPED  # noqa: PLC0415 -- help is quick
        from batch.error_log import unexpected  # noqa: PLC0415 -- only when something is badly wrong
        from batch.languages import say_in, usual_language  # noqa: PLC0415 -- only to say what is wrong
        from batch.model import sentence  # noqa: PLC0415 -- as above

        cause = unexpected(error, sentence("Tell whoever maintains the program."))
        print(f"flireo-batch: {say_in(usual_language())(cause.said)}", file=sys.stderr)  # noqa: T201 -- no console yet
        sys.exit(STOPPED)
    finally:
        _leave_quietly()


def _tell_usage_as_json(cause: BaseException | None) -> None:
    """For a command line that was not understood; a command that was has printed its own document."""
    import typer  # noqa: PLC0415 -- help is quick

    if cause is None or isinstance(cause, typer.Exit):
        return
    from batch.cli.reports import print_json  # noqa: PLC0415 -- only when something is wrong
    from batch.errors import SettingsError  # noqa: PLC0415 -- as above
    from batch.pipeline.values import BatchResult  # noqa: PLC0415 -- as above

    error = SettingsError("usage", getattr(cause, "format_message", cause.__str__)())
    said = {"error": {"code": error.code, "message": error.message}}
    print_json(BatchResult(run_id="", files=(), stopped=error), _WRONG_COMMAND_LINE, said)


def _leave_quietly() -> None:
    """Everything is written: from here on a signal only cuts the interpreter's own ending short."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    # CPython notes an interrupt that passed through the `exec` of a text, as in the making of a dataclass, as one that
    # nobody caught, and then ends by the signal whatever exit code it was given. The next such `exec` takes that back.
    exec("")  # noqa: S102 -- nothing is executed
    gc.freeze()  # the interpreter's own ending need not look through everything for garbage


def _end_if_interrupted() -> None:
    """An error after a signal is what some library made of that signal: nothing went wrong."""
    if INTERRUPTS.number is not None:
        sys.exit(code_of(INTERRUPTS.number))
