"""The exception tree: what stops a file or a run, sorted by whose turn it is.

    BatchError
    |-- InputError      the customer's file cannot be read or mapped: the sender corrects the file
    |-- SettingsError   command line, environment or schema file: the operator corrects the settings
    |-- ApiStop         the API stopped us (key, credits, outage): the account holder or time
    |-- LedgerError     the ledger cannot be read or written, or is held: the operator
    |-- OutputError     a result could not be written (disk full, no permission): the operator
    |-- BusyError       another run holds what this one needs: nobody, it does the work

A bad row is data (`model.RowError`), never an exception. Only `cli` turns these into exit codes.
"""


class BatchError(Exception):
    """Root of everything this program raises on purpose.

    `code` is stable and for programs; `message` is a whole sentence (or more) for a person and says where, what was
    found, what was expected and what to do. Neither ever holds the API key; customer values appear only where the
    sentence needs them to be found in the customer's own file. `said` is the same, as it was given: a sentence that
    can be translated, or a text.
    """

    def __init__(self, code: str, said: object) -> None:
        super().__init__(str(said))
        self.code = code
        self.said = said
        self.message = str(said)

    def __str__(self) -> str:
        return self.message


class InputError(BatchError):
    """An input file cannot be read or mapped; nothing of it was sent."""


class SettingsError(BatchError):
    """The command line, the settings or a schema file is wrong; nothing was sent."""


class ApiStop(BatchError):  # noqa: N818 -- the API's refusal is a stop, not a fault of ours
    """The API, or the way to it, stops the run: key refused, no credits, outage beyond the limit."""


class LedgerError(BatchError):
    """The ledger cannot be opened, written or trusted; nothing more may be sent."""


class OutputError(BatchError):
    """Results could not be written; what happened is still in the ledger."""


class BusyError(BatchError):
    """Another run of the program holds what this one needs, and does its work; nothing was done."""
