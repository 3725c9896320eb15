"""What is asked of one text, as a product of automata, and its states.

A component that can no longer fail is dropped, one that has failed ends the branch, and from each
state only the characters that some component waits for are worth trying, and one other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policycheck.dataclass import dataclass
from policycheck.symbolic.automata import compiled, contains, longer_first
from policycheck.symbolic.symbols import Domain, Glob

READABLE = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ.~@+=,/: "
"""The characters tried first where any will do."""


@dataclass(frozen=True)
class Demand:
    """What is asked of one text: in each of ``inside``, in none of ``outside``, not one of
    ``excluded``, and in the domain."""

    domain: Domain
    inside: frozenset[Glob]
    outside: frozenset[Glob]
    excluded: frozenset[str] = frozenset()


SETTLED = -1
"""The state of a component that can no longer fail."""

State = tuple[int, ...]
"""The state of each component, of the trie, and the length as far as it matters."""


class Product:
    """The components of a demand, side by side; the last one is the trie of excluded texts."""

    def __init__(self, demand: Demand) -> None:
        self.demand = demand
        self.inside = [compiled(glob) for glob in sorted(demand.inside, key=longer_first)]
        self.outside = [compiled(glob) for glob in sorted(demand.outside, key=longer_first)]
        self.trie, self.ends = _trie(demand.excluded)

    def initial(self) -> State | None:
        """The state before the first character; None if no text goes on from there."""
        masks = [a.initial for a in (*self.inside, *self.outside)]
        return self._settle(masks, 0, 0)

    def after(self, state: State, char: str) -> State | None:
        """The state after one more character; None if no text goes on from there."""
        masks = [
            mask if mask == SETTLED else automaton.after(mask, char)
            for automaton, mask in zip((*self.inside, *self.outside), state, strict=False)
        ]
        node = state[-2]
        following = self.trie[node].get(char, SETTLED) if node != SETTLED else SETTLED
        return self._settle(masks, following, min(state[-1] + 1, self.demand.domain.shortest))

    def _settle(self, masks: list[int], node: int, length: int) -> State | None:
        count = len(self.inside)
        for index, automaton in enumerate(self.inside):
            mask = masks[index]
            if mask == 0:
                return None
            if mask != SETTLED and mask & automaton.open_end:
                masks[index] = SETTLED
        for index, automaton in enumerate(self.outside, count):
            mask = masks[index]
            if mask != SETTLED and mask & automaton.open_end:
                return None
            if mask == 0:
                masks[index] = SETTLED
        return (*masks, node, length)

    def accepts(self, state: State) -> bool:
        """Whether a text may end here."""
        if state[-1] < self.demand.domain.shortest or state[-2] in self.ends:
            return False
        count = len(self.inside)
        return all(
            mask == SETTLED or mask & automaton.accept
            for automaton, mask in zip(self.inside, state[:count], strict=True)
        ) and not any(
            mask != SETTLED and mask & automaton.accept
            for automaton, mask in zip(self.outside, state[count:-2], strict=True)
        )

    def left(self, state: State) -> int:
        """How many tokens the globs to be met still have to read."""
        return sum(
            automaton.accept.bit_length() - mask.bit_length()
            for automaton, mask in zip(self.inside, state, strict=False)
            if mask != SETTLED
        )

    def choices(self, state: State) -> Iterator[str]:
        """The characters worth trying: those that are awaited, and one that is not."""
        awaited: set[str] = set()
        for automaton, mask in zip((*self.inside, *self.outside), state, strict=False):
            if mask != SETTLED:
                awaited.update(automaton.awaited(mask))
        if state[-2] != SETTLED:
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


def meets_demand(demand: Demand, text: str) -> bool:
    """Whether the text is what is asked for."""
    return (
        demand.domain.admits(text)
        and text not in demand.excluded
        and all(contains(glob, text) for glob in demand.inside)
        and not any(contains(glob, text) for glob in demand.outside)
    )
