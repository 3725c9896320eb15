"""Globs as automata. A state is a set of places in the glob, kept as the bits of an integer.

Source: Thompson, "Regular expression search algorithm", 1968; Baeza-Yates and Gonnet, "A new
approach to text searching", 1992.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


@lru_cache(maxsize=8192)
def compiled(glob: Glob) -> Automaton:
    """The automaton of the glob. Symbols among its tokens hold no character."""
    waits: dict[str, int] = {}
    ones = runs = 0
    place = 1
    for token in glob.tokens:
        if token is Wildcard.RUN:
            runs |= place
        elif token is Wildcard.ONE:
            ones |= place
        elif isinstance(token, str):
            for char in spellings(token, True) if glob.ignore_case else token:
                waits[char] = waits.get(char, 0) | place
        place <<= 1
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


@dataclass(frozen=True)
class Automata:
    """Several globs that are read at once: the places of each lie behind those of the one before.

    ``ends`` maps the place at which a glob ends to the glob.
    """

    automaton: Automaton
    ends: dict[int, Glob]

    def containing(self, text: str) -> Iterator[Glob]:
        """The globs whose languages the text is in."""
        accepting = self.automaton.read(self.automaton.initial, text) & self.automaton.accept
        while accepting:
            place = accepting.bit_length() - 1
            yield self.ends[place]
            accepting ^= 1 << place


def abreast(globs: Iterable[Glob]) -> Automata:
    """The automata of the globs as one."""
    waits: dict[str, int] = {}
    ones = runs = initial = accept = offset = 0
    ends: dict[int, Glob] = {}
    for glob in globs:
        one = compiled(glob)
        for char, places in one.waits.items():
            waits[char] = waits.get(char, 0) | places << offset
        ones |= one.ones << offset
        runs |= one.runs << offset
        initial |= one.initial << offset
        accept |= one.accept << offset
        offset += len(glob.tokens) + 1
        ends[offset - 1] = glob
    return Automata(Automaton(waits, ones, runs, initial, accept, open_end=0), ends)


def longer_first(glob: Glob) -> tuple[int, str]:
    """Longer globs first; an order that does not depend on hashes."""
    return (-len(glob.tokens), spell(glob))
