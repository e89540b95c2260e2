"""Text inside workbook XML: the shared strings, rich text runs, and Excel's escapes for control characters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from batch.reading.workbook.archive import Archive
from batch.reading.workbook.markup import feeder, spreadsheet, stretches
from batch.reading.xlsx.plainxml import NotPlainError, begins_plainly, goes_on_plainly, is_odd, nothing_but, resolved

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("([\ud800-\udbff][\udc00-\udfff])")
_PLAIN = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_END = b"</si>"
_BLOCK = 128 << 10  # the first of which is always parsed by expat
_LONE = re.compile("[\ud800-\udfff]")


def unescaped(text: str) -> str:
    """Text with Excel's `_x000D_` escapes resolved; halves of characters become U+FFFD."""
    if "_x" not in text:
        return text
    found = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    joined = _SURROGATES.sub(lambda match: match[1].encode("utf-16", "surrogatepass").decode("utf-16"), found)
    return _LONE.sub("\ufffd", joined)


def shared_strings(archive: Archive, part: str | None) -> list[str]:
    """The workbook's shared strings in order; rich text as its plain text, without phonetic hints.

    Stretches of plain strings are parsed by a pattern, which gives the same (a property test says so) far faster.
    """
    if part is None:
        return []
    strings = _Strings()
    feed = feeder(archive, part, strings)
    plain = None
    for stretch in stretches(archive.blocks(part, _BLOCK), _END):
        if plain and (found := _plain_strings(stretch)):
            strings.found.extend(found)
            continue
        feed(stretch)
        begun = begins_plainly(stretch, "sst") if plain is None else plain and goes_on_plainly(stretch)
        plain = begun and strings.depth == 1 and stretch.endswith(_END)
    feed(b"", final=True)
    return strings.found


def _plain_strings(stretch: bytes) -> list[str] | None:
    """The strings of a stretch that is nothing but plain ones; None if it is not."""
    if is_odd(stretch):
        return None
    try:
        xml = stretch.decode()
        found: list[str] = _PLAIN.findall(xml)
        if not nothing_but(xml, "si", len(found)):
            return None
        if "&" in xml:
            found = [resolved(text) for text in found]
    except (NotPlainError, ValueError):
        return None
    return [unescaped(text) for text in found] if "_x" in xml else found


@dataclass(slots=True)
class _Strings:
    found: list[str] = field(default_factory=list)
    depth: int = 0
    _pieces: list[str] = field(default_factory=list)
    _reading: bool = False
    _phonetic: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        self.depth += 1
        tag = spreadsheet(name)
        if tag == "t":
            self._reading = not self._phonetic
        elif tag == "rPh":
            self._phonetic = True

    def end(self, name: str) -> None:
        self.depth -= 1
        tag = spreadsheet(name)
        if tag == "t":
            self._reading = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            self.found.append(unescaped("".join(self._pieces)))
            self._pieces = []

    def text(self, text: str) -> None:
        if self._reading:
            self._pieces.append(text)
