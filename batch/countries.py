"""Which country's rules apply to each row of a frame, and why; `sense.whereabouts` finds it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from batch.model import Sentence, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """A country (ISO 3166-1, capitals), or None for one that is not known, and why it was taken for this one."""

    region: str | None
    why: Sentence

    @property
    def sentence(self) -> Sentence:
        """To stand behind a warning that holds for this country only."""
        if self.region is None:
            return sentence("It is not known in which country the address is, because {why}.", why=self.why)
        return sentence("Taken as an address in {region}, because {why}.", region=self.region, why=self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries:
    """What is assumed of each row: `index` leads from a row's place in its frame into `assumed`."""

    assumed: tuple[Assumed, ...]
    index: NDArray[np.int16] = field(repr=False)

    def at(self, place: int) -> Assumed:
        return self.assumed[int(self.index[place])]

    def regions(self, places: Sequence[int]) -> list[str | None]:
        """The country of each of the places."""
        return [self.assumed[number].region for number in self.index[list(places)].tolist()]

    def within(self, region: str) -> NDArray[np.bool_]:
        """Which rows are taken as of `region`."""
        there = np.array([each.region == region for each in self.assumed], dtype=np.bool_)
        found: NDArray[np.bool_] = there[self.index]
        return found


def everywhere(region: str, rows: int) -> Countries:
    """All rows are of `region`, by the settings."""
    return Countries(assumed=(by_setting(region),), index=np.zeros(rows, dtype=np.int16))


def by_setting(region: str) -> Assumed:
    """What is assumed of a row that says nothing else."""
    why = sentence("FLIREO_REGION is {region} and nothing in the row says otherwise", region=region)
    return Assumed(region=region, why=why)
