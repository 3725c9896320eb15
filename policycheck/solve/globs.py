"""A text that is in some globs and outside others, by a product of automata walked breadth first.

The state of one glob is a set of places in it, kept as the bits of an integer. A component that can
no longer fail is dropped, one that has failed ends the branch, and from each state only the
characters that some component waits for are tried, and one other. The first text found is a
shortest one; if there is none, none exists.

Source: Thompson, "Regular expression search algorithm", 1968; Baeza-Yates and Gonnet, "A new
approach to text searching", 1992.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import count

from policycheck.dataclass import dataclass
from policycheck.model.text import Wildcard
from policycheck.solve.limits import NEVER, Deadline, UndecidedError
from policycheck.symbolic.symbols import Domain, Glob, Token, spell

READABLE = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ.~@+=,/: "
"""The characters tried first where any will do."""

_SETTLED = -1
_PAUSE = 64
"""So many states are walked between two looks at the clock."""


@dataclass(frozen=True)
class Automaton:
    """A compiled glob: bit ``i`` of a state is the place before token ``i``, ``accept`` the end."""

    waits: dict[str, int]
    ones: int
    runs: int
    initial: int
    accept: int
    open_end: int

    def after(self, state: int, char: str) -> int:
        """The state after one more character."""
        moved = ((state & (self.waits.get(char, 0) | self.ones)) << 1) | (state & self.runs)
        return moved | ((moved & self.runs) << 1)

    def awaited(self, state: int) -> Iterator[str]:
        """The characters on which the state moves as it does on no other."""
        return (char for char, places in self.waits.items() if places & state)


@lru_cache(maxsize=65536)
def compiled(glob: Glob) -> Automaton:
    """The automaton of the glob."""
    waits: dict[str, int] = {}
    ones = runs = 0
    tokens = [token for token, runs_on in _with_runs(glob) if not runs_on]
    for index, token in enumerate(tokens):
        if token is Wildcard.RUN:
            runs |= 1 << index
        elif token is Wildcard.ONE:
            ones |= 1 << index
        else:
            for char in _spellings(str(token), glob.ignore_case):
                waits[char] = waits.get(char, 0) | 1 << index
    count = len(tokens)
    initial = 1 | ((1 & runs) << 1)
    is_open = count > 0 and tokens[-1] is Wildcard.RUN
    return Automaton(waits, ones, runs, initial, 1 << count, 1 << (count - 1) if is_open else 0)


def _with_runs(glob: Glob) -> Iterator[tuple[Token, bool]]:
    """Each token, and whether it is a run that follows a run."""
    previous: Token | None = None
    for token in glob.tokens:
        yield token, token is Wildcard.RUN and previous is Wildcard.RUN
        previous = token


def _spellings(char: str, ignore_case: bool) -> set[str]:
    return {char.lower(), char.upper()} if ignore_case and char.isascii() else {char}


@dataclass(frozen=True)
class Demand:
    """What is asked of one text: in each of ``inside``, in none of ``outside``, not one of
    ``excluded``, and in the domain."""

    domain: Domain
    inside: frozenset[Glob]
    outside: frozenset[Glob]
    excluded: frozenset[str] = frozenset()


_State = tuple[int, ...]


class _Product:
    """The components of a demand, side by side; the last one is the trie of excluded texts."""

    def __init__(self, demand: Demand) -> None:
        self.demand = demand
        self.inside = [compiled(glob) for glob in demand.inside]
        self.outside = [compiled(glob) for glob in demand.outside]
        self.trie, self.ends = _trie(demand.excluded)

    def initial(self) -> _State | None:
        masks = [a.initial for a in (*self.inside, *self.outside)]
        return self._settle(masks, 0, 0)

    def after(self, state: _State, char: str) -> _State | None:
        """The state after one more character; None if no text goes on from there."""
        masks = [
            mask if mask == _SETTLED else automaton.after(mask, char)
            for automaton, mask in zip((*self.inside, *self.outside), state, strict=False)
        ]
        node = state[-2]
        following = self.trie[node].get(char, _SETTLED) if node != _SETTLED else _SETTLED
        return self._settle(masks, following, min(state[-1] + 1, self.demand.domain.shortest))

    def _settle(self, masks: list[int], node: int, length: int) -> _State | None:
        count = len(self.inside)
        for index, automaton in enumerate(self.inside):
            mask = masks[index]
            if mask == 0:
                return None
            if mask != _SETTLED and mask & automaton.open_end:
                masks[index] = _SETTLED
        for index, automaton in enumerate(self.outside, count):
            mask = masks[index]
            if mask != _SETTLED and mask & automaton.open_end:
                return None
            if mask == 0:
                masks[index] = _SETTLED
        return (*masks, node, length)

    def accepts(self, state: _State) -> bool:
        if state[-1] < self.demand.domain.shortest or state[-2] in self.ends:
            return False
        count = len(self.inside)
        return all(
            mask == _SETTLED or mask & automaton.accept
            for automaton, mask in zip(self.inside, state[:count], strict=True)
        ) and not any(
            mask != _SETTLED and mask & automaton.accept
            for automaton, mask in zip(self.outside, state[count:-2], strict=True)
        )

    def choices(self, state: _State) -> Iterator[str]:
        """The characters worth trying: those that are awaited, and one that is not."""
        awaited: set[str] = set()
        for automaton, mask in zip((*self.inside, *self.outside), state, strict=False):
            if mask != _SETTLED:
                awaited.update(automaton.awaited(mask))
        if state[-2] != _SETTLED:
            awaited.update(self.trie[state[-2]])
        domain = self.demand.domain
        other = next(
            (c for c in _others(domain) if c not in awaited and domain.admits_char(c)), None
        )
        candidates = [c for c in awaited if domain.admits_char(c)]
        yield from sorted(candidates, key=_readability)
        if other is not None:
            yield other


def _others(domain: Domain) -> Iterable[str]:
    """Characters in the order of preference, enough to find one that nobody awaits."""
    if domain.allowed is not None:
        return sorted(domain.allowed, key=_readability)
    return _endless()


def _endless() -> Iterator[str]:
    yield from READABLE
    yield from (chr(code) for code in range(0x21, 0xD800))


def _readability(char: str) -> tuple[int, str]:
    place = READABLE.find(char)
    return (place if place >= 0 else len(READABLE), char)


def _trie(texts: frozenset[str]) -> tuple[list[dict[str, int]], frozenset[int]]:
    nodes: list[dict[str, int]] = [{}]
    ends: set[int] = set()
    for text in sorted(texts):
        node = 0
        for char in text:
            if char not in nodes[node]:
                nodes.append({})
                nodes[node][char] = len(nodes) - 1
            node = nodes[node][char]
        ends.add(node)
    return nodes, frozenset(ends)


def shortest_text(demand: Demand, states: int, deadline: Deadline = NEVER) -> str | None:
    """A shortest text that meets the demand, or None if there is none.

    Raises UndecidedError after ``states`` states, and when the time is up.
    """
    found = search(demand, states, deadline)
    return found if isinstance(found, str) else None


def search(demand: Demand, states: int, deadline: Deadline = NEVER) -> str | Demand:
    """A shortest text that meets the demand, or an unmeetable part of it.

    What the text must not be is added to the automaton only where a text was found that is just
    that: few of many matter. A shortest text of the smaller demand that meets the whole one is a
    shortest text of the whole one. Raises UndecidedError beyond the limits.
    """
    current = Demand(demand.domain, demand.inside, frozenset())
    outside = sorted(demand.outside, key=_size)
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


def contains(glob: Glob, text: str) -> bool:
    """Whether the text is in the glob's language."""
    automaton = compiled(glob)
    state = automaton.initial
    for char in text:
        state = automaton.after(state, char)
        if not state:
            return False
    return bool(state & automaton.accept)


def _shortest(demand: Demand, states: int, deadline: Deadline) -> str | None:
    product = _Product(demand)
    start = product.initial()
    if start is None:
        return None
    if product.accepts(start):
        return ""
    seen = {start}
    queue: deque[tuple[_State, str]] = deque([(start, "")])
    longest = demand.domain.longest
    steps = count()
    while queue:
        if next(steps) % _PAUSE == 0:
            deadline.check()
        state, text = queue.popleft()
        if longest is not None and len(text) >= longest:
            continue
        for char in product.choices(state):
            following = product.after(state, char)
            if following is None or following in seen:
                continue
            if product.accepts(following):
                return text + char
            seen.add(following)
            queue.append((following, text + char))
        if len(seen) > states:
            raise UndecidedError(f"a text needs more than {states} automaton states to decide")
    return None


@dataclass(frozen=True)
class Clash:
    """Globs that no text can meet together; ``excluding``: the excluded texts matter too."""

    inside: frozenset[Glob]
    outside: frozenset[Glob]
    excluding: bool


def clash(demand: Demand, states: int, deadline: Deadline = NEVER) -> Clash:
    """A minimal part of a demand that no text meets; the whole demand must be unmeetable."""
    pair = _clashing_pair(demand, states, deadline)
    if pair is not None:
        return pair
    return _shrunk(demand, states, deadline)


def _clashing_pair(demand: Demand, states: int, deadline: Deadline) -> Clash | None:
    domain, inside = demand.domain, sorted(demand.inside, key=_size)
    for one in inside:
        if not meets(domain, one, one, True, states):
            return Clash(frozenset({one}), frozenset(), excluding=False)
    for index, one in enumerate(inside):
        deadline.check()
        for other in inside[:index]:
            if not meets(domain, one, other, True, states):
                return Clash(frozenset({one, other}), frozenset(), excluding=False)
        for other in sorted(demand.outside, key=_size):
            if not meets(domain, one, other, False, states):
                return Clash(frozenset({one}), frozenset({other}), excluding=False)
    return None


def _size(glob: Glob) -> tuple[int, str]:
    """Longer globs first; an order that does not depend on hashes."""
    return (-len(glob.tokens), spell(glob))


@lru_cache(maxsize=262_144)
def meets(domain: Domain, one: Glob, other: Glob, both: bool, states: int) -> bool:
    """Whether some text of the domain is in ``one`` and in (if not ``both``: outside) ``other``."""
    inside = frozenset({one, other}) if both else frozenset({one})
    outside = frozenset() if both else frozenset({other})
    return shortest_text(Demand(domain, inside, outside), states) is not None


def _shrunk(demand: Demand, states: int, deadline: Deadline) -> Clash:
    without = Demand(demand.domain, demand.inside, demand.outside)
    excluding = bool(demand.excluded) and shortest_text(without, states, deadline) is not None
    current = demand if excluding else without
    for glob in sorted(demand.inside, key=_size, reverse=True):
        smaller = Demand(current.domain, current.inside - {glob}, current.outside, current.excluded)
        current = smaller if shortest_text(smaller, states, deadline) is None else current
    for glob in sorted(demand.outside, key=_size, reverse=True):
        smaller = Demand(current.domain, current.inside, current.outside - {glob}, current.excluded)
        current = smaller if shortest_text(smaller, states, deadline) is None else current
    return Clash(current.inside, current.outside, excluding)
