"""A text that is in some globs and outside others, by a product of automata walked breadth first.

The first text found is a shortest one; if there is none, none exists. Where the walk goes far, any
text will do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from policycheck.solve.limits import NEVER, Deadline, UndecidedError
from policycheck.solve.product import Demand, Product, State
from policycheck.symbolic.automata import contains, longer_first


def shortest_text(demand: Demand, states: int, deadline: Deadline = NEVER) -> str | None:
    """A text that meets the demand, or None if there is none: a shortest one, unless that takes
    more than a thousand states to find.

    Raises UndecidedError after ``states`` states, and when the time is up.
    """
    found = search(demand, states, deadline)
    return found if isinstance(found, str) else None


def search(demand: Demand, states: int, deadline: Deadline = NEVER) -> str | Demand:
    """A text that meets the demand, as :func:`shortest_text` finds it, or an unmeetable part of it.

    What the text must not be is added to the automaton only where a text was found that is just
    that: few of many matter. A shortest text of the smaller demand that meets the whole one is a
    shortest text of the whole one. Raises UndecidedError beyond the limits.
    """
    current = Demand(demand.domain, demand.inside, frozenset())
    outside = sorted(demand.outside, key=longer_first)
    while True:
        deadline.check()
        text = _shortest(current, states, deadline)
        if text is None:
            return current
        offending = next((g for g in outside if contains(g, text)), None)
        if offending is not None:
            current = replace(current, outside=current.outside | {offending})
        elif text in demand.excluded:
            current = replace(current, excluded=current.excluded | {text})
        else:
            return text


_PATIENCE = 1_000
"""States after which any text will do, if one is found by other means."""


def _shortest(demand: Demand, states: int, deadline: Deadline) -> str | None:
    """A shortest text, or, where many states are to be searched for that, perhaps a longer one."""
    product = Product(demand)
    start = product.initial()
    if start is None:
        return None
    if product.accepts(start):
        return ""
    seen = {start}
    queue: deque[tuple[State, str]] = deque([(start, "")])
    any_text: str | None = None
    while queue:
        deadline.check()
        state, text = queue.popleft()
        impatient = len(seen) <= _PATIENCE
        for char, following in _following(product, state, text):
            if following in seen:
                continue
            if product.accepts(following):
                return text + char
            seen.add(following)
            queue.append((following, text + char))
        if impatient and len(seen) > _PATIENCE:
            from policycheck.solve.any_text import some_text  # noqa: PLC0415 -- seldom far

            any_text = some_text(demand, product, start)
        if any_text is not None:
            return any_text
        if len(seen) > states:
            raise UndecidedError(f"a text needs more than {states} automaton states to decide")
    return None


def _following(product: Product, state: State, text: str) -> Iterator[tuple[str, State]]:
    """Each character worth trying after the text, with the state that it leads to."""
    longest = product.demand.domain.longest
    if longest is not None and len(text) >= longest:
        return
    for char in product.choices(state):
        following = product.after(state, char)
        if following is not None:
            yield char, following
