"""Globs as automata. A state is a set of places in the glob, kept as the bits of an integer.

Source: Thompson, "Regular expression search algorithm", 1968; Baeza-Yates and Gonnet, "A new
approach to text searching", 1992.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from policycheck.dataclass import dataclass
from policycheck.model.text import Wildcard
from policycheck.symbolic.symbols import Glob, Token, spell

READABLE = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ.~@+=,/: "
"""The characters tried first where any will do."""


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


def contains(glob: Glob, text: str) -> bool:
    """Whether the text is in the glob's language."""
    automaton = compiled(glob)
    state = automaton.initial
    for char in text:
        state = automaton.after(state, char)
        if not state:
            return False
    return bool(state & automaton.accept)


def longer_first(glob: Glob) -> tuple[int, str]:
    """Longer globs first; an order that does not depend on hashes."""
    return (-len(glob.tokens), spell(glob))
