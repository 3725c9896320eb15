"""Numbers and instants at the bounds that a policy names, and those one beside."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import assert_never

from policycheck.model.order import (
    FARTHEST,
    SECONDS_A_DAY,
    BytesEqual,
    Comparison,
    Flag,
    InstantCompares,
    NumberCompares,
    OrderRelation,
    Recurs,
)

_A_MONDAY = 4 * SECONDS_A_DAY + 2920 * 7 * SECONDS_A_DAY
_LONGEST = 100
_LONG = 20


def near(wanted: OrderRelation) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """The numbers (for instants, seconds since 1970) for which the relation holds, and others.

    Both lists have what stands closest to the bounds first; a flag or bytes have no numbers.
    """
    match wanted:
        case NumberCompares(comparison, number):
            return _around(comparison, number, Fraction(1, 1000))
        case InstantCompares(comparison, seconds):
            return _around(comparison, Fraction(seconds), Fraction(1))
        case Recurs():
            return _recurring(wanted)
        case Flag() | BytesEqual():
            return (), ()
    assert_never(wanted)


def _around(
    comparison: Comparison, at: Fraction, step: Fraction
) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    below, above = (at - step, at - 1, at - 1000), (at + step, at + 1, at + 1000)
    match comparison:
        case Comparison.EQUAL:
            return (at,), below + above
        case Comparison.LESS:
            return below, (at, *above)
        case Comparison.LESS_EQUAL:
            return (at, *below), above
        case Comparison.GREATER:
            return above, (at, *below)
        case Comparison.GREATER_EQUAL:
            return (at, *above), below
    assert_never(comparison)


def _recurring(wanted: Recurs) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """The first and last second of the stretch on each day, and the seconds beside them."""
    length = (wanted.end - wanted.start - 1) % SECONDS_A_DAY + 1
    edges = [(0, True), (length - 1, True), (-1, False), (length, False)]
    held: list[Fraction] = []
    others: list[Fraction] = []
    for day in range(7):
        began = _A_MONDAY + day * SECONDS_A_DAY + wanted.start - wanted.offset
        for offset, inside in edges:
            chosen = held if inside and day in wanted.days else others
            chosen.append(Fraction(began + offset))
    return tuple(held), tuple(others)


def flags(wanted: Flag) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Texts that denote the flag, and texts that denote the other one."""
    texts = {True: ("true", "True", "TRUE"), False: ("false", "False", "false()")}
    return texts[wanted.wanted], texts[not wanted.wanted]


def base64_texts(wanted: BytesEqual) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The bytes in base64, and other bytes."""
    others = (wanted.wanted + b"\0", wanted.wanted[:-1], b"x" + wanted.wanted)
    return (_base64(wanted.wanted),), tuple(_base64(o) for o in others if o != wanted.wanted)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def number_text(value: Fraction) -> str:
    """A finite decimal as JSON writes it; ``0`` for what has no such text of 100 characters."""
    digits, scale = value, 0
    while digits.denominator != 1 and scale < _LONGEST:
        digits, scale = digits * 10, scale + 1
    while len(str(math.floor(digits))) > _LONG and digits % 10 == 0:
        digits, scale = digits / 10, scale - 1
    text = f"{math.floor(digits)}" + (f"e{-scale}" if scale else "")
    return text if len(text) <= _LONGEST and digits.denominator == 1 else "0"


def instants(values: tuple[Fraction, ...]) -> tuple[int, ...]:
    """Those of the values, rounded down, that a text can write."""
    return tuple(dict.fromkeys(_written(values)))


def _written(values: tuple[Fraction, ...]) -> Iterator[int]:
    for value in values:
        seconds = math.floor(value)
        if -FARTHEST <= seconds <= FARTHEST:
            yield seconds
