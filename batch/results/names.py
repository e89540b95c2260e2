"""What the files of an answer are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from batch.results.headings import CHANGE_COLUMNS, ERROR_COLUMNS, OWN_COLUMNS, SUMMARY_COLUMNS
from batch.results.report import Form

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SIDE_SHEETS: Final = ("errors", "warnings", "changes", "summary")

_FAILED_STEM = re.compile(r"(?P<stem>.+)\.failed(-\d+)?", re.IGNORECASE | re.DOTALL)
_RESULTS_STEM = re.compile(rf"(?P<stem>.+)\.results(-\d+)?(\.({'|'.join(SIDE_SHEETS)}))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPaths:
    """The two files of an answer; `failed` is written only if a row needs someone."""

    results: Path
    failed: Path

    def all(self) -> tuple[Path, ...]:
        """Both, and what stands beside CSV results; the results last."""
        csv = self.results.suffix == f".{Form.CSV}"
        return (self.failed, *(beside(self.results, sheet) for sheet in SIDE_SHEETS if csv), self.results)

    def moved(self, folder: Path) -> OutputPaths:
        """The same names in another folder."""
        return OutputPaths(results=folder / self.results.name, failed=folder / self.failed.name)


def beside(results: Path, sheet: str) -> Path:
    """The CSV file that stands for another sheet: customers.results.csv gives customers.results.errors.csv."""
    return results.with_name(f"{results.stem}.{sheet}{results.suffix}")


def stem_of(source: Path) -> str:
    """What the answer's files are named after: the input's name, or that of the file that a failed file came from."""
    failed = _FAILED_STEM.fullmatch(source.stem)
    return failed["stem"] if failed else source.stem


def is_results_name(path: Path) -> bool:
    """Whether a file is called as results are; a customer may call a file of theirs so too."""
    return path.suffix.lower() in {f".{form}" for form in Form} and _RESULTS_STEM.fullmatch(path.stem) is not None


def is_results_table(first_row: Sequence[str]) -> bool:
    """Whether a table begins with the headers of one of the sheets of results."""
    tables = (OWN_COLUMNS, ERROR_COLUMNS, CHANGE_COLUMNS, SUMMARY_COLUMNS)
    return any(tuple(first_row[: len(columns)]) == columns for columns in tables)


def family_of(path: Path) -> str:
    """What an input and all files of its answer have in common, in lower case: `customers` for customers.failed-2.xlsx,
    customers.results.errors.csv and customers.xlsx.
    """
    results = _RESULTS_STEM.fullmatch(path.stem)
    return (results["stem"] if results else stem_of(path)).casefold()


def numbered(folder: Path, stem: str, number: int, form: Form, failed_form: Form) -> OutputPaths:
    """The pair of names of round `number`, from 1; the first has no number in it."""
    round_number = "" if number == 1 else f"-{number}"
    return OutputPaths(
        results=folder / f"{stem}.results{round_number}.{form}",
        failed=folder / f"{stem}.failed{round_number}.{failed_form}",
    )
