"""What the summary of an earlier answer said, found by its shape: its words may be in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from batch.model import Sentence, SourceRow, Status, sentence
from batch.results.told import Note, Told

_RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_STEP_NUMBER = re.compile(r"\d+\. ")
# The figures begin with these, in this order; see `results.summary.figures`.
_FILE, _RUN, _COMMAND, _STARTED = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSummary:
    """Texts as they were written; empty where the summary is gone or was changed beyond recognition."""

    title: str = ""
    headline: str = ""
    advice: tuple[str, ...] = ()
    meanings: tuple[tuple[Status, str], ...] = ()
    figures_title: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str, str], ...] = ()

    @property
    def input_name(self) -> str:
        return self._figure(_FILE)

    @property
    def run_id(self) -> str:
        return self._figure(_RUN)

    @property
    def command(self) -> str:
        return self._figure(_COMMAND)

    @property
    def started(self) -> str:
        """In a form that sorts by time."""
        return self._figure(_STARTED)

    def setting(self, name: str) -> str:
        """A setting of the run; their names are never translated."""
        return next((value for said, value in self.figures if said == name), "")

    def _figure(self, place: int) -> str:
        return self.figures[place][1] if place < len(self.figures) else ""

    @property
    def told(self) -> Told:
        """The same words again."""
        return Told(
            title=_as_said(self.title) if self.title else None,
            headline=(_as_said(self.headline),) if self.headline else (),
            advice=tuple(map(_as_said, self.advice)),
            meanings={status: _as_said(meaning) for status, meaning in self.meanings},
            figures_title=_as_said(self.figures_title) if self.figures_title else None,
            figures=tuple((_as_said(name), value) for name, value in self.figures),
            notes=tuple(
                Note(code=code, where=_as_said(where), what=_as_said(what)) for code, where, what in self.notes
            ),
        )


def from_page(rows: Iterable[SourceRow]) -> PastSummary:
    """From the sheet Summary: title, headline, and blocks of lines with an empty row between them."""
    blocks = _blocks(rows)
    figures = next((at for at, block in enumerate(blocks) if _is_figures(block)), None)
    if figures is None or len(blocks[0]) < 2:  # noqa: PLR2004 -- title and headline
        return PastSummary()
    statuses = {status.value: status for status in Status}
    return PastSummary(
        title=blocks[0][0][0],
        headline=blocks[0][1][0],
        advice=tuple(_STEP_NUMBER.sub("", line[0], count=1) for line in blocks[1][1:]),
        meanings=tuple(
            (statuses[line[0]], line[2]) for line in _block_of(Status.CREATED, blocks) if line[0] in statuses
        ),
        figures_title=blocks[figures][0][0],
        figures=tuple((line[0], line[1]) for line in blocks[figures][1:]),
        notes=tuple(("", line[0], line[1]) for block in blocks[figures + 1 :] for line in block[1:]),
    )


def from_lines(rows: Iterable[SourceRow]) -> PastSummary:
    """From a summary as CSV: section, name, value."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        section, name, value = row.cells[:3]
        sections.setdefault(section, []).append((name, value))
    figures = tuple(sections.get("run", ()))
    return PastSummary(
        headline=" ".join(value for _, value in sections.get("what_happened", ())),
        advice=tuple(value for _, value in sections.get("what_to_do_next", ())),
        figures=figures if len(figures) > _RUN and _RUN_ID.fullmatch(figures[_RUN][1]) else (),
        notes=tuple((code, "", what) for code, what in sections.get("notice", ())),
    )


def _as_said(text: str) -> Sentence:
    return sentence("{text}", text=text)


def _blocks(rows: Iterable[SourceRow]) -> list[list[Sequence[str]]]:
    """Rows that follow one another without a gap."""
    blocks: list[list[Sequence[str]]] = []
    last = -1
    for row in rows:
        if row.number != last + 1 or not blocks:
            blocks.append([])
        blocks[-1].append(row.cells)
        last = row.number
    return blocks


def _block_of(name: str, blocks: list[list[Sequence[str]]]) -> list[Sequence[str]]:
    """The first block with a line of this name."""
    return next((block for block in blocks if any(line[0] == name for line in block)), [])


def _is_figures(block: Sequence[Sequence[str]]) -> bool:
    """A section title, then names and values of which the second is a run's ID."""
    return len(block) > _STARTED + 1 and _RUN_ID.fullmatch(block[_RUN + 1][1]) is not None
