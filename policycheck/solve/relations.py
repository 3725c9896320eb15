"""How two globs relate, where that can be seen without the product of their automata.

Each answer rests on a witness or on a simulation, so that it is right whenever there is one:
literal beginnings or ends that differ keep two globs apart; a text that is tried and fits shows
that they meet; and one glob lies in another if the automaton of the other accepts it with its
wildcards read as characters of their own. Most pairs are literals, prefixes or single stars,
which this decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from policycheck.model.text import Wildcard
from policycheck.solve.product import READABLE
from policycheck.symbolic.automata import Automaton, compiled, contains
from policycheck.symbolic.symbols import Domain, Glob, Token


def known_to_meet(domain: Domain, one: Glob, other: Glob) -> bool | None:
    """Whether some text of the domain is in both globs, or None if that is not plain to see."""
    if _apart(one, other):
        return False
    candidates = (
        first + second for first in ("", *samples(one)[:1]) for second in ("", *samples(other)[:1])
    )
    tried = (*samples(one), *samples(other), *candidates)
    if any(domain.admits(t) and contains(one, t) and contains(other, t) for t in tried):
        return True
    return None


def known_to_leave(domain: Domain, one: Glob, other: Glob) -> bool | None:
    """Whether some text of the domain is in ``one`` and not in ``other``, or None."""
    if lies_in(one, other):
        return False
    if any(domain.admits(text) and not contains(other, text) for text in samples(one)):
        return True
    return None


def _apart(one: Glob, other: Glob) -> bool:
    """Whether the literal beginnings, or ends, of the globs cannot be those of one text."""
    folds = one.ignore_case or other.ignore_case
    return _differ(one.tokens, other.tokens, folds) or _differ(
        one.tokens[::-1], other.tokens[::-1], folds
    )


def _differ(one: Sequence[Token], other: Sequence[Token], folds: bool) -> bool:
    for mine, theirs in zip(one, other, strict=False):
        if Wildcard.RUN in (mine, theirs):
            return False
        if isinstance(mine, str) and isinstance(theirs, str) and not _alike(mine, theirs, folds):
            return True
    return False


def _alike(mine: str, theirs: str, folds: bool) -> bool:
    return mine == theirs or (folds and mine.lower() == theirs.lower())


@lru_cache(maxsize=16384)
def samples(glob: Glob) -> tuple[str, ...]:
    """A few texts of the glob: its wildcards filled with nothing, or with a rare character."""
    return tuple(dict.fromkeys(_filled(glob)))


def _filled(glob: Glob) -> Iterator[str]:
    used = {token for token in glob.tokens if isinstance(token, str)}
    rare = next(char for char in reversed(READABLE[:36]) if char not in used or char == "a")
    for one, run in ((rare, ""), (rare, rare), ("a", "")):
        fillings = {Wildcard.ONE: one, Wildcard.RUN: run}
        yield "".join(
            fillings[token] if isinstance(token, Wildcard) else str(token) for token in glob.tokens
        )


def lies_in(one: Glob, other: Glob) -> bool:
    """Whether every text of ``one`` is seen to be in ``other``; False says nothing."""
    automaton = compiled(other)
    state = automaton.initial
    for token in one.tokens:
        state = _after_token(automaton, state, token, one.ignore_case)
        if not state:
            return False
    return bool(state & automaton.accept)


def _after_token(automaton: Automaton, state: int, token: Token, ignore_case: bool) -> int:
    """Places that are reached whatever the token stands for."""
    if token is Wildcard.RUN:
        staying = state & automaton.runs
        return staying | (staying << 1)
    if token is Wildcard.ONE:
        moved = ((state & automaton.ones) << 1) | (state & automaton.runs)
        return moved | ((moved & automaton.runs) << 1)
    char = str(token)
    if ignore_case and char.isascii():
        return automaton.after(state, char.lower()) & automaton.after(state, char.upper())
    return automaton.after(state, char)
