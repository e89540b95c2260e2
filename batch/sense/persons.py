"""First and last names: swapped, or the whole name in one of the two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from batch.hints import Kind
from batch.model import Sentence, sentence
from batch.sense.rows import Finding, Rows
from batch.text_column import Mask

# What a Dutch, German or French last name may begin with, and a first name never does when it is in small letters.
_INFIX: Final = re.compile(
    r"(?:(?i:(?:van|von|in|op|uit|aan|over|voor|onder|bij) (?:de|den|der|het|'t)|de la)"
    r"|van|von|de|den|der|du|ten|ter|te|'t) [^\W\d_].*"
)


def persons(rows: Rows) -> Iterator[Finding]:
    """Only what the two names show when held against each other; a name by itself is never odd."""
    first, last = rows.of(Kind.FIRST_NAME), rows.of(Kind.LAST_NAME)
    if first is None or last is None or not (first.holds(" ") or last.holds(" ")):
        return
    spaced = np.flatnonzero(first.containing(" ") | _repeats(rows))
    names = zip(
        first.texts.take(pa.array(spaced)).to_pylist(), last.texts.take(pa.array(spaced)).to_pylist(), strict=True
    )
    for place, (given, family) in zip(spaced.tolist(), names, strict=True):
        found = _oddity(given, family)
        if found is not None:
            kind, code, said = found
            yield Finding(place=place, field=rows.fields[kind], code=code, sentence=said)


def _repeats(rows: Rows) -> Mask:
    """Where the last name has a space and begins as the first name does, or has a comma."""
    first, last = rows.columns[rows.fields[Kind.FIRST_NAME]], rows.columns[rows.fields[Kind.LAST_NAME]]
    same = first.first_bytes == last.first_bytes
    comma = last.containing(",") if last.holds(",") else np.zeros(len(last), dtype=np.bool_)
    return np.asarray((same | comma) & last.containing(" "))


def _oddity(first: str, last: str) -> tuple[Kind, str, Sentence] | None:
    """Which of the two names is odd, the code, and what to say."""
    given, family = first.casefold(), last.casefold()
    if (given and family.startswith(f"{given} ")) or family.endswith(f", {given}"):
        said = sentence('The last name ("{last}") holds the first name ("{first}") too.', last=last, first=first)
        return Kind.LAST_NAME, "whole_name", said
    if given == family or not family:
        return (
            Kind.FIRST_NAME,
            "whole_name",
            sentence('The first name seems to hold the whole name: "{first}".', first=first),
        )
    if given.endswith(f" {family}"):
        said = sentence('The first name ("{first}") holds the last name ("{last}") too.', last=last, first=first)
        return Kind.FIRST_NAME, "whole_name", said
    if _INFIX.fullmatch(first) and " " not in last:
        said = sentence('First name "{first}" and last name "{last}" seem to be swapped.', last=last, first=first)
        return Kind.FIRST_NAME, "names_swapped", said
    return None
