"""Ways to damage a file: its bytes, the parts of a zip file, the tokens of XML, the records of binary workbooks."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from random import Random

from tests.fuzz.originals import Original, zipped
from tests.support.spreadsheets import compound

_TOKEN = re.compile(rb"<[^>]*>|[^<]+")
_ATTRIBUTE = re.compile(rb'([\w:.-]+)="([^"]*)"')
_VALUES = (
    *(b"", b"0", b"-1", b"1", b"7", b"999999999", b"1e309", b"nan", b"x", b"A0", b"XFD1048576", b"AAAA1", b"true"),
    *(b"&amp;", b"&#0;", b"&#x10FFFF;", b"\xc3\xab", b"2026-01-02", b"s", b"b", b"d", b"e", b"inlineStr", b"_x000D_"),
)
_TOKENS = (
    *(
        b"<!-- x -->",
        b"<![CDATA[</row>]]>",
        b"<?x y?>",
        b"<x:y xmlns:x='z'/>",
        b"<row/>",
        b"<c/>",
        b"<v>1</v>",
        b"</row>",
    ),
    *(
        b"<row r='1'><c><v>9</v></c></row>",
        b"<text:p>y</text:p>",
        b"]]>",
        b"&",
        b"<",
        b"\0",
        b" ",
        b"</sheetData>",
        b"<f/>",
    ),
    *(
        b"<t>",
        b"<is><t>q</t></is>",
        b"<!DOCTYPE a>",
        b"<mergeCell ref='A1:XFD1048576'/>",
        b"<si/>",
        b"<si><t>n</t></si>",
    ),
)
_PIECES = (
    b'"',
    b'""',
    b";",
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b"\t",
    b"\\",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"sep=,\n",
    b"\x1a",
    b"=",
    b'="1"',
)


def damaged(original: Original, random: Random) -> bytes:
    """The file with one to four wounds of one kind."""
    kinds = [_bytes]
    if original.parts is not None:
        kinds += [_parts, _parts, _archive]
    if original.stream:
        kinds += [_records, _records]
    if original.text:
        kinds += [_text, _text]
    return random.choice(kinds)(original, random)


def flipped(data: bytes, random: Random) -> bytes:
    """The data with one byte changed."""
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ random.randrange(1, 256)]) + data[place + 1 :]


def wounded(data: bytes, random: Random) -> bytes:
    """Bytes changed, cut, doubled or put in."""
    for _ in range(random.randint(1, 4)):
        data = _wounded_once(data, random.randrange(len(data) + 1), random.choice((1, 1, 2, 4, 16, 200)), random)
    return data


def _wounded_once(data: bytes, place: int, size: int, random: Random) -> bytes:
    before, within, after = data[:place], data[place : place + size], data[place + size :]
    wounds = (
        before + random.randbytes(size) + after,
        before + after,
        before + within + within + after,
        before + random.randbytes(size) + within + after,
        before,
    )
    return random.choice(wounds)


def _bytes(original: Original, random: Random) -> bytes:
    whole = original.whole()
    return flipped(whole, random) if random.random() < 0.5 else wounded(whole, random)


def _parts(original: Original, random: Random) -> bytes:
    """One part of a zip file that is sound itself."""
    parts = dict(original.parts or {})
    name = random.choice([name for name in parts if parts[name]])
    is_xml = parts[name].startswith(b"<")
    parts[name] = _xml(parts[name], random) if is_xml else random.choice((_biff12, wounded))(parts[name], random)
    return zipped(parts)


def _archive(original: Original, random: Random) -> bytes:
    """Parts left out, renamed, exchanged or empty."""
    parts = dict(original.parts or {})
    name, other = random.choice(list(parts)), random.choice(list(parts))
    action = random.randrange(5)
    if action == 0:
        del parts[name]
    elif action == 1:
        parts[name.upper()] = parts.pop(name)
    elif action == 2:
        parts[name], parts[other] = parts[other], parts[name]
    elif action == 3:
        parts[name] = b""
    else:
        parts[name.replace("/", "\\")] = parts.pop(name)
    return zipped(parts)


def _xml(xml: bytes, random: Random) -> bytes:
    tokens = _TOKEN.findall(xml)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(tokens))
        _XML_WOUNDS[random.randrange(len(_XML_WOUNDS))](tokens, place, random)
    return b"".join(tokens)


def _attribute(tokens: list[bytes], place: int, random: Random) -> None:
    found = list(_ATTRIBUTE.finditer(tokens[place]))
    if found:
        match = random.choice(found)
        start, stop = match.span(2) if random.random() < 0.7 else match.span()
        tokens[place] = tokens[place][:start] + random.choice(_VALUES) + tokens[place][stop:]


def _exchange(tokens: list[bytes], place: int, random: Random) -> None:
    other = random.randrange(len(tokens))
    tokens[place], tokens[other] = tokens[other], tokens[place]


_XML_WOUNDS: tuple[Callable[[list[bytes], int, Random], object], ...] = (
    _attribute,
    _attribute,
    _exchange,
    lambda tokens, place, _random: tokens.__setitem__(place, b""),
    lambda tokens, place, _random: tokens.insert(place, tokens[place]),
    lambda tokens, place, random: tokens.insert(place, random.choice(_TOKENS)),
    lambda tokens, place, random: tokens.__setitem__(place, random.choice((*_TOKENS, *_VALUES))),
    lambda tokens, place, random: tokens.__setitem__(place, wounded(tokens[place], random)),
)


def _records(original: Original, random: Random) -> bytes:
    """Records of an XLS stream changed, in a container that is sound."""
    records: list[tuple[int, bytes]] = []
    place = 0
    while place + 4 <= len(original.stream):
        kind, size = struct.unpack_from("<2H", original.stream, place)
        records.append((kind, original.stream[place + 4 : place + 4 + size]))
        place += 4 + size
    records = _among(records, random, 0xFFFF)
    stream = b"".join(struct.pack("<2H", kind, len(data) & 0xFFFF) + data for kind, data in records)
    return compound({"Workbook": stream}, small=len(stream) < 4096)


def _biff12(part: bytes, random: Random) -> bytes:
    """Records of an XLSB part changed; those of one or two bytes each that this writes are enough."""
    records: list[tuple[int, bytes]] = []
    place = 0
    while place + 1 < len(part):
        kind, place = (
            (part[place] & 0x7F | part[place + 1] << 7, place + 2) if part[place] & 0x80 else (part[place], place + 1)
        )
        size, shift = 0, 0
        while place < len(part):
            byte = part[place]
            size |= (byte & 0x7F) << shift
            shift, place = shift + 7, place + 1
            if byte < 0x80:
                break
        records.append((kind, part[place : place + size]))
        place += size
    return b"".join(_biff12_record(kind, data) for kind, data in _among(records, random, 700)) if records else part


def _biff12_record(kind: int, data: bytes) -> bytes:
    head = bytes([kind & 0x7F]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7 & 0x7F])
    return head + bytes([len(data) & 0x7F | 0x80, len(data) >> 7 & 0x7F]) + data


def _among(records: list[tuple[int, bytes]], random: Random, most: int) -> list[tuple[int, bytes]]:
    records = list(records)
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(records))
        kind, data = records[place]
        action = random.randrange(5)
        if action == 0:
            records.insert(random.randrange(len(records)), records[place])
        elif action == 1 and len(records) > 1:
            del records[place]
        elif action == 2:
            records[place] = (random.randrange(most), data)
        elif action == 3 and data:
            records[place] = (kind, wounded(data, random)[: 1 << 13])
        elif data:
            records[place] = (kind, flipped(data, random))
    return records


def _text(original: Original, random: Random) -> bytes:
    data = original.text
    for _ in range(random.randint(1, 5)):
        place = random.randrange(len(data) + 1)
        data = data[:place] + random.choice(_PIECES) + data[place + random.choice((0, 0, 1)) :]
    return data
