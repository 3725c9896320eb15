"""Numbers, instants, recurring times and Booleans as formulas over arithmetic."""

from __future__ import annotations

from typing import assert_never

import z3

from policycheck.model.order import (
    SECONDS_A_DAY,
    Comparison,
    InstantCompares,
    NumberCompares,
    Recurs,
)
from policycheck.symbolic.boolean import both, either, false, negation

_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday; Monday is 0."""


def number_matches(actual: z3.ArithRef, wanted: NumberCompares) -> z3.BoolRef:
    """The number compares with ``wanted`` as named (B3-number)."""
    literal = z3.Q(wanted.wanted.numerator, wanted.wanted.denominator)
    return compares(actual, wanted.comparison, literal)


def instant_matches(actual: z3.ArithRef, wanted: InstantCompares) -> z3.BoolRef:
    """The instant, in whole seconds, compares with ``wanted`` as named (B3-instant)."""
    return compares(actual, wanted.comparison, z3.IntVal(wanted.wanted))


def matches_within_a_second(actual: z3.ArithRef, wanted: InstantCompares) -> z3.BoolRef:
    """The instant compares with a date after ``wanted`` and before the next second: none is equal,
    and ``wanted`` itself is the last one before (B3-instant-fraction)."""
    last = z3.IntVal(wanted.wanted)
    match wanted.comparison:
        case Comparison.EQUAL:
            return false()
        case Comparison.LESS | Comparison.LESS_EQUAL:
            return actual <= last
        case Comparison.GREATER | Comparison.GREATER_EQUAL:
            return actual > last
    assert_never(wanted.comparison)


def compares(actual: z3.ArithRef, comparison: Comparison, wanted: z3.ArithRef) -> z3.BoolRef:
    """``actual`` stands in the comparison to ``wanted``."""
    match comparison:
        case Comparison.EQUAL:
            return actual == wanted
        case Comparison.LESS:
            return actual < wanted
        case Comparison.LESS_EQUAL:
            return actual <= wanted
        case Comparison.GREATER:
            return actual > wanted
        case Comparison.GREATER_EQUAL:
            return actual >= wanted
    assert_never(comparison)


def recurs(actual: z3.ArithRef, wanted: Recurs) -> z3.BoolRef:
    """The instant lies in the recurring window (S1-recurs).

    A window that runs past midnight is an evening on the day it begins and a morning a day later.
    """
    local = actual + wanted.offset
    second = local % SECONDS_A_DAY
    days_since_epoch = (local - second) / SECONDS_A_DAY
    weekday = (days_since_epoch + _EPOCH_WEEKDAY) % 7
    begun = second >= wanted.start
    not_over = second < wanted.end
    if wanted.start < wanted.end:
        return both(begun, not_over, _is_any(weekday, wanted.days))
    yesterdays = frozenset((day + 1) % 7 for day in wanted.days)
    return either(
        (both(begun, _is_any(weekday, wanted.days)), both(not_over, _is_any(weekday, yesterdays)))
    )


def _is_any(weekday: z3.ArithRef, days: frozenset[int]) -> z3.BoolRef:
    return either(weekday == day for day in sorted(days))


def flag_matches(actual: z3.BoolRef, wanted: bool) -> z3.BoolRef:
    """The Boolean is ``wanted`` (B3-bool)."""
    return actual if wanted else negation(actual)
