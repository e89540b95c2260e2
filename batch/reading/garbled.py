"""Text that went through a wrong encoding before it got into the file: "CafÃ©" where "Café" was meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_TIMES = 3  # some text went wrong more than once
_SEVERAL = 2
_CONTINUING = range(0x80, 0xC0)
_TWO, _THREE, _FOUR = range(0xC2, 0xE0), range(0xE0, 0xF0), range(0xF0, 0xF5)  # first bytes in UTF-8, by its length
_WESTERN_SIGN, _WESTERN_LETTER, _PUNCTUATION = 0xC2, 0xC3, 0xE2  # those that begin nearly all that is garbled here
_ALPHABETS = ((0x100, 0x180), (0x370, 0x400), (0x400, 0x500), (0x590, 0x600), (0x600, 0x700))


@dataclass(frozen=True, slots=True)
class _Wrong:
    """An encoding by which UTF-8 is misread: which characters stand for its sequences, and for which bytes."""

    sequence: re.Pattern[str]
    byte_of: dict[str, int]

    def repaired(self, text: str) -> tuple[int, str]:
        """How many characters of `text` were misread, and what it was before; 0 if it does not look misread."""
        found = [(match, self._original(match[0])) for match in self.sequence.finditer(text)]
        originals = [(match, original) for match, original in found if original]
        if not originals or not self._is_certain(originals):
            return 0, text
        pieces, place = [], 0
        for match, original in originals:
            pieces += [text[place : match.start()], original]
            place = match.end()
        return len(originals), "".join(pieces) + text[place:]

    def _original(self, misread: str) -> str:
        """The character that is written with these bytes in UTF-8; "" if there is none that people write."""
        stored = bytes(self.byte_of[character] for character in misread)
        try:
            found = stored.decode()
        except UnicodeDecodeError:
            return ""
        kind = unicodedata.category(found)
        return found if kind[0] in ("LMNPSZ" if stored[0] != _PUNCTUATION else "P") or kind == "Sc" else ""

    def _is_certain(self, originals: list[tuple[re.Match[str], str]]) -> bool:
        """One Western letter or sign is enough; of other alphabets there must be several letters, all of one."""
        first = {self.byte_of[match[0][0]] for match, _ in originals}
        if first & {_WESTERN_SIGN, _WESTERN_LETTER, _PUNCTUATION}:
            return True
        letters = "".join(original for _, original in originals)
        return len(letters) >= _SEVERAL and any(
            all(start <= ord(letter) < stop for letter in letters) for start, stop in _ALPHABETS
        )


def likely_original(text: str) -> str | None:
    """What `text` probably was before it was garbled; None if it does not look garbled."""
    found = text
    for _ in range(_TIMES):
        _, found = max((wrong.repaired(found) for wrong in _WRONGS), key=lambda repair: repair[0])
    return None if found == text else found


def _wrong(decode: Callable[[int], str]) -> _Wrong:
    def among(codes: range) -> str:
        return "[" + "".join(re.escape(decode(code)) for code in codes) + "]"

    after = among(_CONTINUING)
    pattern = f"{among(_TWO)}{after}|{among(_THREE)}{after}{{2}}|{among(_FOUR)}{after}{{3}}"
    return _Wrong(re.compile(pattern), {decode(code): code for code in range(0x80, 0x100)})


def _decoder(codec: str) -> Callable[[int], str]:
    def decode(code: int) -> str:
        try:
            return bytes([code]).decode(codec)
        except UnicodeDecodeError:
            return chr(code)  # as most programs do where the encoding has no character

    return decode


_WRONGS = [_wrong(_decoder(codec)) for codec in ("cp1252", "latin-1", "cp850", "mac_roman")]
