"""The frames in which the child answers: a kind, a head of JSON and a body of bytes, each with its length before it."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import IO

_LENGTHS = struct.Struct("<BIQ")
_MOST_BYTES = 2 << 30


class Kind(IntEnum):
    """What a frame says. All but BEAT answer a request."""

    ANSWER = 1
    BEAT = 2  # still getting further
    REFUSED = 3  # the file, or a setting, by one of our own errors
    OUT_OF_MEMORY = 4
    BROKEN = 5  # by an exception that nobody expected


class BrokenFrameError(Exception):
    """What came is no frame: the child is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`head` is whatever JSON holds."""

    kind: Kind
    head: object = None
    body: bytes | memoryview = b""


def write_frame(stream: IO[bytes], frame: Frame) -> None:
    head = json.dumps(frame.head).encode("ascii")
    stream.write(_LENGTHS.pack(frame.kind, len(head), len(frame.body)))
    stream.write(head)
    stream.write(frame.body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> Frame | None:
    """The next frame; None at the end, wherever that comes. Raises BrokenFrameError."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    kind, head_length, body_length = _LENGTHS.unpack(lengths)
    if head_length + body_length > _MOST_BYTES:
        raise BrokenFrameError
    head, body = stream.read(head_length), stream.read(body_length)
    if len(head) + len(body) < head_length + body_length:
        return None
    try:
        return Frame(kind=Kind(kind), head=json.loads(head), body=body)
    except (ValueError, RecursionError) as error:
        raise BrokenFrameError from error
