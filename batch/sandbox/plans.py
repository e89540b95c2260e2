"""Which request meets which fault: a seeded plan for each endpoint, and faults queued for the next requests."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import accumulate
from types import MappingProxyType
from typing import TYPE_CHECKING

from batch.sandbox.chance import chances
from batch.sandbox.faults import FAMILIES, KINDS, Endpoint, Fault, parse_fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_PLAN_NAMES = frozenset({"fraction", "weights", "seed", "at_most"})
DEFAULT_WEIGHTS: Mapping[str, float] = MappingProxyType({"unclear": 1.0})


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """A fraction of an endpoint's requests goes wrong, each in a kind drawn by weight.

    `weights` names kinds (`drop_after`, `429:2`) or families (`unclear`, `throttle`), whose weight their kinds share.
    What a request meets depends on the seed, on what it says and on how often that was said before, and on nothing
    else: neither on time nor on other requests. So a run can be repeated whatever its order. `at_most` bounds the
    faults that one and the same request meets.
    """

    fraction: float
    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    seed: int = 0
    at_most: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.fraction <= 1:
            msg = f"A plan's fraction lies between 0 and 1; found {self.fraction}."
            raise ValueError(msg)
        if not self.weights or any(weight <= 0 for weight in self.weights.values()):
            msg = "A plan needs weights, each greater than 0, for example {'unclear': 1}."
            raise ValueError(msg)
        if self.at_most is not None and self.at_most < 1:
            msg = f"A plan's at_most is 1 or more, or null for no bound; found {self.at_most}."
            raise ValueError(msg)
        for name in self.weights:
            if name not in FAMILIES:
                parse_fault(name)


def plan_from(value: object) -> FaultPlan:
    """A plan from decoded JSON, such as `{"fraction": 0.3, "weights": {"lost": 1}, "seed": 7, "at_most": 2}`.

    All but the fraction may be left out. Raises ValueError with what was expected.
    """
    if not isinstance(value, dict) or "fraction" not in value or not set(value) <= _PLAN_NAMES:
        msg = f"A plan is a JSON object with a fraction and perhaps {', '.join(sorted(_PLAN_NAMES - {'fraction'}))}."
        raise ValueError(msg)
    weights = value.get("weights", dict(DEFAULT_WEIGHTS))
    numbers = [value["fraction"], value.get("seed", 0), value.get("at_most") or 0]
    if not isinstance(weights, dict) or not all(_is_number(number) for number in [*numbers, *weights.values()]):
        msg = "A plan's fraction, seed, at_most and weights are numbers."
        raise ValueError(msg)
    at_most = value.get("at_most")
    return FaultPlan(
        fraction=float(value["fraction"]),
        weights={str(name): float(weight) for name, weight in weights.items()},
        seed=int(value.get("seed", 0)),
        at_most=None if at_most is None else int(at_most),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class _Draw:
    """A plan made ready for one endpoint."""

    def __init__(self, plan: FaultPlan, endpoint: Endpoint) -> None:
        shares = list(_shares(plan, endpoint))
        if not shares:
            msg = f"None of {', '.join(plan.weights)} means anything for '{endpoint}' requests."
            raise ValueError(msg)
        self.plan = plan
        self._faults = [fault for fault, _ in shares]
        self._edges = list(accumulate(weight for _, weight in shares))

    def fault(self, subject: bytes) -> Fault | None:
        whether, which = chances(self.plan.seed, subject)
        if whether >= self.plan.fraction:
            return None
        return self._faults[bisect_right(self._edges, which * self._edges[-1])]


def _shares(plan: FaultPlan, endpoint: Endpoint) -> Iterator[tuple[Fault, float]]:
    for name, weight in plan.weights.items():
        members = [Fault(kind=KINDS[member]) for member in FAMILIES[name]] if name in FAMILIES else [parse_fault(name)]
        fitting = [fault for fault in members if fault.kind.fits(endpoint)]
        yield from ((fault, weight / len(fitting)) for fault in fitting)


def _fitting(endpoint: Endpoint, fault: Fault) -> Fault:
    if not fault.kind.fits(endpoint):
        msg = f"The fault '{fault}' means nothing for '{endpoint}' requests."
        raise ValueError(msg)
    return fault


class FaultDesk:
    """Decides for each request, in this order: its own header, the queue of its endpoint, the plan of its endpoint."""

    def __init__(self, plans: Mapping[Endpoint, FaultPlan]) -> None:
        self._draws: dict[Endpoint, _Draw] = {}
        self._queues: dict[Endpoint, deque[Fault | None]] = {endpoint: deque() for endpoint in Endpoint}
        self._times_said: Counter[bytes] = Counter()
        self._times_faulted: Counter[bytes] = Counter()
        self.committed: Counter[str] = Counter()
        for endpoint, plan in plans.items():
            self.plan(endpoint, plan)

    def plan(self, endpoint: Endpoint, plan: FaultPlan | None) -> None:
        """Sets or, with None, clears the endpoint's plan; how often a request was said counts from here."""
        draws = {name: draw for name, draw in self._draws.items() if name is not endpoint}
        self._draws = draws if plan is None else {**draws, endpoint: _Draw(plan, endpoint)}
        self._times_said.clear()
        self._times_faulted.clear()

    def plans(self) -> dict[Endpoint, FaultPlan]:
        return {endpoint: draw.plan for endpoint, draw in self._draws.items()}

    def queue(self, endpoint: Endpoint, faults: Iterable[Fault | None]) -> None:
        """The next requests to the endpoint meet these, one each, before any plan; None lets one through.

        Raises ValueError if one of them means nothing there, and queues none.
        """
        self._queues[endpoint].extend([None if fault is None else _fitting(endpoint, fault) for fault in faults])

    def queued(self, endpoint: Endpoint) -> int:
        return len(self._queues[endpoint])

    def pick(self, endpoint: Endpoint, says: bytes, wish: str | None) -> Fault | None:
        """The fault of one request; `wish` is its own header. Raises ValueError if the wish makes no sense."""
        fault = self._pick(endpoint, says, wish)
        if fault is not None:
            self.committed[str(fault)] += 1
        return fault

    def _pick(self, endpoint: Endpoint, says: bytes, wish: str | None) -> Fault | None:
        if wish is not None:
            return _fitting(endpoint, parse_fault(wish))
        if self._queues[endpoint]:
            return self._queues[endpoint].popleft()
        draw = self._draws.get(endpoint)
        return None if draw is None else self._drawn(draw, blake2b(says, digest_size=16).digest())

    def _drawn(self, draw: _Draw, request: bytes) -> Fault | None:
        self._times_said[request] += 1
        if draw.plan.at_most is not None and self._times_faulted[request] >= draw.plan.at_most:
            return None
        fault = draw.fault(b"%s/%d" % (request, self._times_said[request]))
        self._times_faulted[request] += fault is not None
        return fault
