"""The section of the page on keeping a rate limit."""

from __future__ import annotations

from tests.benchmarks.records import Result, Section
from tests.benchmarks.report.tables import Target, at_most, by_case, emphasised, figure, median, spread, worst
from tests.benchmarks.senders import OWN

TITLE = "Keeping the rate limit"
PLOT = "benchmarks-pace.svg"
_INTRO = """\
A sandbox that counts as the API does, with a window of its own length: {limit}, and a 429 with `Retry-After` beyond
that. `over the least` is the time from the first to the last request over the least that a sliding window allows for
so many rows (a client that knows where a fixed window begins could do better there; none does). Every peer was told
the limit in the way that it knows; two jobs of one peer know nothing of each other, those of this program share a
ledger.
"""
_TEXT = """\
**What limits us.** Nothing of our own: the window is the floor. Full speed until the window is full, then the next
request as soon as the oldest one leaves it, costs {own} times the least. A client that waits the same time after each
request pays for its own time on top; one that runs into 429s waits for the whole window. {worst} took {worst_figure}
times the least, and met {worst_throttled} refusals.
"""


def targets(section: Section) -> list[Target]:
    return [
        target
        for case in section.cases()
        for target in (
            at_most(f"{case}: over the least", median(section, case, OWN, "over_least"), 1.02, " times"),
            at_most(f"{case}: 429s, worst of all runs", worst(section, case, OWN, "throttled"), 0, ""),
        )
    ]


def body(section: Section) -> str:
    head = ["", "over the least", "429s", "twice", "missing", "exit codes"]
    intro = _INTRO.format(limit=section.setup["pace_limit"]) + _who_ran_less(section)
    return f"{intro}\n{by_case(section, head, _row)}"


def _who_ran_less(section: Section) -> str:
    own, others = (
        max((result.runs for result in section.results if (result.subject == OWN) is wanted), default=0)
        for wanted in (True, False)
    )
    return f"This program took part in {own} runs, the others in {others}.\n" if others < own else ""


def _row(result: Result) -> list[str]:
    return [
        emphasised(result),
        spread(result.figures["over_least"]),
        spread(result.figures["throttled"]),
        spread(result.figures["duplicates"]),
        spread(result.figures["missing"]),
        ", ".join(map(str, result.exit_codes)),
    ]


def text(section: Section) -> str:
    own = [result.median("over_least") for result in section.results if result.subject == OWN]
    whole = [result for result in section.results if not result.median("missing")]
    peer = max(whole, key=lambda result: result.median("over_least"))
    return _TEXT.format(
        own=figure(max(own)),
        worst=f"{peer.subject} ({peer.case})",
        worst_figure=figure(peer.median("over_least")),
        worst_throttled=figure(peer.median("throttled")),
    )
