"""Damage of which it is known what must come of it: checksums tell of it, or one letter is one letter."""

from __future__ import annotations

from pathlib import Path
from random import Random

from batch.reading import ReadOptions
from tests.fuzz.damage import flipped
from tests.fuzz.holding import UnequalError, told
from tests.fuzz.originals import Original

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_told_of(original: Original, random: Random, path: Path) -> None:
    """A byte of a zip file changes: the file is refused, or reads as before. Raises UnequalError."""
    whole = original.whole()
    path.write_bytes(whole)
    before = told(path)
    path.write_bytes(flipped(whole, random))
    after = told(path)
    if not isinstance(after, str) and after != before:
        raise UnequalError(f"{after} in silence, where it was {before}")


def changes_one_letter(random: Random, path: Path) -> None:
    """A letter of a text file becomes another: one cell reads otherwise, in that letter. Raises UnequalError."""
    width = random.randint(2, 6)
    table = [[_word(random) for _ in range(width)] for _ in range(random.randint(2, 60))]
    delimiter = random.choice(",;\t|")
    quote = random.choice(("", '"'))
    lines = [delimiter.join(f"{quote}{word}{quote}" for word in row) for row in table]
    row, column = random.randrange(len(table)), random.randrange(width)
    place = random.randrange(len(table[row][column]))
    table[row][column] = table[row][column][:place] + random.choice(_LETTERS) + table[row][column][place + 1 :]
    lines[row] = delimiter.join(f"{quote}{word}{quote}" for word in table[row])
    path.write_text("\n".join(lines), encoding=random.choice(("utf-8", "utf-16", "utf-8-sig")))
    after = told(path, ReadOptions(delimiter=delimiter))
    cells = [list(cells) for _, cells in after[0][1]] if not isinstance(after, str) else after
    if cells != table:
        raise UnequalError(f"{cells} where {table} stands")


def _word(random: Random) -> str:
    return "".join(random.choices(_LETTERS, k=random.randint(1, 9)))
