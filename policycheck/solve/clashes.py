"""Which globs no text can meet together: what goes back to Z3 as a clause."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from policycheck.dataclass import dataclass
from policycheck.solve.globs import shortest_text
from policycheck.solve.limits import NEVER, Deadline
from policycheck.solve.product import Demand
from policycheck.solve.relations import known_to_leave, known_to_meet
from policycheck.symbolic.automata import longer_first
from policycheck.symbolic.symbols import Domain, Glob


@dataclass(frozen=True)
class Clash:
    """Globs that no text can meet together; ``excluding``: the excluded texts matter too."""

    inside: frozenset[Glob]
    outside: frozenset[Glob]
    excluding: bool


def clashes(demand: Demand, states: int, deadline: Deadline = NEVER) -> list[Clash]:
    """Minimal parts of a demand that no text meets: every glob or pair of globs, or else one part
    of more; the whole demand must be unmeetable."""
    return list(_clashing_pairs(demand, states, deadline)) or [_shrunk(demand, states, deadline)]


def _clashing_pairs(demand: Demand, states: int, deadline: Deadline) -> Iterator[Clash]:
    domain, inside = demand.domain, sorted(demand.inside, key=longer_first)
    empty = [one for one in inside if not meets(domain, one, one, True, states)]
    if empty:
        yield from (Clash(frozenset({one}), frozenset(), excluding=False) for one in empty)
        return
    outside = sorted(demand.outside, key=longer_first)
    for index, one in enumerate(inside):
        deadline.check()
        for other in inside[:index]:
            if not meets(domain, one, other, True, states):
                yield Clash(frozenset({one, other}), frozenset(), excluding=False)
        for other in outside:
            if not meets(domain, one, other, False, states):
                yield Clash(frozenset({one}), frozenset({other}), excluding=False)


@lru_cache(maxsize=65536)
def meets(domain: Domain, one: Glob, other: Glob, both: bool, states: int) -> bool:
    """Whether some text of the domain is in ``one`` and in (if not ``both``: outside) ``other``."""
    known = known_to_meet(domain, one, other) if both else known_to_leave(domain, one, other)
    return _meets(domain, one, other, both, states) if known is None else known


def _meets(domain: Domain, one: Glob, other: Glob, both: bool, states: int) -> bool:
    inside = frozenset({one, other}) if both else frozenset({one})
    outside = frozenset() if both else frozenset({other})
    return shortest_text(Demand(domain, inside, outside), states) is not None


def _shrunk(demand: Demand, states: int, deadline: Deadline) -> Clash:
    without = Demand(demand.domain, demand.inside, demand.outside)
    excluding = bool(demand.excluded) and shortest_text(without, states, deadline) is not None
    current = demand if excluding else without
    for glob in sorted(demand.inside, key=longer_first, reverse=True):
        deadline.check()
        smaller = Demand(current.domain, current.inside - {glob}, current.outside, current.excluded)
        current = smaller if shortest_text(smaller, states, deadline) is None else current
    for glob in sorted(demand.outside, key=longer_first, reverse=True):
        deadline.check()
        smaller = Demand(current.domain, current.inside, current.outside - {glob}, current.excluded)
        current = smaller if shortest_text(smaller, states, deadline) is None else current
    return Clash(current.inside, current.outside, excluding)
