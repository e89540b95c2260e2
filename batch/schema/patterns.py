r"""Regular expressions of schema files: ECMAScript's dialect, read strictly and respelled for the engines here.

JSON Schema writes patterns in the dialect of JavaScript. Python's `re` reads some of the same text differently
(`\d` takes Arabic digits, `$` stops before a last newline, `.` takes a carriage return), and so does RE2, which
pyarrow runs over whole columns. So a pattern is parsed, each part is written out as plain ranges and ASCII word
boundaries that every engine reads alike, and whatever has no such spelling is refused.
Source: ECMA-262, section 22.2.1, with the `u` flag.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from functools import lru_cache

from batch.schema.characters import DIGIT, LINE_ENDS, SPACE, WORD, Ranges, one, spelled_set, without

_CONTROLS = {"t": 0x09, "n": 0x0A, "v": 0x0B, "f": 0x0C, "r": 0x0D}
_GROUPS = ("(?:", "(?=", "(?!", "(?<=", "(?<!")
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??")
_HIGH_SURROGATES = 0xD800
_DEEPEST = 50


class PatternError(ValueError):
    """The pattern cannot be read, or not in one way only; the text says what is wanted, and where it is not so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A pattern that every engine here reads as ECMAScript does; it is searched for, not matched whole.

    `re2` is None where the pattern looks around, which RE2 cannot.
    """

    python: re.Pattern[str]
    re2: str | None


@lru_cache(maxsize=256)
def read_pattern(text: str) -> Pattern:
    """The pattern spelled for both engines. Raises PatternError."""
    parsed = _Parser(text=text)
    spelled = parsed.disjunction()
    try:
        compiled = re.compile(spelled.replace(_END, r"\Z"), re.ASCII)
    except (re.error, OverflowError, RecursionError) as cause:
        raise PatternError(_WANTED.format(cause)) from cause
    return Pattern(python=compiled, re2=None if parsed.looks_around else spelled.replace(_END, r"\z"))


_END = "\0"  # stands for the end of the text until the engine is known; a literal NUL is written as an escape
_WANTED = "a regular expression that every program reads alike ({})"


@dataclass(slots=True, kw_only=True)
class _Parser:
    """One pass over the text, from left to right; each method reads one production and gives its new spelling."""

    text: str
    at: int = 0
    depth: int = 0
    looks_around: bool = False

    def disjunction(self) -> str:
        parts: list[str] = []
        while self.at < len(self.text):
            if self.text[self.at] == ")":
                if self.depth == 0:
                    raise self.error("a closing bracket has no opening one")
                break
            parts.append(self.term())
        return "".join(parts)

    def term(self) -> str:
        char = self.text[self.at]
        match char:
            case "^" | "|":
                self.at += 1
                return char
            case "$":
                self.at += 1
                return _END
            case "(":
                return self.group()
            case "\\" if self.text.startswith("b", self.at + 1):
                self.at += 2
                return r"\b"
            case "[":
                return self.character_class() + self.quantifier()
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise self.error(f"'{char}' has nothing to repeat or to close; write '\\{char}' for the character")
        return spelled_set(self.atom()) + self.quantifier()

    def group(self) -> str:
        opening = next((each for each in _GROUPS if self.text.startswith(each, self.at)), "(")
        if opening == "(" and self.text.startswith("(?", self.at):
            raise self.error("named groups and inline flags are read differently by different programs")
        if self.depth == _DEEPEST:
            raise self.error("brackets are nested too deeply")
        self.at += len(opening)
        self.depth += 1
        body = self.disjunction()
        if not self.text.startswith(")", self.at):
            raise self.error("a bracket is not closed")
        self.at += 1
        self.depth -= 1
        spelled = f"{'(?:' if opening == '(' else opening}{body})"
        if opening in ("(", "(?:"):
            return spelled + self.quantifier()
        self.looks_around = True
        return spelled

    def quantifier(self) -> str:
        found = _QUANTIFIER.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        if self.text[self.at : self.at + 1] in ("*", "+", "?"):
            raise self.error("a repetition is repeated")
        return found.group()

    def character_class(self) -> str:
        start = self.at
        negated = self.text.startswith("[^", start)
        self.at += 2 if negated else 1
        ranges: list[tuple[int, int]] = []
        while not self.text.startswith("]", self.at):
            ranges.extend(self.class_range(start))
        self.at += 1
        if not ranges:
            raise self.error("an empty set of characters is read differently by different programs")
        return spelled_set(without(tuple(ranges)) if negated else tuple(ranges))

    def class_range(self, start: int) -> Ranges:
        first = self.class_atom(start)
        if not self.text.startswith("-", self.at) or self.text.startswith("-]", self.at):
            return first
        self.at += 1
        last = self.class_atom(start)
        if len(first) != 1 or len(last) != 1 or first[0][0] != first[0][1] or last[0][0] != last[0][1]:
            raise self.error("a range needs one character on either side")
        if first[0][0] > last[0][0]:
            raise self.error("a range runs backwards")
        return ((first[0][0], last[0][0]),)

    def class_atom(self, start: int) -> Ranges:
        if self.at >= len(self.text):
            self.at = start
            raise self.error("a set of characters is not closed")
        if self.text.startswith("\\b", self.at):
            self.at += 2
            return self.one(0x08)
        return self.atom(inside=True)

    def atom(self, *, inside: bool = False) -> Ranges:
        """One character or class of characters, as ranges of code points."""
        char = self.text[self.at]
        self.at += 1
        if char == "\\":
            return self.escape()
        if char == "." and not inside:
            return without(LINE_ENDS)
        return self.one(ord(char))

    def escape(self) -> Ranges:
        char = self.text[self.at : self.at + 1]
        self.at += 1
        match char:
            case "d" | "w" | "s" | "D" | "W" | "S":
                ranges = {"d": DIGIT, "w": WORD, "s": SPACE}[char.lower()]
                return without(ranges) if char.isupper() else ranges
            case "t" | "n" | "v" | "f" | "r":
                return self.one(_CONTROLS[char])
            case "0" if not self.text[self.at : self.at + 1].isdigit():
                return self.one(0)
            case "x":
                return self.one(self.hexadecimal(r"([0-9A-Fa-f]{2})"))
            case "u":
                return self.one(self.code_point())
        if char in string.punctuation and char:
            return self.one(ord(char))
        self.at -= 2
        raise self.error(f"'\\{char}' is not read alike by every program")

    def code_point(self) -> int:
        if self.text.startswith("{", self.at):
            return self.hexadecimal(r"\{([0-9A-Fa-f]{1,6})\}")
        code = self.hexadecimal(r"([0-9A-Fa-f]{4})")
        if code & ~0x3FF == _HIGH_SURROGATES and self.text.startswith("\\u", self.at):
            self.at += 2
            low = self.hexadecimal(r"([Dd][C-Fc-f][0-9A-Fa-f]{2})")
            return 0x10000 + ((code & 0x3FF) << 10) + (low & 0x3FF)
        return code

    def hexadecimal(self, form: str) -> int:
        found = re.compile(form).match(self.text, self.at)
        if found is None:
            raise self.error("the code of a character is not complete")
        self.at = found.end()
        return int(found.group(1), 16)

    def one(self, code: int) -> Ranges:
        try:
            return one(code)
        except ValueError as cause:
            raise self.error(str(cause)) from cause

    def error(self, why: str) -> PatternError:
        return PatternError(_WANTED.format(f"at character {self.at + 1}, {why}"))
