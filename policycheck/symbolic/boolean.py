"""Conjunction and disjunction that simplify what is trivially true or false."""

from __future__ import annotations

from collections.abc import Iterable

import z3

TRUE = z3.BoolVal(True)
FALSE = z3.BoolVal(False)


def constant(value: bool) -> z3.BoolRef:
    """The formula that is always ``value``."""
    return TRUE if value else FALSE


def both(*parts: z3.BoolRef) -> z3.BoolRef:
    """Every part holds."""
    return every(parts)


def every(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Every part holds; of nothing: true."""
    kept = [part for part in parts if not z3.is_true(part)]
    if any(z3.is_false(part) for part in kept):
        return FALSE
    return z3.And(kept) if len(kept) > 1 else kept[0] if kept else TRUE


def either(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Some part holds; of nothing: false."""
    kept = [part for part in parts if not z3.is_false(part)]
    if any(z3.is_true(part) for part in kept):
        return TRUE
    return z3.Or(kept) if len(kept) > 1 else kept[0] if kept else FALSE


def negation(part: z3.BoolRef) -> z3.BoolRef:
    """The part does not hold."""
    if z3.is_true(part):
        return FALSE
    return TRUE if z3.is_false(part) else z3.Not(part)


def implies(premise: z3.BoolRef, conclusion: z3.BoolRef) -> z3.BoolRef:
    """Where the premise holds, so does the conclusion."""
    return either((negation(premise), conclusion))
