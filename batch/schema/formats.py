"""The values of `format` that are checked, each as one regular expression over the whole value.

They are regular expressions so that a whole column can be checked at once; Python's `re` (with `re.ASCII`) and RE2
read them alike, and they hold no group that captures. Sources: RFC 4122 (uuid), RFC 3339 (date, date-time: in any
letter case, no leap second), RFC 3986 (uri: absolute, so with a scheme). The meanings are those of the jsonschema
library, but for `uuid`, where it overlooks further hyphens and other slips, and `uri`, which it leaves to others.
`email` asks for an @ and no more: whatever is stricter refuses addresses that exist.
"""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_YEAR = "(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_BY_FOUR = "(?:0[48]|[2468][048]|[13579][26])"
_LEAP_YEAR = f"(?:[0-9]{{2}}{_BY_FOUR}|{_BY_FOUR}00)"
_DAY = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_DATE = f"(?:{_YEAR}-{_DAY}|{_LEAP_YEAR}-02-29)"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_TIME = rf"{_CLOCK}:[0-5][0-9](?:\.[0-9]+)?(?:[Zz]|[+\-]{_CLOCK})"

_HEX = "[0-9A-Fa-f]"
_ESCAPED = f"%{_HEX}{{2}}"
_UNRESERVED = r"A-Za-z0-9\-._~"
_SUB_DELIMITERS = "!$&'()*+,;="
_PATH_CHAR = f"(?:[{_UNRESERVED}{_SUB_DELIMITERS}:@]|{_ESCAPED})"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_BYTE}(?:\.{_BYTE}){{3}}"
_HEX16 = f"{_HEX}{{1,4}}"
_LOW32 = f"(?:{_HEX16}:{_HEX16}|{_IPV4})"
_IPV6 = (
    "(?:"
    + "|".join(
        (
            f"(?:{_HEX16}:){{6}}{_LOW32}",
            f"::(?:{_HEX16}:){{5}}{_LOW32}",
            f"(?:{_HEX16})?::(?:{_HEX16}:){{4}}{_LOW32}",
            f"(?:(?:{_HEX16}:){{0,1}}{_HEX16})?::(?:{_HEX16}:){{3}}{_LOW32}",
            f"(?:(?:{_HEX16}:){{0,2}}{_HEX16})?::(?:{_HEX16}:){{2}}{_LOW32}",
            f"(?:(?:{_HEX16}:){{0,3}}{_HEX16})?::{_HEX16}:{_LOW32}",
            f"(?:(?:{_HEX16}:){{0,4}}{_HEX16})?::{_LOW32}",
            f"(?:(?:{_HEX16}:){{0,5}}{_HEX16})?::{_HEX16}",
            f"(?:(?:{_HEX16}:){{0,6}}{_HEX16})?::",
        )
    )
    + ")"
)
_FUTURE_IP = rf"[vV]{_HEX}+\.[{_UNRESERVED}{_SUB_DELIMITERS}:]+"
_USER = f"(?:[{_UNRESERVED}{_SUB_DELIMITERS}:]|{_ESCAPED})*@"
_HOST = rf"(?:\[(?:{_IPV6}|{_FUTURE_IP})\]|(?:[{_UNRESERVED}{_SUB_DELIMITERS}]|{_ESCAPED})*)"
_AUTHORITY = f"//(?:{_USER})?{_HOST}(?::[0-9]*)?(?:/{_PATH_CHAR}*)*"
_PATH = f"(?:/(?:{_PATH_CHAR}+(?:/{_PATH_CHAR}*)*)?|{_PATH_CHAR}+(?:/{_PATH_CHAR}*)*)"
_TAIL = f"(?:{_PATH_CHAR}|[/?])*"
_URI = rf"[A-Za-z][A-Za-z0-9+\-.]*:(?:{_AUTHORITY}|{_PATH})?(?:\?{_TAIL})?(?:#{_TAIL})?"

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "uuid": f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
        "email": r"[^@]*@[\s\S]*",
        "uri": _URI,
        "date": _DATE,
        "date-time": f"{_DATE}[Tt]{_TIME}",
    }
)


def has_format(name: str, text: str) -> bool:
    """Whether the whole text is a `name`, one of FORMATS."""
    return _compiled(name).fullmatch(text) is not None


@lru_cache
def _compiled(name: str) -> re.Pattern[str]:
    """Only when it is asked for: that of a URI takes long."""
    return re.compile(FORMATS[name], re.ASCII)
