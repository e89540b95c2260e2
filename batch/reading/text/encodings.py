"""Which encoding a text file is in, proved by decoding all of it; a file that leaves doubt is refused, not guessed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from batch.errors import InputError, SettingsError
from batch.model import Notice, Sentence, sentence
from batch.reading.refusals import refusal
from batch.reading.stored import StoredFile
from batch.reading.text.legacy import Guess, guess

BLOCK = 1 << 20
_SAMPLE = 64 << 10
_EVIDENCE = 16 << 10
_MARKS = (  # the longer first: UTF-32's mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FEW_CONTROLS, _TEXT_TO_CONTROLS = 16, 20
_END_MARK = b"\x1a"
_ASCII = bytes(range(128))
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROLS = bytes({*range(9), 11, *range(14, 26), *range(27, 32)})  # 26 once marked the end of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How the bytes become text: `codec` after a byte order mark of `skip` bytes; `name` is for people."""

    codec: str
    name: str
    skip: int = 0
    notices: tuple[Notice, ...] = ()


def find_encoding(file: StoredFile, wanted: str | None, usual: str | None = None) -> Encoding:
    """The encoding of `file`; `wanted` is what the operator said, `usual` is it where the file does not show another.

    InputError if it is not certain or not true.
    """
    with file.opened() as stream:
        sample = stream.read(_SAMPLE)
    mark, marked = next(((mark, codec) for mark, codec in _MARKS if sample.startswith(mark)), (b"", None))
    if wanted is not None:
        return _as_told(file, _codec(wanted), mark, marked)
    if marked:
        return _proved(file, Encoding(codec=marked, name=_name(marked), skip=len(mark)))
    if wide := _wide(sample):
        return _proved(file, Encoding(codec=wide, name=_name(wide)))
    _looks_like_text(file, sample)
    if _first_bad_line(file, "utf-8", 0) is None:
        return Encoding(codec="utf-8", name="utf-8")
    return _legacy(file) if usual is None else _as_told(file, _codec(usual), b"", None)


def utf8_blocks(file: StoredFile, encoding: Encoding, size: int) -> Iterator[bytes]:
    """The file's text as UTF-8 without a mark, in blocks of about `size` bytes."""
    return _without_end_mark(_as_utf8(file, encoding, size))


def _as_utf8(file: StoredFile, encoding: Encoding, size: int) -> Iterator[bytes]:
    skip = encoding.skip
    if encoding.codec == "utf-8":
        for block in file.blocks(size):
            yield block[skip:]
            skip = 0
        return
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    for block in file.blocks(size):
        yield decoder.decode(block[skip:]).encode()
        skip = 0
    yield decoder.decode(b"", final=True).encode()


def _without_end_mark(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks without the control character that once marked the end of a text, if it is there."""
    withheld = b""
    for block in blocks:
        text = withheld + block if withheld and block else block
        withheld = (_END_MARK if text.endswith(_END_MARK) else b"") if block else withheld
        yield text.removesuffix(_END_MARK) if block else b""


def _as_told(file: StoredFile, codec: str, mark: bytes, marked: str | None) -> Encoding:
    family = codec.replace("-sig", "")
    if marked is None:
        plain = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(family, family)
        return _proved(file, Encoding(codec=plain, name=codec))
    if not marked.startswith(family):
        raise refusal(
            file.name,
            "encoding_contradicts_mark",
            "the file begins with the mark of {marked}, but --encoding says {codec}. Leave --encoding out.",
            marked=marked,
            codec=codec,
        )
    return _proved(file, Encoding(codec=marked, name=_name(marked), skip=len(mark)))


def _codec(wanted: str) -> str:
    """The normal name of an encoding that turns bytes into text."""
    try:
        "".encode(wanted)  # codecs.lookup also knows codecs that are not for text
        codecs.getincrementaldecoder(wanted)
        return codecs.lookup(wanted).name
    except (LookupError, ValueError) as error:
        raise SettingsError(
            "unknown_encoding",
            f"--encoding: there is no text encoding {wanted!r}. Usual ones are utf-8, cp1252 and utf-16.",
        ) from error


def _proved(file: StoredFile, encoding: Encoding) -> Encoding:
    line = _first_bad_line(file, encoding.codec, encoding.skip)
    if line is None:
        return encoding
    raise refusal(
        file.name,
        "not_in_encoding",
        "line {line} is not valid {name} text, so that the file is damaged or in another encoding. "
        "Save it again as UTF-8, or name its encoding with --encoding.",
        line=line,
        name=encoding.name,
    )


def _first_bad_line(file: StoredFile, codec: str, skip: int) -> int | None:
    """The number of the line on which decoding fails; None if the whole file decodes."""
    decoder = codecs.getincrementaldecoder(codec)()
    for number, block in enumerate(file.blocks(BLOCK)):
        try:
            text = decoder.decode(block if number else block[skip:])
            if codec != "utf-8":
                text.encode()  # some codecs decode to halves of characters, which no other program accepts
        except UnicodeDecodeError as error:
            return _line_after(file, codec, skip, number) + _decodable(error, codec).count("\n")
        except UnicodeEncodeError as error:
            return _line_after(file, codec, skip, number) + error.object[: error.start].count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _line_after(file, codec, skip, None)
    return None


def _line_after(file: StoredFile, codec: str, skip: int, blocks: int | None) -> int:
    """The number of the line that goes on after so many blocks, or after all if None; all of them decode.

    Counted only once it is to be said, because it takes as long as decoding.
    """
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    for number, block in enumerate(islice(file.blocks(BLOCK), blocks)):
        line += decoder.decode(block if number else block[skip:]).count("\n")
    return line


def _decodable(error: UnicodeDecodeError, codec: str) -> str:
    return error.object[: error.start].decode(codec, "replace")


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the zero bytes of Latin letters stand."""
    for codec, width, letter in (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1)):
        if len(sample) < width:
            continue
        units = len(sample) // width
        zeros = [sample[place : units * width : width].count(0) for place in range(width)]
        letters = zeros.pop(letter)
        if letters <= units // 50 and all(2 * count > units for count in zeros):
            return codec
    return None


def _looks_like_text(file: StoredFile, sample: bytes) -> None:
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls >= _FEW_CONTROLS and controls * _TEXT_TO_CONTROLS > len(sample):
        raise refusal(
            file.name,
            "not_a_spreadsheet",
            "the file is neither a spreadsheet nor text that can be read as one. "
            "Open it in the program that made it and save it as XLSX or CSV.",
        )


def _legacy(file: StoredFile) -> Encoding:
    """An older encoding, if the letters of the file leave no doubt."""
    evidence, sequences, strays, first = _evidence(file)
    found = guess(evidence)
    if sequences > strays or (sequences and not (found and found.sure)):
        raise refusal(
            file.name,
            "mixed_encoding",
            "much of the file is UTF-8, but line {line} is not: text of two encodings was put together, or the file is "
            "damaged. Save it again as UTF-8, or name its encoding with --encoding.",
            line=first,
        )
    if found is None or _first_bad_line(file, found.candidates[0].codec, 0) is not None:
        raise refusal(
            file.name,
            "unsure_encoding",
            "the file is not UTF-8, and its letters (first on line {line}) make no words in any other encoding that is "
            "known. Save it as UTF-8 (in Excel: CSV UTF-8), or name its encoding, for example --encoding cp1252.",
            line=first,
        )
    if not found.sure:
        raise _unsure(file, found, first)
    codec = found.candidates[0].codec
    return Encoding(codec=codec, name=codec, notices=(Notice(code="encoding_chosen", sentence=_choice(found)),))


def _unsure(file: StoredFile, found: Guess, line: int) -> InputError:
    one, other = found.candidates[:2]
    return refusal(
        file.name,
        "unsure_encoding",
        "the file is not UTF-8, and its letters (first on line {line}) fit more than one other encoding: {one} "
        "({letters}) and {other} ({others}). Name the right one (--encoding {codec} or --encoding {other_codec}), or "
        "save the file as UTF-8 (in Excel: CSV UTF-8).",
        line=line,
        one=one.label,
        letters=one.letters,
        codec=one.codec,
        other=other.label,
        others=other.letters,
        other_codec=other.codec,
    )


def _choice(found: Guess) -> Sentence:
    """What was chosen and why, and what else it could have been."""
    chosen, *rivals = found.candidates
    if not rivals:
        return sentence(
            "The file is not UTF-8; it was read as {label}, in which its letters ({letters}) make words. If names look "
            "wrong, use --encoding.",
            label=chosen.label,
            letters=chosen.letters,
        )
    return sentence(
        "The file is not UTF-8; it was read as {label}, in which its letters ({letters}) make words. In {rival} they "
        "would be {others}, which is far less likely. If names look wrong, use --encoding.",
        label=chosen.label,
        letters=chosen.letters,
        rival=rivals[0].label,
        others=rivals[0].letters,
    )


def _evidence(file: StoredFile) -> tuple[bytes, int, int, int]:
    """Lines with bytes above 127; how many UTF-8 sequences and how many strays those hold; the first stray's line."""
    lines: list[bytes] = []
    size = sequences = strays = 0
    for block in file.blocks(BLOCK):
        for line in block.splitlines():
            if line.isascii():
                continue
            left, count = _SEQUENCE.subn(b"", line)
            sequences += count
            strays += len(left.translate(None, _ASCII))
            if size < _EVIDENCE:
                lines.append(line[:_EVIDENCE])
                size += len(lines[-1])
    first = _first_bad_line(file, "utf-8", 0)
    return b"\n".join(lines), sequences, strays, first or 1


def _name(codec: str) -> str:
    return {"utf-16-le": "utf-16", "utf-16-be": "utf-16", "utf-32-le": "utf-32", "utf-32-be": "utf-32"}.get(
        codec, codec
    )
