"""Which Dutch province a postal code lies in, only where that is certain.

Provinces are no part of the postal system, so near most borders the codes of two provinces alternate, and villages
change sides when municipalities merge. The ranges below therefore stay away from every border and from every area that
changed since 2000 (Vijfheerenlanden, Loosdrecht, Weesp). They were held against two public tables of postal codes and
places, of about 2013 and 2026; where the later one differs, it takes a village for its namesake in another province.
A code outside the ranges says nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

PROVINCES: Final = (
    *("Drenthe", "Flevoland", "Friesland", "Gelderland", "Groningen", "Limburg", "Noord-Brabant", "Noord-Holland"),
    *("Overijssel", "Utrecht", "Zeeland", "Zuid-Holland"),
)
UNKNOWN: Final = -1

_RANGES: Final = {
    "Noord-Holland": ((1000, 1229), (1240, 1299), (1430, 2149)),
    "Flevoland": ((1300, 1359), (3890, 3899), (8200, 8259), (8300, 8319)),
    "Zuid-Holland": ((2180, 3369),),
    "Utrecht": ((3390, 3459), (3470, 3619), (3630, 3759), (3800, 3829), (3900, 3919), (3930, 3989)),
    "Gelderland": (
        *((3840, 3889), (4000, 4109), (4170, 4199), (6500, 6579), (6600, 7389)),
        *((8070, 8099), (8160, 8189)),
    ),
    "Zeeland": ((4300, 4589),),
    "Noord-Brabant": ((4610, 4659), (4700, 5299), (5340, 5759)),
    "Limburg": ((5850, 6009), (6030, 6489)),
    "Overijssel": ((7450, 7729), (8000, 8039), (8100, 8149), (8260, 8299), (8330, 8346)),
    "Drenthe": ((7800, 7939), (9400, 9469)),
    "Friesland": ((8400, 9289),),
    "Groningen": ((9600, 9649), (9670, 9739), (9880, 9999)),
}


def _table() -> NDArray[np.int8]:
    table = np.full(10_001, UNKNOWN, dtype=np.int8)  # the last one answers for what is no code
    for name, ranges in _RANGES.items():
        for first, last in ranges:
            table[first : last + 1] = PROVINCES.index(name)
    return table


_TABLE: Final = _table()


def province_numbers(codes: NDArray[np.int64]) -> NDArray[np.int8]:
    """The place in `PROVINCES` of each code (the four digits as a number, or -1), UNKNOWN where it is not certain."""
    found: NDArray[np.int8] = _TABLE[codes]
    return found
