"""Workbooks encrypted in each way that Excel knows, by other code than what opens them ([MS-OFFCRYPTO] 2.3 and 2.4)."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable
from hashlib import md5, sha1

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from tests.support.spreadsheets import biff, compound

EXCELS_OWN = "VelvetSweatshop"
_SALT = bytes(range(16))
_SECRET = bytes(range(100, 116))
_PLAIN = (0x0809, 0x002F)
_BOUND_SHEET = 0x0085


def agile(package: bytes, password: str = EXCELS_OWN) -> bytes:
    """A zipped workbook as Excel 2010 and later encrypt it."""
    found = io.BytesIO()
    OOXMLFile(io.BytesIO(package)).encrypt(password, found)
    return found.getvalue()


def endless(package: bytes) -> bytes:
    """The same, with a key that takes ten million rounds to make: as many as the format allows."""
    found = re.sub(rb'spinCount="100000"([^>]*) {3}', rb'spinCount="9999999"\1  ', agile(package), count=1)
    assert b"9999999" in found
    return found


def standard(package: bytes, password: str = EXCELS_OWN) -> bytes:
    """A zipped workbook as Excel 2007 encrypts it."""
    hashed = sha1(_SALT + password.encode("utf-16-le"), usedforsecurity=False).digest()
    for turn in range(50_000):
        hashed = sha1(struct.pack("<I", turn) + hashed, usedforsecurity=False).digest()
    final = sha1(hashed + bytes(4), usedforsecurity=False).digest()
    mixed = bytes(a ^ b for a, b in zip(final.ljust(64, b"\0"), b"\x36" * 64, strict=True))
    key = sha1(mixed, usedforsecurity=False).digest()[:16]
    proof = sha1(_SECRET, usedforsecurity=False).digest().ljust(32, b"\0")
    verifier = struct.pack("<I", 16) + _SALT + _aes(key, _SECRET) + struct.pack("<I", 20) + _aes(key, proof)
    header = _header(0x660E, 128)
    information = struct.pack("<2H2I", 4, 2, 0x24, len(header)) + header + verifier
    padded = package + bytes(-len(package) % 16)
    return compound(
        {"EncryptionInfo": information, "EncryptedPackage": struct.pack("<Q", len(package)) + _aes(key, padded)}
    )


def rc4(stream: Callable[[bytes], bytes], password: str = EXCELS_OWN) -> bytes:
    """An XLS workbook as Excel 97 encrypts it; `stream` makes one with the given record after its first."""
    start = md5(password.encode("utf-16-le"), usedforsecurity=False).digest()[:5]
    middle = md5((start + _SALT) * 16, usedforsecurity=False).digest()[:5]

    def key(block: int) -> bytes:
        return md5(middle + struct.pack("<I", block), usedforsecurity=False).digest()

    hidden = _rc4(key(0), _SECRET + md5(_SECRET, usedforsecurity=False).digest())
    return _old(stream(biff(0x002F, struct.pack("<3H", 1, 1, 1) + _SALT + hidden)), key)


def rc4_cryptoapi(stream: Callable[[bytes], bytes], password: str = EXCELS_OWN) -> bytes:
    """An XLS workbook as Excel 2002 and 2003 may encrypt it."""
    start = sha1(_SALT + password.encode("utf-16-le"), usedforsecurity=False).digest()

    def key(block: int) -> bytes:
        return sha1(start + struct.pack("<I", block), usedforsecurity=False).digest()[:16]

    hidden = _rc4(key(0), _SECRET + sha1(_SECRET, usedforsecurity=False).digest())
    verifier = struct.pack("<I", 16) + _SALT + hidden[:16] + struct.pack("<I", 20) + hidden[16:]
    header = _header(0x6801, 128)
    described = struct.pack("<3H2I", 1, 2, 2, 4, len(header)) + header + verifier
    return _old(stream(biff(0x002F, described)), key)


def obfuscated(stream: Callable[[bytes], bytes], password: str = EXCELS_OWN) -> bytes:
    """An XLS workbook in the oldest way of all."""
    verifier = next(number for number in range(1 << 16) if DocumentXOR.verifypw(password, number))
    plain = stream(biff(0x002F, struct.pack("<3H", 0, DocumentXOR.create_xor_key_method1(password), verifier)))
    array = DocumentXOR.create_xor_array_method1(password)
    found = bytearray(plain)
    for kind, start, end in _records(plain):
        for place in range(_hidden_from(kind, start, end), end):
            turned = ((plain[place] << 5) | (plain[place] >> 3)) & 0xFF
            found[place] = turned ^ array[(place + end - start) % 16]
    return compound({"Workbook": bytes(found)})


def _old(plain: bytes, key: Callable[[int], bytes]) -> bytes:
    """The stream with the same keystream over everything, and what is never encrypted put back."""
    found = bytearray()
    for block in range(-(-len(plain) // 1024)):
        found += _rc4(key(block), plain[block * 1024 : (block + 1) * 1024])
    place = 0
    for kind, start, end in _records(plain):
        kept = _hidden_from(kind, start, end)
        found[place:kept] = plain[place:kept]
        place = end
    return compound({"Workbook": bytes(found)})


def _records(stream: bytes) -> list[tuple[int, int, int]]:
    """Type, and where the contents start and end."""
    found, place = [], 0
    while place < len(stream):
        kind, size = struct.unpack_from("<2H", stream, place)
        found.append((kind, place + 4, place + 4 + size))
        place += 4 + size
    return found


def _hidden_from(kind: int, start: int, end: int) -> int:
    return end if kind in _PLAIN else start + 4 if kind == _BOUND_SHEET else start


def _header(algorithm: int, bits: int) -> bytes:
    name = "Microsoft Enhanced Cryptographic Provider\0".encode("utf-16-le")
    return struct.pack("<8I", 0x24, 0, algorithm, 0x8004, bits, 24, 0, 0) + name


def _aes(key: bytes, data: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 -- as the format has it
    return cipher.update(data) + cipher.finalize()


def _rc4(key: bytes, data: bytes) -> bytes:
    state, other = list(range(256)), 0
    for place in range(256):
        other = (other + state[place] + key[place % len(key)]) % 256
        state[place], state[other] = state[other], state[place]
    found, first, second = bytearray(), 0, 0
    for byte in data:
        first = (first + 1) % 256
        second = (second + state[first]) % 256
        state[first], state[second] = state[second], state[first]
        found.append(byte ^ state[(state[first] + state[second]) % 256])
    return bytes(found)
