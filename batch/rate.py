"""What a rate limit is: at most so many requests in any span of so many seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
_FORM = re.compile(r"\s*(\d{1,9})\s*/\s*(?:(second|minute|hour)|(\d{1,6}(?:\.\d{1,6})?)\s*s)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float

    def __str__(self) -> str:
        for name, length in _UNITS.items():
            if length == self.seconds:
                return f"{self.requests}/{name}"
        return f"{self.requests}/{self.seconds:g}s"


def parse_rate_limit(text: str) -> RateLimit:
    """`100/minute`, `5/second`, `1000/hour` or `100/6s`. Raises ValueError with what was expected."""
    found = _FORM.fullmatch(text)
    if found is None:
        msg = f"expected N/second, N/minute, N/hour or N/Xs (for example 100/minute or 100/6s), found '{text}'"
        raise ValueError(msg)
    requests = int(found[1])
    seconds = _UNITS[found[2].lower()] if found[2] else float(found[3])
    if requests < 1 or seconds <= 0:
        msg = f"expected at least 1 request in a span longer than 0 s, found '{text}'"
        raise ValueError(msg)
    return RateLimit(requests=requests, seconds=seconds)
