"""The commands and their flags; what they do is imported only when they are called, so that help is quick.

Past 300 lines because Typer reads flags from signatures: it is one declaration for each flag, and no logic. Without
`from __future__ import annotations`, so that Typer finds types and not their text, which it would have to compile.
"""

from inspect import cleandoc
from pathlib import Path
from typing import Annotated

import typer

from batch.cli import flags
from batch.cli.loading import loading

app = typer.Typer(
    name="flireo-batch",
    invoke_without_command=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Create Flireo verification groups from a customer's spreadsheet: never twice, never lost.",
    epilog="Start with: flireo-batch check customers.xlsx. Nothing is sent before `run`.",
)

_INBOX = "What is taken and kept"


def _version(wanted: bool) -> None:
    if wanted:
        from batch.version import version  # noqa: PLC0415 -- help is quick

        typer.echo(f"flireo-batch {version()}")
        raise typer.Exit


@app.callback()
def program(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    del version
    if context.invoked_subcommand is None:
        from batch.cli.welcome import welcome  # noqa: PLC0415 -- help is quick

        welcome()


@app.command()
def check(
    files: flags.Files,
    results: Annotated[
        bool, typer.Option("--results", help="Write the results workbook too.", rich_help_panel="What is written")
    ] = False,
    strict: flags.Strict = False,
    sheet: flags.Sheet = None,
    all_sheets: flags.AllSheets = False,
    mapping: flags.Map = None,
    map_file: flags.MapFile = None,
    no_map_file: flags.NoMapFile = False,
    save_map: flags.SaveMap = None,
    delimiter: flags.Delimiter = None,
    encoding: flags.Encoding = None,
    out: flags.Out = None,
    overwrite: flags.Overwrite = False,
    format_: flags.Format = flags.FileFormat.XLSX,
    failed_format: flags.FailedFormat = None,
    as_json: flags.Json = False,
    log_format: flags.LogAs = flags.LogFormat.TEXT,
    log_file: flags.LogFile = None,
    quiet: flags.Quiet = False,
    lang: flags.Language = None,
    config: flags.Config = None,
) -> None:
    """Read and validate files. Sends nothing; needs no key.

    Writes FILE.failed.xlsx if a row needs someone. Ends with 0 if every row is valid, 1 if not, 3 if a file cannot be
    read.

    Examples of use:
    $ flireo-batch check customers.xlsx
    $ flireo-batch check customers.xlsx --results --lang nl
    $ flireo-batch check customers.csv --map "Firma=business_name"
    """
    with loading(files=len(files)):
        from batch.cli.batches import Request  # noqa: PLC0415 -- help is quick
        from batch.cli.checks import check_files  # noqa: PLC0415 -- help is quick

    check_files(
        Request(
            files=files,
            sheet=sheet,
            all_sheets=all_sheets,
            mapping=mapping,
            map_file=map_file,
            no_map_file=no_map_file,
            save_map=save_map,
            delimiter=delimiter,
            encoding=encoding,
            out=out,
            overwrite=overwrite,
            format=format_.value,
            failed_format=(failed_format or format_).value,
            as_json=as_json,
            log_format=log_format.value,
            quiet=quiet,
            settings_flags={"log_file": log_file},
            lang=None if lang is None else lang.value,
            config=config,
            strict=strict,
            results=results,
        )
    )


@app.command()
def run(
    files: flags.Files,
    dry_run: flags.DryRun = False,
    limit: flags.Limit = None,
    sandbox: flags.Sandbox = False,
    check_existing: flags.CheckExisting = False,
    max_errors: flags.MaxErrors = None,
    accept_new_key: Annotated[
        bool,
        typer.Option(
            "--accept-new-key", help="The key changed, and is still the same account's.", rich_help_panel=flags.SENDING
        ),
    ] = False,
    strict: flags.Strict = False,
    wait_approval: Annotated[
        bool,
        typer.Option("--wait-approval", help="Then wait until no group is pending.", rich_help_panel=flags.WAITING),
    ] = False,
    wait_at_most: flags.WaitAtMost = "24h",
    sheet: flags.Sheet = None,
    all_sheets: flags.AllSheets = False,
    mapping: flags.Map = None,
    map_file: flags.MapFile = None,
    no_map_file: flags.NoMapFile = False,
    save_map: flags.SaveMap = None,
    delimiter: flags.Delimiter = None,
    encoding: flags.Encoding = None,
    out: flags.Out = None,
    overwrite: flags.Overwrite = False,
    format_: flags.Format = flags.FileFormat.XLSX,
    failed_format: flags.FailedFormat = None,
    as_json: flags.Json = False,
    log_format: flags.LogAs = flags.LogFormat.TEXT,
    log_file: flags.LogFile = None,
    quiet: flags.Quiet = False,
    notify: flags.Notify = None,
    notify_when: flags.NotifyWhen = None,
    notify_attach: flags.NotifyAttach = False,
    ping: flags.Ping = None,
    lang: flags.Language = None,
    config: flags.Config = None,
) -> None:
    """Do the whole job: read, validate, send, and write results and failed rows.

    Rows that were created before are not created again, whatever happened in between: run the same file as often as
    you like. Ends with 0 if every row is created, 1 if some need someone, 2 for wrong settings, 3 for an unreadable
    file, 4 if the run was stopped early.

    Examples of use:
    $ flireo-batch run customers.xlsx
    $ flireo-batch run customers.failed.xlsx
    $ flireo-batch run customers.xlsx --sandbox --out practice
    $ flireo-batch run customers.xlsx --dry-run
    """
    with loading(files=len(files)):
        from batch.cli.batches import Request  # noqa: PLC0415 -- help is quick
        from batch.cli.runs import run_files  # noqa: PLC0415 -- help is quick

    run_files(
        Request(
            files=files,
            sheet=sheet,
            all_sheets=all_sheets,
            mapping=mapping,
            map_file=map_file,
            no_map_file=no_map_file,
            save_map=save_map,
            delimiter=delimiter,
            encoding=encoding,
            out=out,
            overwrite=overwrite,
            format=format_.value,
            failed_format=(failed_format or format_).value,
            as_json=as_json,
            log_format=log_format.value,
            quiet=quiet,
            settings_flags=flags.telling(notify, notify_when, attach=notify_attach, ping=ping, log_file=log_file),
            lang=None if lang is None else lang.value,
            config=config,
            strict=strict,
            dry_run=dry_run,
            limit=limit,
            sandbox=sandbox,
            check_existing=check_existing,
            max_errors=max_errors,
            accept_new_key=accept_new_key,
            wait_approval=wait_approval,
            wait_at_most=wait_at_most,
        )
    )


@app.command()
def inbox(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that spreadsheets are put into.")],
    unchanged_for: Annotated[
        float,
        typer.Option(
            "--unchanged-for",
            min=0,
            metavar="SECONDS",
            help="Leave a file alone until it has not changed for so long.",
            rich_help_panel=_INBOX,
        ),
    ] = 10.0,
    keep_days: Annotated[
        int | None,
        typer.Option(
            "--keep-days",
            min=1,
            metavar="N",
            help="Remove dated folders in done/ and attention/ that are older. \\[default: never]",
            rich_help_panel=_INBOX,
        ),
    ] = None,
    dry_run: flags.DryRun = False,
    limit: flags.Limit = None,
    sandbox: flags.Sandbox = False,
    check_existing: flags.CheckExisting = False,
    max_errors: flags.MaxErrors = None,
    strict: flags.Strict = False,
    sheet: flags.Sheet = None,
    all_sheets: flags.AllSheets = False,
    mapping: flags.Map = None,
    map_file: flags.MapFile = None,
    no_map_file: flags.NoMapFile = False,
    delimiter: flags.Delimiter = None,
    encoding: flags.Encoding = None,
    out: flags.Out = None,
    overwrite: flags.Overwrite = False,
    format_: flags.Format = flags.FileFormat.XLSX,
    failed_format: flags.FailedFormat = None,
    as_json: flags.Json = False,
    log_format: flags.LogAs = flags.LogFormat.TEXT,
    log_file: flags.LogFile = None,
    quiet: flags.Quiet = False,
    notify: flags.Notify = None,
    notify_when: flags.NotifyWhen = None,
    notify_attach: flags.NotifyAttach = False,
    ping: flags.Ping = None,
    lang: flags.Language = None,
    config: flags.Config = None,
) -> None:
    """The nightly job: run every spreadsheet in DIR, and move it with its results to where it belongs.

    What is done goes to DIR/done/DATE, what needs someone to DIR/attention/DATE; what could not be finished stays and
    is taken again the next time. DIR/inbox.jsonl gets a line for each file. Ends with the gravest of what happened: as
    `run` does, and with 5 if another is at work in DIR already.

    Examples of use:
    $ flireo-batch inbox /srv/flireo/inbox --quiet
    $ flireo-batch inbox /srv/flireo/inbox --keep-days 90
    $ flireo-batch inbox inbox --dry-run
    """
    with loading():
        from batch.cli.batches import Request  # noqa: PLC0415 -- help is quick
        from batch.cli.inboxes import InboxRequest, run_inbox  # noqa: PLC0415 -- help is quick

    run_inbox(
        InboxRequest(
            folder=folder,
            unchanged_for=unchanged_for,
            keep_days=keep_days,
            batch=Request(
                files=[],
                sheet=sheet,
                all_sheets=all_sheets,
                mapping=mapping,
                map_file=map_file,
                no_map_file=no_map_file,
                map_folder=folder,
                delimiter=delimiter,
                encoding=encoding,
                out=out,
                overwrite=overwrite,
                format=format_.value,
                failed_format=(failed_format or format_).value,
                as_json=as_json,
                log_format=log_format.value,
                quiet=quiet,
                settings_flags=flags.telling(notify, notify_when, attach=notify_attach, ping=ping, log_file=log_file),
                lang=None if lang is None else lang.value,
                config=config,
                dry_run=dry_run,
                limit=limit,
                sandbox=sandbox,
                check_existing=check_existing,
                max_errors=max_errors,
                strict=strict,
            ),
        )
    )


@app.command()
def inspect(
    file: flags.OneFile,
    cells: Annotated[bool, typer.Option("--cells", help="Show every cell as text too.")] = False,
    sheet: flags.Sheet = None,
    all_sheets: flags.AllSheets = False,
    mapping: flags.Map = None,
    map_file: flags.MapFile = None,
    no_map_file: flags.NoMapFile = False,
    save_map: flags.SaveMap = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file of --save-map.", rich_help_panel="What is written")
    ] = False,
    delimiter: flags.Delimiter = None,
    encoding: flags.Encoding = None,
    as_json: flags.Json = False,
    lang: flags.Language = None,
    config: flags.Config = None,
) -> None:
    """Show how a file is read: format, sheets, header row, which column feeds which field, and what is odd.

    Examples of use:
    $ flireo-batch inspect customers.xlsx
    $ flireo-batch inspect customers.xlsx --cells
    $ flireo-batch inspect customers.xlsx --save-map flireo-map.toml
    """
    with loading(files=1):
        from batch.cli.inspection import InspectRequest, inspect_file  # noqa: PLC0415 -- help is quick

    inspect_file(
        InspectRequest(
            path=file,
            sheet=sheet,
            all_sheets=all_sheets,
            mapping=mapping or [],
            map_file=map_file,
            no_map_file=no_map_file,
            save_map=save_map,
            overwrite=overwrite,
            delimiter=delimiter,
            encoding=encoding,
            cells=cells,
            as_json=as_json,
            lang=None if lang is None else lang.value,
            config=config,
        )
    )


@app.command()
def template(
    path: Annotated[
        Path, typer.Argument(metavar="[PATH]", help="What to write: .xlsx, or .csv.", show_default=True)
    ] = Path("verification-groups.xlsx"),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
    config: flags.Config = None,
) -> None:
    """Write an empty workbook to fill in, with a column for each field, drop-downs, notes and an example.

    Examples of use:
    $ flireo-batch template
    $ flireo-batch template customers.xlsx
    $ flireo-batch template customers.csv
    """
    with loading():
        from batch.cli.templates import write  # noqa: PLC0415 -- help is quick

    write(path, overwrite=overwrite, config=config)


@app.command()
def init(
    base_url: Annotated[
        str | None, typer.Option("--base-url", metavar="URL", help="What comes before /v1/ in the API's address.")
    ] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="NAME", help="A name for the account behind the key.")
    ] = None,
    keep: Annotated[
        flags.KeepKey | None,
        typer.Option("--keep", help="Where the key is kept: the system's keyring, a file, or nowhere."),
    ] = None,
    key_stdin: Annotated[
        bool, typer.Option("--key-stdin", help="Read the key from standard input: one line, nothing else.")
    ] = False,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", metavar="FILE", help="The file that the key is kept in.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE", help="The settings file. \\[default: in the user's config folder]"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a key file that is there.")] = False,
    accept_new_key: Annotated[
        bool, typer.Option("--accept-new-key", help="The key changed, and is still the same account's.")
    ] = False,
    check_: Annotated[
        bool, typer.Option("--check/--no-check", help="Whether to ask the API once, to see that all is right.")
    ] = True,
) -> None:
    """Set the program up: base URL, account and key, tried with one list request, and written to the settings file.

    Asks for what is missing, unless nobody is there to answer. The key comes from a hidden prompt, from --key-stdin,
    or from FLIREO_API_KEY or FLIREO_API_KEY_FILE; it is never a flag.

    Examples of use:
    $ flireo-batch init
    $ flireo-batch init --base-url https://api.example.com --account acme
    $ flireo-batch init --keep file --key-stdin --overwrite < new-key
    """
    with loading():
        from batch.cli.setup import Asked, set_up  # noqa: PLC0415 -- help is quick

    set_up(
        Asked(
            base_url=base_url,
            account=account,
            keep=None if keep is None else keep.value,
            key_stdin=key_stdin,
            key_file=key_file,
            config=config,
            overwrite=overwrite,
            accept_new_key=accept_new_key,
            check=check_,
        )
    )


@app.command()
def status(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="RESULTS...", help="Results files that run wrote. Without: the last run."),
    ] = None,
    run_id: Annotated[
        str | None, typer.Option("--run", metavar="RUN_ID", help="The groups that this run created (see history).")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Ask again until no group is pending.", rich_help_panel=flags.WAITING)
    ] = False,
    wait_at_most: flags.WaitAtMost = "24h",
    out: flags.Out = None,
    overwrite: flags.Overwrite = False,
    as_json: flags.Json = False,
    log_format: flags.LogAs = flags.LogFormat.TEXT,
    log_file: flags.LogFile = None,
    lang: flags.Language = None,
    quiet: flags.Quiet = False,
    config: flags.Config = None,
) -> None:
    """Ask how Flireo has decided about created groups, and write it beside them, in new results.

    Ends with 0 if no group needs someone, 1 if one was rejected or deleted or is not found.

    With 4 if it was stopped early, or some are still pending at the end of the wait.

    Examples of use:
    $ flireo-batch status customers.results.xlsx
    $ flireo-batch status customers.results.xlsx --watch --wait-at-most 2h
    $ flireo-batch status customers.merged.xlsx --overwrite
    """
    with loading():
        from batch.cli.approvals import StatusRequest, show_status  # noqa: PLC0415 -- help is quick

    show_status(
        StatusRequest(
            files=files or [],
            run_id=run_id,
            watch=watch,
            wait_at_most=wait_at_most,
            out=out,
            overwrite=overwrite,
            as_json=as_json,
            log_format=log_format.value,
            log_file=log_file,
            quiet=quiet,
            config=config,
            lang=None if lang is None else lang.value,
        )
    )


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    lang: flags.SaidIn = None,
    config: flags.Config = None,
) -> None:
    """Look whether all is well: settings, key, API, clock, ledger and disk; and say what to do where it is not.

    Asks the API once for a list of one group. Ends with 0 if a run could start, else with the code that it would have.

    Examples of use:
    $ flireo-batch doctor
    $ flireo-batch doctor --config /srv/flireo/flireo-batch.toml
    """
    with loading():
        from batch.cli.doctoring import see_doctor  # noqa: PLC0415 -- help is quick

    see_doctor(as_json=as_json, config=config, lang=None if lang is None else lang.value)


@app.command()
def merge(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...",
            help="The results of all rounds; or one file, for its whole batch. Without: the batch in this folder.",
        ),
    ] = None,
    out: flags.Out = None,
    overwrite: flags.Overwrite = False,
    format_: Annotated[
        flags.FileFormat | None,
        typer.Option(
            "--format", help="The form of the merged results. \\[default: as the first]", rich_help_panel=flags.WRITING
        ),
    ] = None,
    as_json: flags.Json = False,
    lang: flags.Language = None,
    quiet: flags.Quiet = False,
    config: flags.Config = None,
) -> None:
    """Bring the results of all rounds together: one line for each row of the first file, with what is known now.

    Needs no network, key or ledger.

    Ends with 0 if every row has its group, 1 if some need someone, 3 if a file is no results file.

    Examples of use:
    $ flireo-batch merge customers.results.xlsx
    $ flireo-batch merge customers.results.xlsx customers.results-2.xlsx
    """
    with loading():
        from batch.cli.merging import merge_rounds  # noqa: PLC0415 -- help is quick

    merge_rounds(
        files or [],
        out=out,
        overwrite=overwrite,
        form=None if format_ is None else format_.value,
        as_json=as_json,
        quiet=quiet,
        config=config,
        lang=None if lang is None else lang.value,
    )


@app.command()
def history(
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many runs, newest first.")] = 20,
    in_doubt: Annotated[
        bool, typer.Option("--in-doubt", help="Show the rows of which nobody knows whether they were created.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    lang: flags.SaidIn = None,
    config: flags.Config = None,
) -> None:
    """Show earlier runs, from the ledger, and what is still in doubt.

    Examples of use:
    $ flireo-batch history
    $ flireo-batch history --in-doubt
    """
    with loading():
        from batch.cli.past import show_history  # noqa: PLC0415 -- help is quick

    show_history(limit, in_doubt=in_doubt, as_json=as_json, config=config, lang=None if lang is None else lang.value)


@app.command()
def settle(
    fingerprint: Annotated[
        str,
        typer.Argument(metavar="FINGERPRINT", help="The row, as `history --in-doubt` shows it; its start is enough."),
    ],
    created: Annotated[
        str | None, typer.Option("--created", metavar="ID", help="It was created: the requirement_group_id.")
    ] = None,
    absent: Annotated[bool, typer.Option("--absent", help="It was not created; it may be sent again.")] = False,
    lang: flags.SaidIn = None,
    config: flags.Config = None,
) -> None:
    """Settle a row in doubt by hand, after looking at Flireo whether its group exists.

    Examples of use:
    $ flireo-batch settle 3f2a91 --absent
    $ flireo-batch settle 3f2a91 --created 6f1c0a9e-3a51-4f0b-9d4e-2b7c8d5e1f20
    """
    with loading():
        from batch.cli.settling import settle_row  # noqa: PLC0415 -- help is quick

    settle_row(fingerprint, created=created, absent=absent, config=config, lang=None if lang is None else lang.value)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.")] = 0,
    host: Annotated[str, typer.Option("--host", help="A loopback address.")] = "127.0.0.1",
    key: Annotated[
        list[str] | None, typer.Option("--key", metavar="KEY[=ACCOUNT]", help="A key it accepts; may be repeated.")
    ] = None,
    rate_limit: Annotated[
        str, typer.Option("--rate-limit", metavar="N/SPAN", help="As FLIREO_RATE_LIMIT, or 'none'.")
    ] = "100/minute",
    window: Annotated[str, typer.Option("--window", help="sliding or fixed.")] = "sliding",
    latency: Annotated[float, typer.Option("--latency", min=0, metavar="SECONDS", help="Of every answer.")] = 0.0,
    order: Annotated[str, typer.Option("--order", help="Of the list: newest, oldest, random or shuffled.")] = "newest",
    list_lag: Annotated[
        float, typer.Option("--list-lag", min=0, metavar="SECONDS", help="Until a new group shows in the list.")
    ] = 0.0,
    clock_skew: Annotated[
        float, typer.Option("--clock-skew", metavar="SECONDS", help="How far its clock is ahead.")
    ] = 0.0,
    foreign_every: Annotated[
        int, typer.Option("--foreign-every", min=0, metavar="N", help="Someone else makes a group every N requests.")
    ] = 0,
    faults: Annotated[
        float, typer.Option("--faults", min=0, max=1, metavar="FRACTION", help="Of the create requests that go wrong.")
    ] = 0.0,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", metavar="KIND[=WEIGHT]", help="Which faults: a kind or a family; may be repeated."),
    ] = None,
    list_faults: Annotated[
        float,
        typer.Option("--list-faults", min=0, max=1, metavar="FRACTION", help="Of the list requests that go wrong."),
    ] = 0.0,
    slow: Annotated[
        float, typer.Option("--slow", min=0, metavar="SECONDS", help="How long a slow answer takes.")
    ] = 60.0,
    approve_after: Annotated[
        float | None,
        typer.Option(
            "--approve-after", min=0, metavar="SECONDS", help="Until a group is approved or rejected, on average."
        ),
    ] = None,
    reject: Annotated[
        float, typer.Option("--reject", min=0, max=1, metavar="FRACTION", help="Of the groups that end up rejected.")
    ] = 0.0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same faults and rejections.")] = 0,
    state: Annotated[
        Path | None, typer.Option("--state", metavar="FILE", help="Keep the groups in this file too.")
    ] = None,
) -> None:
    """Start a local server that behaves as the API does, for trying things out and for tests. Ctrl-C ends it.

    Examples of use:
    $ flireo-batch sandbox --port 8080
    $ flireo-batch sandbox --approve-after 30 --reject 0.1
    $ flireo-batch sandbox --faults 0.2 --list-lag 3
    """
    with loading():
        from batch.cli.sandboxes import SandboxRequest, serve_sandbox  # noqa: PLC0415 -- help is quick

    serve_sandbox(
        SandboxRequest(
            host=host,
            port=port,
            keys=key or [],
            rate_limit=rate_limit,
            window=window,
            latency=latency,
            order=order,
            list_lag=list_lag,
            clock_skew=clock_skew,
            foreign_every=foreign_every,
            faults=faults,
            kinds=fault or [],
            list_faults=list_faults,
            slow=slow,
            approve_after=approve_after,
            reject=reject,
            seed=seed,
            state=state,
        )
    )


def _paragraph(text: str) -> str:
    """One line, as rich is to fold it: it keeps the line breaks of the source in all paragraphs but the first."""
    return text if text.startswith("Example") else " ".join(text.split())


for _command in app.registered_commands:
    _told = cleandoc(_command.callback.__doc__ or "") if _command.callback else ""
    _command.help = "\n\n".join(map(_paragraph, _told.split("\n\n")))
