"""How to find some of an account's groups in the fewest requests: pages of the list, or one by one; pure.

A page shows a hundred groups, but perhaps none that is wanted; a question for one group always answers. So pages are
read while they are sure to be fewer than the questions, or while they show what is wanted: from the front or from the
end of the list, since its order is not known. What they have not shown is asked for one by one; where that is much
although the whole list was read, a few are asked for and stand for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass

from batch.approval.states import same_id

PAGE = 100
SAMPLE = 20
_OVERLAP = 10  # groups may appear or go while one pages, which shifts what comes after
_WORTH_A_PAGE = 2  # groups that a page must show to be better than asking for them
_MOST_PASSES = 3
_UNREAD = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage:
    """The PAGE groups from this offset on; the answer is a `Page`."""

    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOne:
    """One group by itself; the answer is whether it exists."""

    group_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page showed: IDs in its order, and how many groups the whole list has."""

    ids: tuple[str, ...]
    total: int


Step = AskPage | AskOne
Steps = Generator[Step, Page | bool, None]


class Search:
    """`steps` yields one request after the other and is sent what each brought.

    In the end `missing` holds the groups that do not exist, `places` the offsets at which others were seen, and `total`
    the length of the list. The last two of an earlier search, handed in, make the next one shorter.
    """

    def __init__(self, wanted: Iterable[str], places: Mapping[str, int] | None = None, total: int = 0) -> None:
        self.places: dict[str, int] = dict(places or {})
        self.total = total
        self._wanted = {same_id(group_id): group_id for group_id in wanted}
        self._whole = False

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(self._wanted.values())

    def steps(self) -> Steps:
        for offset in self._windows():
            yield from self._read(offset)
        if len(self._wanted) > max(1, _pages(self.total)):
            yield from self._passes()
        yield from self._one_by_one()

    def _windows(self) -> list[int]:
        """Where to read to see again what stood close together."""
        windows: list[tuple[int, int]] = []
        for place in sorted(self.places[key] for key in self._wanted if key in self.places):
            if windows and place < windows[-1][0] + PAGE - _OVERLAP:
                windows[-1] = (windows[-1][0], windows[-1][1] + 1)
            else:
                windows.append((max(0, place - _OVERLAP // 2), 1))
        return [offset for offset, groups in windows if groups >= _WORTH_A_PAGE]

    def _passes(self) -> Steps:
        """Through the list, and once more while much is missing and a pass still found something."""
        for _ in range(_MOST_PASSES):
            before = len(self._wanted)
            yield from self._pass()
            few = max(SAMPLE, _pages(self.total))
            fruitless = len(self._wanted) == before and self.total > 0  # an empty list may be a mistake
            if fruitless or not self._whole or len(self._wanted) <= few:
                return

    def _pass(self) -> Steps:
        """Ends when everything was found or read, or when it takes fewer questions than pages to find the rest."""
        front_hits, length = yield from self._read(0)
        front, back, back_hits = self._after(0, length), self.total, _UNREAD
        while self._wanted and length and front < back:
            total = self.total
            left = math.ceil((back - front) / (PAGE - _OVERLAP))
            promising = min(max(front_hits, back_hits), len(self._wanted)) >= _WORTH_A_PAGE
            try_end = not promising and back_hits == _UNREAD and left > 1 and len(self._wanted) > 1
            if not (promising or try_end) and len(self._wanted) <= left:
                return
            if try_end or back_hits > front_hits:
                offset = max(front, back - PAGE)
                back_hits, _ = yield from self._read(offset)
                back = front if offset == front else offset + _OVERLAP
            else:
                front_hits, length = yield from self._read(front)
                front = self._after(front, length)
            back += max(0, self.total - total)
        self._whole = not self._wanted or not length or front >= back

    def _read(self, offset: int) -> Generator[Step, Page | bool, tuple[int, int]]:
        """Reads a page; how many of its groups were wanted, and how many it has."""
        page = yield AskPage(offset=offset)
        assert isinstance(page, Page)  # noqa: S101 -- the kind of answer follows from the kind of step
        before = len(self._wanted)
        for place, group_id in enumerate(page.ids, offset):
            if self._wanted.pop(same_id(group_id), None) is not None:
                self.places[same_id(group_id)] = place
        self.total = page.total
        return before - len(self._wanted), len(page.ids)

    def _after(self, offset: int, length: int) -> int:
        """Where to read on after a page; its end is read again, unless it is that of the list."""
        end = offset + length
        return end if end >= self.total else offset + max(1, length - _OVERLAP)

    def _one_by_one(self) -> Steps:
        absent = 0
        for key, group_id in tuple(self._wanted.items()):
            if self._whole and absent == SAMPLE:
                return  # the list was read whole, and it was right each time
            exists = yield AskOne(group_id=group_id)
            if exists:
                del self._wanted[key]
                self._whole = False  # a list that lacks what exists proves nothing
            else:
                absent += 1


def _pages(total: int) -> int:
    return math.ceil(max(0, total - _OVERLAP) / (PAGE - _OVERLAP))
