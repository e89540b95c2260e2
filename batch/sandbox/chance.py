"""Repeatable chance: the same seed and subject always give the same number."""

from __future__ import annotations

from hashlib import blake2b

_BITS = 53  # what a float holds exactly, so that 1 itself is never reached


def chances(seed: int, subject: bytes) -> tuple[float, float]:
    """Two independent numbers in [0, 1) that depend on nothing but the seed and the subject."""
    digest = blake2b(subject, digest_size=16, key=str(seed).encode()).digest()
    return _fraction(digest[:8]), _fraction(digest[8:])


def _fraction(octets: bytes) -> float:
    return (int.from_bytes(octets) >> (8 * len(octets) - _BITS)) / (1 << _BITS)
