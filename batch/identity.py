"""Who is who: the hashes by which a row and a group are known again without keeping what they say.

Both are HMAC-SHA-256 under a secret of the ledger's own, so that nobody who reads the ledger alone can test guesses
at names or phone numbers against them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

# How the list endpoint calls the fields of a create request that it shows (api.md, part B).
LISTED_AS: Mapping[str, str] = {
    "name": "name",
    "business_name": "business_name",
    "phone_number_type": "phone_number_type",
    "city": "locality",
}


def fingerprint(secret: bytes, scope: str, body: bytes) -> str:
    """A row's identity: hex over the scope (account and base URL) and the exact JSON body."""
    return _keyed(secret, _opening("row", scope), body)


def group_key(secret: bytes, scope: str, fields: Mapping[str, str | None]) -> str:
    """What the list endpoint can tell two groups apart by: hex over the four listed fields, case-folded.

    `fields` has the names of the create request (`city`, not `locality`); a missing one counts as empty.
    """
    parts = [folded(fields.get(name)).encode() for name in LISTED_AS]
    return _keyed(secret, _opening("group", scope), *parts)


def detail_hashes(secret: bytes, fields: Mapping[str, object]) -> dict[str, str]:
    """A short keyed hash of each field (8 hex digits), enough to say later *which* fields of two rows differ."""
    keyed = hashlib.blake2b(digest_size=4, key=secret)
    return {name: _detail(keyed.copy(), name, value) for name, value in fields.items()}


def _detail(keyed: hashlib.blake2b, name: str, value: object) -> str:
    # Each alone: what is no list is written several times faster, and the bytes are those of json.dumps([name, value]).
    keyed.update(f"[{_quoted(name)}, {json.dumps(value)}]".encode())
    return keyed.hexdigest()


@lru_cache(maxsize=64)  # the same few fields in every row
def _quoted(name: str) -> str:
    return json.dumps(name)


def key_hash(secret: bytes, api_key: str) -> str:
    """By which the ledger knows an API key again, and shares its request budget; the key itself is never stored."""
    return _keyed(secret, _framed(b"key"), api_key.encode())


def folded(text: str | None) -> str:
    """A field as far as it tells groups apart: upper and lower case, white space at the ends do not."""
    if not text or text.isascii():
        return (text or "").lower().strip()  # what follows does nothing else to ASCII
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).strip()


@lru_cache(maxsize=16)
def _opening(kind: str, scope: str) -> bytes:
    """What the messages of all rows of a scope begin with."""
    return _framed(kind.encode()) + _framed(scope.encode())


def _keyed(secret: bytes, opening: bytes, *parts: bytes) -> str:
    # At once: an hmac object takes several times as long.
    return hmac.digest(secret, opening + b"".join(map(_framed, parts)), "sha256").hex()


def _framed(part: bytes) -> bytes:
    # Length first: ("ab", "c") and ("a", "bc") must not be the same row.
    return len(part).to_bytes(8, "big") + part
