"""Texts that match a pattern, and texts that just miss it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from random import Random
from typing import TypeVar, assert_never

from policycheck.model.text import Pattern, Piece, Variable, Wildcard

Context = Mapping[str, tuple[str, ...]]
"""The values of the keys drawn so far, by the key's name in lower case."""

RUNS = ("", "a", "x/y", "*", "é:1")
"""What a ``*`` is filled with where the literals offer nothing; the plainest first."""

VARIANTS = 10
"""How many texts are made of one pattern."""

ONES = "aZ0-?/"
"""What a ``?`` is filled with."""

_LOOKALIKES = {"k": "\u212a", "s": "\u017f", "i": "\u0130"}
_NOTHING: Context = {}

T = TypeVar("T")


def pick(random: Random, items: Sequence[T]) -> T:
    """One of the items, all equally likely; the first if ``random`` gives 0."""
    return items[int(random.random() * len(items))]


def distinct(items: Iterable[T]) -> tuple[T, ...]:
    """The items without repetitions, in order."""
    return tuple(dict.fromkeys(items))


def fill(
    wanted: Pattern,
    random: Random,
    runs: Sequence[str] = RUNS,
    context: Context = _NOTHING,
    ones: str = ONES,
) -> str:
    """A text that matches the pattern.

    Each ``*`` is one of ``runs``, each ``?`` one of ``ones``, each variable its value.
    """
    return "".join([_filled(piece, random, runs, ones, context) for piece in wanted.pieces])


def _filled(piece: Piece, random: Random, runs: Sequence[str], ones: str, context: Context) -> str:
    match piece:
        case str():
            return piece
        case Wildcard.RUN:
            return pick(random, runs)
        case Wildcard.ONE:
            return pick(random, ones)
        case Variable():
            return value_of(piece, context)
    assert_never(piece)


def value_of(variable: Variable, context: Context) -> str:
    """The text that the variable has in the context; its default or nothing if it has none."""
    values = context.get(variable.key, ())
    return values[0] if len(values) == 1 else variable.default or ""


def fills(wanted: Pattern, runs: Sequence[str]) -> tuple[str, ...]:
    """Some texts that match a pattern without variables, the plainest first."""
    literal = wanted.literal
    if literal is not None:
        return (literal,)
    random = Random(VARIANTS)  # noqa: S311 (no secret hangs on it)
    plain = fill(wanted, random, ("",), ones="a")
    slashes = fill(wanted, random, ("/",), ones="/")
    return distinct([plain, slashes, *(fill(wanted, random, runs) for _ in range(VARIANTS - 2))])


def misses(text: str) -> tuple[str, ...]:
    """Texts that differ from ``text`` in one place or in the case of their letters."""
    middle = len(text) // 2
    found = (
        text + "x",
        text.swapcase(),
        "x" + text,
        text[:-1],
        text[1:],
        text[:middle] + "x" + text[middle + 1 :],
        lookalike(text),
    )
    return distinct(one for one in found if one != text)


def lookalike(text: str) -> str:
    """The text with a letter replaced by one that only Unicode's case folding takes for it."""
    for letter, other in _LOOKALIKES.items():
        if letter in text.lower():
            return re.sub(letter, other, text, count=1, flags=re.IGNORECASE | re.ASCII)
    return text


@lru_cache(maxsize=1024)
def _form(wanted: Pattern) -> re.Pattern[str]:
    return re.compile("".join(map(_expression, wanted.pieces)), re.DOTALL)


def _expression(piece: Piece) -> str:
    if isinstance(piece, str):
        return re.escape(piece)
    return "." if piece is Wildcard.ONE else ".*"


def matching(wanted: Pattern, candidates: Iterable[str]) -> tuple[str, ...]:
    """Those of the candidates that the pattern matches, its variables taken for wildcards."""
    literal = wanted.literal
    if literal is not None:
        return tuple(one for one in candidates if one == literal)
    form = _form(wanted)
    return tuple(one for one in candidates if form.fullmatch(one))
