"""The section of the page on what goes wrong."""

from __future__ import annotations

from batch.settings import Settings
from tests.benchmarks.records import Result, Section
from tests.benchmarks.report.tables import Target, at_most, by_case, emphasised, figure, spread, worst
from tests.benchmarks.sections import faults as measured
from tests.benchmarks.senders import OWN, VENDOR_POLICY

TITLE = "When things go wrong"
PLOT = "benchmarks-faults.svg"
_INTRO = """\
Counted on the server, when the command has ended: `twice` is how many groups were made beyond the first of a row,
`missing` how many rows have no group. Each run has another seed: other answers get lost, the kill comes at another
row.

- *{lost}*: every {every}th POST makes its group, and then the connection is closed.
- *{killed}*: SIGKILL to the whole process tree when a part of the rows is sent, and the same command again in the
  same folder.
- *{twice}*: two runs of one file side by side, as when cron starts a second one.
- *{silent}*: every {every}th POST makes its group, and is never answered (time limit {timeout:g} s, where it can be
  set).

Where an answer was lost or never came, the command is followed by what the tool's documentation advises for what is
left undone: its file or queue of failed rows, or the same command again; a loop and Newman have no such thing.
{vendor}: {policy}. A row that is missing is only bad if it is missing in silence; but whoever has to find out which
are, has to look at the server.
"""
_TEXT = """\
**What limits us.** The API: it has no idempotency key, so that nobody can send a row again without knowing. This
program therefore writes what it is about to send before it does, sends again only what certainly left no trace, and
asks the list for the rest, which costs it the settle time of {settle:g} seconds where an answer was lost, and none
otherwise. These figures are of before the later change of 2026-11-28 by which a run after a kill waits {limit:g}
seconds more, for as long as the killed run would have waited for an answer. Over all cases and seeds it made
{own_duplicates} groups twice and left {own_missing} rows out; {worst} made {worst_duplicates}.
"""


def targets(section: Section) -> list[Target]:
    return [
        at_most(f"{case}: {what}, worst of all seeds", worst(section, case, OWN, name), 0, "")
        for case in section.cases()
        for what, name in (("made twice", "duplicates"), ("missing", "missing"))
    ]


def body(section: Section) -> str:
    head = ["", "twice", "missing", "rows", "POSTs", "exit codes", "seconds"]
    intro = _INTRO.format(
        lost=measured.LOST,
        killed=measured.KILLED,
        twice=measured.TWICE,
        silent=measured.SILENT,
        vendor=VENDOR_POLICY.name.capitalize(),
        policy=VENDOR_POLICY.advice,
        every=section.setup["fault_every"],
        timeout=measured.TIMEOUT_SECONDS,
    )
    return f"{intro}\n{by_case(section, head, _row)}"


def _row(result: Result) -> list[str]:
    return [
        emphasised(result),
        spread(result.figures["duplicates"]),
        spread(result.figures["missing"]),
        figure(result.median("rows")),
        spread(result.figures["posts"]),
        ", ".join(map(str, result.exit_codes)),
        figure(result.median("wall_seconds")),
    ]


def text(section: Section) -> str:
    own = [result for result in section.results if result.subject == OWN]
    peer = max(section.results, key=lambda result: result.figures["duplicates"].most)
    return _TEXT.format(
        settle=Settings.model_fields["settle_seconds"].default,
        limit=Settings.model_fields["timeout_seconds"].default,
        own_duplicates=figure(max(result.figures["duplicates"].most for result in own)),
        own_missing=figure(max(result.figures["missing"].most for result in own)),
        worst=f"{peer.subject} ({peer.case})",
        worst_duplicates=figure(peer.figures["duplicates"].most),
    )
