"""Boolean formulas, simplified where a part is trivially true or false.

Z3's functions are called as they are: its classes first look at each operand for what to convert,
which takes several times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

import z3


@cache
def constant(value: bool) -> z3.BoolRef:
    """The formula that is always ``value``."""
    return z3.BoolVal(value)


def proposition(name: str) -> z3.BoolRef:
    """The free Boolean of that name."""
    context = true().ctx
    named = z3.Z3_mk_string_symbol(context.ref(), name)
    sort = z3.Z3_mk_bool_sort(context.ref())
    return z3.BoolRef(z3.Z3_mk_const(context.ref(), named, sort), context)


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


def at_most_one(parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """No two of the parts hold."""
    if len(parts) < 2:
        return true()
    return _joined(lambda context, count, all_: z3.Z3_mk_atmost(context, count, all_, 1), parts)


def _joined(make: Callable[..., z3.Ast], parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    context = parts[0].ctx
    operands = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return z3.BoolRef(make(context.ref(), len(parts), operands), context)


def negation(part: z3.BoolRef) -> z3.BoolRef:
    """The part does not hold."""
    if is_constant(part, True):
        return false()
    if is_constant(part, False):
        return true()
    return z3.BoolRef(z3.Z3_mk_not(part.ctx.ref(), part.as_ast()), part.ctx)


def implies(premise: z3.BoolRef, conclusion: z3.BoolRef) -> z3.BoolRef:
    """Where the premise holds, so does the conclusion."""
    if is_constant(premise, True) or is_constant(conclusion, True):
        return conclusion
    if is_constant(premise, False) or is_constant(conclusion, False):
        return negation(premise)
    context = premise.ctx
    return z3.BoolRef(
        z3.Z3_mk_implies(context.ref(), premise.as_ast(), conclusion.as_ast()), context
    )


def iff(left: z3.BoolRef, right: z3.BoolRef) -> z3.BoolRef:
    """Both hold, or neither does."""
    for one, other in ((left, right), (right, left)):
        if is_constant(one, True):
            return other
        if is_constant(one, False):
            return negation(other)
    context = left.ctx
    return z3.BoolRef(z3.Z3_mk_eq(context.ref(), left.as_ast(), right.as_ast()), context)
