"""What XML may be read by pattern instead of by a parser, with the same result: the conditions, and its entities."""

from __future__ import annotations

import re

import numpy as np

from batch.reading.workbook.markup import SPREADSHEET

_ROOT = r"<{root}\s(?:[^<>]*\s)?xmlns=[\"']([^\"'<>]*)[\"']"
_ENCODING = re.compile(rb"\sencoding=[\"']([^\"']*)[\"']")
_NEITHER_TEXT_NOR_TAG = (b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"]]>")
_ENTITY = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CHARACTERS = (range(9, 11), range(13, 14), range(0x20, 0xD800), range(0xE000, 0xFFFE), range(0x10000, 0x110000))


class NotPlainError(Exception):
    """The XML means more than a pattern can tell, or may not be XML at all."""


def begins_plainly(start: bytes, root: str) -> bool:
    """Whether names without a prefix mean what they should after `start`, the first part of a document, in UTF-8."""
    encoding = _ENCODING.search(start[:200])
    found = re.search(_ROOT.format(root=root).encode(), start)
    return (
        (encoding is None or encoding[1].lower() == b"utf-8")
        and found is not None
        and found[1].decode(errors="replace") in SPREADSHEET
        and goes_on_plainly(start.removeprefix(b"\xef\xbb\xbf").removeprefix(b"<?xml").replace(b"xmlns", b""))
    )


def goes_on_plainly(stretch: bytes) -> bool:
    """Whether XML after `stretch` that looks plain is plain: no comment, section or instruction, no other names."""
    return not any(mark in stretch for mark in (b"<!", b"<?", b"xmlns"))


def is_odd(stretch: bytes) -> bool:
    """Whether there is something that XML does not allow, or a line end, which XML may change."""
    data = np.frombuffer(stretch, np.uint8)
    low = data[data < ord(" ")]
    odd = any(mark[:1] in stretch and mark in stretch for mark in _NEITHER_TEXT_NOR_TAG)  # single bytes are found fast
    return odd or bool((low != ord("\n")).any())


def nothing_but(xml: str, tag: str, count: int) -> bool:
    """Whether text in which `count` whole elements `tag` were matched, none within another, holds nothing besides.

    All openings and closings are then those of matches, the first and last are at the ends, and all others adjoin.
    """
    return (
        count > 0
        and xml.count(f"<{tag}") == count
        and xml.count(f"</{tag}>") == count
        and xml.count(f"</{tag}><{tag}") == count - 1
        and xml.startswith(f"<{tag}")
        and xml.endswith(f"</{tag}>")
    )


def resolved(text: str) -> str:
    """Text with its entities resolved; NotPlainError if XML does not know every one of them."""
    found, count = _ENTITY.subn(_character, text)
    if count != text.count("&"):
        raise NotPlainError
    return found


def _character(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    if any(code in span for span in _CHARACTERS):
        return chr(code)
    raise NotPlainError
