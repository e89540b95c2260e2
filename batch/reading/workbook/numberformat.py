"""Excel's number formats, parsed: what a section shows, and the digits and literals it is made of.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31, which also list the built-in formats.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

GENERAL_CODE = "General"
_BUILT_IN: Mapping[int, str] = MappingProxyType(
    {
        1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
        5: '"$"#,##0', 6: '"$"#,##0', 7: '"$"#,##0.00', 8: '"$"#,##0.00',
        9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
        14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
        20: "h:mm", 21: "h:mm:ss", 22: "m/d/yy h:mm",
        37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
        41: "#,##0;-#,##0", 42: '"$"#,##0', 43: "#,##0.00;-#,##0.00", 44: '"$"#,##0.00',
        45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
        **dict.fromkeys((*range(27, 32), 36, *range(50, 55), *range(57, 59)), "yyyy-m-d"),
        **dict.fromkeys((*range(32, 36), 55, 56), "h:mm"),
        59: "0", 60: "0.00", 61: "#,##0", 62: "#,##0.00",
        **dict.fromkeys(range(63, 67), '"$"#,##0.00'),
        67: "0%", 68: "0.00%", 69: "# ?/?", 70: "# ??/??", 71: "d/m/yyyy", 72: "d-mmm-yy", 73: "d-mmm", 74: "mmm-yy",
        75: "h:mm", 76: "h:mm:ss", 77: "d/m/yyyy h:mm", 78: "mm:ss", 79: "[h]:mm:ss", 80: "mm:ss.0", 81: "d/m/yy",
    }
)  # fmt: skip
# 14 and 22 follow the computer's settings, 27 to 36, 50 to 58 and 59 to 81 its language: what counts is their kind.
_LONGEST_CODE = 1_000  # Excel allows 255
_TOKEN = re.compile(
    r"""(?P<literal>"[^"]*"?|\\.|!.)|(?P<spacing>[_*].)|\[(?P<bracket>[^\]]*)\]|(?P<general>general)"""
    r"""|(?P<clock>am/pm|a/p)|(?P<exponent>e[+-])|(?P<digit>[0#?])|(?P<date>[ymdhsbeg]+)|(?P<other>.)""",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9.]+)")
_COMPARE: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne}
)
_WITH_ZERO = 3  # the third section, if there is one, is for zero
_FOR_NUMBERS = 3  # sections; a fourth is for texts
_NUMERIC_MONTH = 2  # letters; more of them spell it out
_TRAILING = re.compile(r"(?<=[0#?])(,+)(?![0#?,])")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_MONEY = re.compile(r"\b(eur|euro|usd|gbp|chf|dkk|nok|sek|pln|czk|huf|ron|try|jpy|cny|hfl|kr|kč|zł)\b", re.IGNORECASE)
_PLAIN_BRACKET = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?[0-9]+|\$-[0-9a-z-,@_]+", re.IGNORECASE
)


class Kind(Enum):
    """What a section makes of a number."""

    GENERAL = "general"
    DIGITS = "digits"
    PERCENT = "percent"
    CURRENCY = "currency"
    SCIENTIFIC = "scientific"
    FRACTION = "fraction"
    DATE = "date"
    MOMENT = "moment"
    CLOCK = "clock"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One of the parts between semicolons.

    `whole` and `fraction` are what stands before and after the decimal point (of General: before and after the
    number): placeholders (0 # ?) as they are, literals with a NUL in front. `scale` is the number of trailing commas,
    each of which hides three digits, `percents` that of percent signs, each of which shows two more.
    """

    kind: Kind
    whole: tuple[str, ...] = ()
    fraction: tuple[str, ...] = ()
    grouped: bool = False
    scale: int = 0
    percents: int = 0
    elapsed: bool = False
    day_first: bool = False
    month_and_year: bool = False
    holds: Callable[[float], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFormat:
    """A whole format; `section` picks the part that a number is shown by.

    `text` is how a text is shown: `@` for the text itself, literals with a NUL in front; None: as it is.
    """

    sections: tuple[Section, ...]
    text: tuple[str, ...] | None = None

    def section(self, number: float) -> tuple[Section, bool]:
        """The section for `number`, and whether the number loses its sign there, which the section may show itself."""
        if any(section.holds for section in self.sections[:2]):
            chosen = next(
                (part for part in self.sections if part.holds is None or part.holds(number)), self.sections[-1]
            )
            return (Section(kind=Kind.UNKNOWN) if number < 0 else chosen), False  # programs differ on the sign
        count = len(self.sections)
        if number < 0 and count > 1:
            return self.sections[1], True
        if number == 0 and count >= _WITH_ZERO:
            return self.sections[2], False
        return self.sections[0], False


def built_in(number: int) -> str:
    """The code of a built-in format; General for a number that has none."""
    return _BUILT_IN.get(number, GENERAL_CODE)


@lru_cache(maxsize=1024)
def parse_format(code: str) -> NumberFormat:
    """A format code, as stored in a workbook (always in English, whatever the language of the program)."""
    if len(code) > _LONGEST_CODE:
        return NumberFormat(sections=(Section(kind=Kind.UNKNOWN),))
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    has_text = len(parts) > _FOR_NUMBERS or (len(parts) > 1 and _is_text(parts[-1]))
    text = parts[min(len(parts), _FOR_NUMBERS + 1) - 1] if has_text or _is_text(parts[-1]) else None
    numbers = parts[:_FOR_NUMBERS] if len(parts) > _FOR_NUMBERS else parts[:-1] if has_text else parts
    return NumberFormat(sections=tuple(map(_section, numbers)), text=None if text is None else _text_marks(text))


def _is_text(tokens: list[re.Match[str]]) -> bool:
    return any(token["other"] == "@" for token in tokens)


def _text_marks(tokens: list[re.Match[str]]) -> tuple[str, ...] | None:
    """What a section makes of a text; None if that is the text itself."""
    marks = tuple(
        "@" if token["other"] == "@" else "\0" + literal
        for token in tokens
        if (literal := _literal(token)) or token["other"] == "@"
    )
    plain = marks.count("@") == 1 and not any(mark.strip("\0 ") for mark in marks if mark != "@")
    return None if plain else marks


def _section(tokens: list[re.Match[str]]) -> Section:
    kinds = {token.lastgroup for token in tokens}
    brackets = [token["bracket"] for token in tokens if token["bracket"] is not None]
    holds = next((_holds(found) for bracket in brackets if (found := _CONDITION.fullmatch(bracket))), None)
    if any(_ELAPSED.fullmatch(bracket) for bracket in brackets) or kinds & {"date", "clock"}:
        return _moment(tokens, holds)
    if any(not _known_bracket(bracket) for bracket in brackets):
        return Section(kind=Kind.UNKNOWN, holds=holds)
    if _is_text(tokens):
        return Section(kind=Kind.GENERAL if _text_marks(tokens) is None else Kind.UNKNOWN, holds=holds)
    return _general(tokens, kinds, holds) if "general" in kinds else _digits(tokens, kinds, holds)


def _general(tokens: list[re.Match[str]], kinds: set[str | None], holds: Callable[[float], bool] | None) -> Section:
    places = [place for place, token in enumerate(tokens) if token["general"]]
    if "digit" in kinds or len(places) > 1:
        return Section(kind=Kind.UNKNOWN, holds=holds)
    before, after = (
        tuple("\0" + text for token in some if (text := _literal(token)))
        for some in (tokens[: places[0]], tokens[places[0] + 1 :])
    )
    if _shows_money(before + after):
        return Section(kind=Kind.CURRENCY, whole=(*before, "0"), fraction=after, holds=holds)
    return Section(kind=Kind.GENERAL, whole=before, fraction=after, holds=holds)


def _holds(condition: re.Match[str]) -> Callable[[float], bool]:
    compare, bound = _COMPARE[condition[1]], float(condition[2])
    return lambda number: compare(number, bound)


def _known_bracket(bracket: str) -> bool:
    return bool(_PLAIN_BRACKET.fullmatch(bracket) or _CONDITION.fullmatch(bracket) or bracket.startswith("$"))


def _moment(tokens: list[re.Match[str]], holds: Callable[[float], bool] | None) -> Section:
    """A section of date and time letters; an m next to hours or seconds means minutes."""
    letters = [token["date"][0].lower() for token in tokens if token["date"]]
    elapsed = any(_ELAPSED.fullmatch(token["bracket"] or "") for token in tokens)
    minutes = {
        place
        for place, letter in enumerate(letters)
        if letter == "m" and ("h" in letters[place - 1 : place] or "s" in letters[place + 1 : place + 2])
    }
    days = [letter for place, letter in enumerate(letters) if letter in "ymdbeg" and place not in minutes]
    if not days or (elapsed and days == ["m"]):
        return Section(kind=Kind.CLOCK, elapsed=elapsed, holds=holds)
    numeric = all(
        len(token["date"]) <= _NUMERIC_MONTH for token in tokens if token["date"] and token["date"][0] in "mM"
    )
    return Section(
        kind=Kind.DATE if len(days) == len(letters) and not elapsed else Kind.MOMENT,
        day_first=numeric and "d" in days and "m" in days and days.index("d") < days.index("m"),
        month_and_year="m" in days and "d" not in days,
        holds=holds,
    )


def _digits(tokens: list[re.Match[str]], kinds: set[str | None], holds: Callable[[float], bool] | None) -> Section:
    marks = [token["other"] for token in tokens if token["other"]]
    whole, fraction = _placeholders(tokens)
    commas = _trailing_commas(tokens)
    if "exponent" in kinds:
        kind = Kind.SCIENTIFIC
    elif "/" in marks and "digit" in kinds:
        kind = Kind.FRACTION
    elif any("%" in _literal(token) for token in tokens):
        kind = Kind.PERCENT
    elif _shows_money(whole + fraction) or any(_is_currency(token) for token in tokens):
        kind = Kind.CURRENCY
    else:
        kind = Kind.DIGITS if "digit" in kinds else Kind.NOTHING
    grouped = marks.count(",") > commas
    return Section(
        kind=kind,
        whole=whole,
        fraction=fraction,
        grouped=grouped,
        scale=commas,
        percents=marks.count("%"),
        holds=holds,
    )


def _placeholders(tokens: list[re.Match[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parts: tuple[list[str], list[str]] = ([], [])
    after = 0
    for token in tokens:
        if token["other"] == ".":
            after = 1
        elif token["digit"]:
            parts[after].append(token["digit"])
        elif text := _literal(token):
            parts[after].append("\0" + text)
    if any(mark in "0#?" for mark in parts[1]) and not any(mark in "0#?" for mark in parts[0]):
        parts[0].append("#")  # digits before the point are shown though none were asked for
    return tuple(parts[0]), tuple(parts[1])


def _literal(token: re.Match[str]) -> str:
    """What a token shows as it stands; commas and spacing show nothing of their own."""
    if token["literal"]:
        return token["literal"].strip('"') if token["literal"][0] == '"' else token["literal"][1:]
    if token["bracket"] and token["bracket"].startswith("$"):
        return token["bracket"][1:].split("-")[0]
    return token["other"] if token["other"] and token["other"] != "," else ""


def _is_currency(token: re.Match[str]) -> bool:
    """Whether a bracket names a currency."""
    return bool(token["bracket"]) and bool(_literal(token))


def _shows_money(marks: tuple[str, ...]) -> bool:
    text = "".join(mark[1:] if mark.startswith("\0") else " " for mark in marks)
    return bool(_MONEY.search(text)) or any(unicodedata.category(character) == "Sc" for character in text)


def _trailing_commas(tokens: list[re.Match[str]]) -> int:
    """Commas right after the last placeholder of all, or of those before the decimal point."""
    marks = "".join(token["digit"] or (token["other"] if token["other"] in (",", ".") else " ") for token in tokens)
    return sum(len(commas) for commas in _TRAILING.findall(marks))
