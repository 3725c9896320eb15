"""A text that meets a demand where the shortest one is too far away: guessed, or walked to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from policycheck.model.text import Wildcard
from policycheck.solve.product import Demand, Product, State, meets_demand
from policycheck.symbolic.automata import longer_first
from policycheck.symbolic.symbols import Token

_STATES = 1_000
"""The most that are walked."""


def some_text(demand: Demand, product: Product, start: State) -> str | None:
    """A text that meets the demand, or None if none is found soon."""
    for text in _woven(demand):
        if meets_demand(demand, text):
            return text
    return _straight(demand, product, start)


def _woven(demand: Demand) -> Iterator[str]:
    """Each glob with its first ``*`` filled with the shortest texts of all the others, once each:
    what is in ``*a*`` and in ``*b*`` may be found as ``ab``."""
    plain = {glob: _plainest(glob.tokens) for glob in sorted(demand.inside, key=longer_first)}
    for frame in plain:
        if Wildcard.RUN in frame.tokens:
            place = frame.tokens.index(Wildcard.RUN)
            others = dict.fromkeys(text for glob, text in plain.items() if glob != frame)
            before, after = _plainest(frame.tokens[:place]), _plainest(frame.tokens[place:])
            yield "".join((before, *others, after))


def _plainest(tokens: Iterable[Token]) -> str:
    fillings = {Wildcard.ONE: "a", Wildcard.RUN: ""}
    return "".join(fillings[t] if isinstance(t, Wildcard) else str(t) for t in tokens)


def _straight(demand: Demand, product: Product, start: State) -> str | None:
    """A text found by always going on from the state that has least left to read."""
    seen = {start}
    waiting = [(product.left(start), "", start)]
    while waiting and len(seen) <= _STATES:
        _, text, state = heappop(waiting)
        for char in product.choices(state):
            following = product.after(state, char)
            if following is None or following in seen:
                continue
            if product.accepts(following) and meets_demand(demand, text + char):
                return text + char
            seen.add(following)
            heappush(waiting, (product.left(following), text + char, following))
    return None
