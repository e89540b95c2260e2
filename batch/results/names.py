"""What the files of an answer are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from glob import escape as glob_escape
from typing import TYPE_CHECKING

from batch.results.headings import CHANGE_COLUMNS, ERROR_COLUMNS, OWN_COLUMNS, SUMMARY_COLUMNS
from batch.results.report import Form

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Side(StrEnum):
    """What an answer tells beside its rows: sheets of a workbook; the value is how the CSV file is called."""

    ERRORS = "errors"
    WARNINGS = "warnings"
    CHANGES = "changes"
    SUMMARY = "summary"


_FAILED_STEM = re.compile(r"(?P<stem>.+)\.failed(-(?P<number>\d+))?", re.IGNORECASE | re.DOTALL)
_RESULTS_STEM = re.compile(
    rf"(?P<stem>.+)\.(?P<kind>results|merged)(-(?P<number>\d+))?(?P<side>\.({'|'.join(Side)}))?",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPaths:
    """The two files of an answer; `failed` is written only if a row needs someone, and never where it is `alone`."""

    results: Path
    failed: Path
    alone: bool = False

    def all(self) -> tuple[Path, ...]:
        """Both, and what stands beside CSV results; the results last."""
        csv = self.results.suffix == f".{Form.CSV}"
        failed = () if self.alone else (self.failed,)
        return (*failed, *(beside(self.results, sheet) for sheet in Side if csv), self.results)

    def moved(self, folder: Path) -> OutputPaths:
        """The same names in another folder."""
        return replace(self, results=folder / self.results.name, failed=folder / self.failed.name)


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
    return batch_stem(path).casefold()


def numbered(folder: Path, stem: str, number: int, form: Form, failed_form: Form) -> OutputPaths:
    """The pair of names of round `number`, from 1; the first has no number in it."""
    round_number = "" if number == 1 else f"-{number}"
    return OutputPaths(
        results=folder / f"{stem}.results{round_number}.{form}",
        failed=folder / f"{stem}.failed{round_number}.{failed_form}",
    )


def numbered_alone(folder: Path, stem: str, number: int, form: Form) -> OutputPaths:
    """The names of a round whose failed file, if there is one, is not to be written again."""
    return numbered(folder, stem, number, form, form)


def is_merged_name(path: Path) -> bool:
    """Whether a file is called as a merged answer is."""
    named = _RESULTS_STEM.fullmatch(path.stem)
    return named is not None and named["kind"].casefold() == "merged"


def numbered_merged(folder: Path, stem: str, number: int, form: Form) -> OutputPaths:
    """The name of a merged answer, from 1."""
    return results_alone(folder / f"{stem}.merged{'' if number == 1 else f'-{number}'}.{form}")


def results_alone(path: Path) -> OutputPaths:
    """The names of an answer that has no failed file."""
    return OutputPaths(results=path, failed=path.with_suffix(".failed"), alone=True)


def batch_stem(path: Path) -> str:
    """What the files of a whole batch are named after: the stem of any of them."""
    results = _RESULTS_STEM.fullmatch(path.stem)
    return results["stem"] if results else stem_of(path)


def round_number(path: Path) -> int | None:
    """The number in a results file's name, or in a failed file's; None for any other name."""
    found = _RESULTS_STEM.fullmatch(path.stem) or _FAILED_STEM.fullmatch(path.stem)
    return None if found is None else int(found["number"] or 1)


def rounds_beside(path: Path) -> tuple[Path, ...]:
    """The results files of the batch that `path` belongs to, by their numbers."""
    stem = batch_stem(path)
    found = [
        (int(named["number"] or 1), other)
        for form in Form
        for other in path.parent.glob(f"{glob_escape(stem)}.results*.{form}")
        if (named := _RESULTS_STEM.fullmatch(other.stem)) and (named["stem"], named["side"]) == (stem, None)
    ]
    return tuple(other for _, other in sorted(found))
