"""Globs as automata. A state is a set of places in the glob, kept as the bits of an integer.

Source: Thompson, "Regular expression search algorithm", 1968; Baeza-Yates and Gonnet, "A new
approach to text searching", 1992.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from policycheck.dataclass import dataclass
from policycheck.model.text import Wildcard
from policycheck.symbolic.symbols import Glob, spell


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

    def at(self, place: int) -> int:
        """The state at a place: there, and behind a ``*`` that stands there."""
        return 1 << place | (self.runs >> place & 1) << (place + 1)

    def read(self, state: int, text: str) -> int:
        """The state after the characters of a text; 0 where the glob cannot go on."""
        for char in text:
            state = self.after(state, char)
            if not state:
                break
        return state

    def awaited(self, state: int) -> Iterator[str]:
        """The characters on which the state moves as it does on no other."""
        return (char for char, places in self.waits.items() if places & state)


@lru_cache(maxsize=65536)
def compiled(glob: Glob) -> Automaton:
    """The automaton of the glob. Symbols among its tokens hold no character."""
    waits: dict[str, int] = {}
    ones = runs = 0
    for index, token in enumerate(glob.tokens):
        if token is Wildcard.RUN:
            runs |= 1 << index
        elif token is Wildcard.ONE:
            ones |= 1 << index
        elif isinstance(token, str):
            for char in spellings(token, glob.ignore_case):
                waits[char] = waits.get(char, 0) | 1 << index
    count = len(glob.tokens)
    is_open = count > 0 and glob.tokens[-1] is Wildcard.RUN
    open_end = 1 << (count - 1) if is_open else 0
    return Automaton(waits, ones, runs, 1 | ((1 & runs) << 1), 1 << count, open_end)


def spellings(char: str, ignore_case: bool) -> set[str]:
    """The characters that count as this one (B3-text-ignore-case)."""
    return {char.lower(), char.upper()} if ignore_case and char.isascii() else {char}


def contains(glob: Glob, text: str) -> bool:
    """Whether the text is in the glob's language."""
    automaton = compiled(glob)
    return bool(automaton.read(automaton.initial, text) & automaton.accept)


def longer_first(glob: Glob) -> tuple[int, str]:
    """Longer globs first; an order that does not depend on hashes."""
    return (-len(glob.tokens), spell(glob))
