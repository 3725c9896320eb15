"""Conjunction and disjunction that simplify what is trivially true or false."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import z3


@cache
def constant(value: bool) -> z3.BoolRef:
    """The formula that is always ``value``."""
    return z3.BoolVal(value)


def is_constant(part: z3.BoolRef, value: bool) -> bool:
    """Whether the formula is the constant; Z3 keeps one copy of equal formulas."""
    return part.ast.value == constant(value).ast.value


def true() -> z3.BoolRef:
    """The formula that always holds."""
    return constant(True)


def false() -> z3.BoolRef:
    """The formula that never holds."""
    return constant(False)


def both(*parts: z3.BoolRef) -> z3.BoolRef:
    """Every part holds."""
    return every(parts)


def every(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Every part holds; of nothing: true."""
    kept = [part for part in parts if not is_constant(part, True)]
    if any(is_constant(part, False) for part in kept):
        return false()
    return _joined(z3.Z3_mk_and, kept) if len(kept) > 1 else kept[0] if kept else true()


def either(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Some part holds; of nothing: false."""
    kept = [part for part in parts if not is_constant(part, False)]
    if any(is_constant(part, True) for part in kept):
        return true()
    return _joined(z3.Z3_mk_or, kept) if len(kept) > 1 else kept[0] if kept else false()


def _joined(make: Callable[..., z3.Ast], parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """As ``z3.And`` and ``z3.Or``, which first look for what is no Boolean and convert it."""
    context = parts[0].ctx
    operands = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return z3.BoolRef(make(context.ref(), len(parts), operands), context)


def negation(part: z3.BoolRef) -> z3.BoolRef:
    """The part does not hold."""
    if is_constant(part, True):
        return false()
    return true() if is_constant(part, False) else z3.Not(part)


def iff(left: z3.BoolRef, right: z3.BoolRef) -> z3.BoolRef:
    """Both hold, or neither does."""
    return either((both(left, right), both(negation(left), negation(right))))


def implies(premise: z3.BoolRef, conclusion: z3.BoolRef) -> z3.BoolRef:
    """Where the premise holds, so does the conclusion."""
    return either((negation(premise), conclusion))
