"""Boolean formulas, simplified where a part is trivially true or false.

Z3's functions are called as they are: its classes first look at each operand for what to convert,
which takes several times as long. A formula keeps its parts, since to ask Z3 for them takes longer
than to make it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence
from functools import cache

import z3


class Connective(enum.Enum):
    """What joins the parts of a formula."""

    AND = "and"
    OR = "or"
    NOT = "not"
    IMPLIES = "=>"
    EQUAL = "="
    AT_MOST_ONE = "at most one"
    DEFINED = "defined"
    LEAF = "leaf"


class Formula(z3.BoolRef):
    """A formula that knows what it is made of; ``weight``: how often it asks about texts.

    Comparisons of numbers, which have no parts, and what Z3's own functions join, are not.
    """

    def __init__(
        self,
        ast: z3.Ast,
        context: z3.Context,
        connective: Connective = Connective.LEAF,
        parts: Sequence[z3.BoolRef] = (),
        weight: int = 0,
    ) -> None:
        super().__init__(ast, context)
        self.connective = connective
        self.parts = parts
        self.weight = weight or sum(map(asks, parts))


def asks(formula: z3.BoolRef) -> int:
    """How often the formula asks about texts; perhaps once, where Z3's own functions joined it."""
    return formula.weight if isinstance(formula, Formula) else int(_joins(formula))


def _joins(formula: z3.BoolRef) -> bool:
    """Whether the formula has parts that are formulas."""
    context, ast = formula.ctx.ref(), formula.as_ast()
    if not z3.Z3_is_app(context, ast):
        return True
    if z3.Z3_get_app_num_args(context, ast) == 0:
        return False
    sort = z3.Z3_get_sort(context, z3.Z3_get_app_arg(context, ast, 0))
    return z3.Z3_get_sort_kind(context, sort) == z3.Z3_BOOL_SORT


def identity(formula: z3.BoolRef) -> int:
    """What equal formulas have in common, and no others while these live: Z3 keeps one copy."""
    return formula.ast.value or 0


@cache
def constant(value: bool) -> z3.BoolRef:
    """The formula that is always ``value``."""
    return z3.BoolVal(value)


def proposition(name: str, weight: int = 0) -> Formula:
    """The free Boolean of that name; ``weight`` 1: it is a question about a text."""
    context = true().ctx
    return Formula(_named(name, context), context, weight=weight)


def definition(name: str, formula: z3.BoolRef) -> Formula:
    """The free Boolean of that name, which stands for the formula where that is assumed."""
    context = formula.ctx
    return Formula(_named(name, context), context, Connective.DEFINED, (formula,))


def _named(name: str, context: z3.Context) -> z3.Ast:
    symbol = z3.Z3_mk_string_symbol(context.ref(), name)
    return z3.Z3_mk_const(context.ref(), symbol, z3.Z3_mk_bool_sort(context.ref()))


def is_constant(part: z3.BoolRef, value: bool) -> bool:
    """Whether the formula is the constant."""
    return identity(part) == identity(constant(value))


def holds(formula: z3.BoolRef, model: z3.ModelRef) -> bool:
    """Whether the formula is true in the model; a Boolean that the model leaves open is false.

    Raises Z3Exception where Z3 cannot tell, as when it has no memory.
    """
    context, value = formula.ctx.ref(), (z3.Ast * 1)()
    if not z3.Z3_model_eval(context, model.model, formula.as_ast(), True, value):
        raise z3.Z3Exception("failed to evaluate expression in the model")
    return value[0].value == true().ast.value


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
    always, never = identity(true()), identity(false())
    kept = [part for part in parts if identity(part) != always]
    if any(identity(part) == never for part in kept):
        return false()
    if len(kept) < 2:
        return kept[0] if kept else true()
    return _joined(z3.Z3_mk_and, kept, Connective.AND)


def either(parts: Iterable[z3.BoolRef]) -> z3.BoolRef:
    """Some part holds; of nothing: false."""
    always, never = identity(true()), identity(false())
    kept = [part for part in parts if identity(part) != never]
    if any(identity(part) == always for part in kept):
        return true()
    if len(kept) < 2:
        return kept[0] if kept else false()
    return _joined(z3.Z3_mk_or, kept, Connective.OR)


def at_most_one(parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    """No two of the parts hold."""
    if len(parts) < 2:
        return true()
    return _joined(_at_most_one, parts, Connective.AT_MOST_ONE)


def _at_most_one(context: object, count: int, operands: object) -> z3.Ast:
    return z3.Z3_mk_atmost(context, count, operands, 1)


def negation(part: z3.BoolRef) -> z3.BoolRef:
    """The part does not hold."""
    if is_constant(part, True):
        return false()
    if is_constant(part, False):
        return true()
    context = part.ctx
    negated = z3.Z3_mk_not(context.ref(), part.as_ast())
    return Formula(negated, context, Connective.NOT, (part,))


def implies(premise: z3.BoolRef, conclusion: z3.BoolRef) -> z3.BoolRef:
    """Where the premise holds, so does the conclusion."""
    if is_constant(premise, True) or is_constant(conclusion, True):
        return conclusion
    if is_constant(premise, False) or is_constant(conclusion, False):
        return negation(premise)
    return _paired(z3.Z3_mk_implies, premise, conclusion, Connective.IMPLIES)


def iff(left: z3.BoolRef, right: z3.BoolRef) -> z3.BoolRef:
    """Both hold, or neither does."""
    for one, other in ((left, right), (right, left)):
        if is_constant(one, True):
            return other
        if is_constant(one, False):
            return negation(other)
    return _paired(z3.Z3_mk_eq, left, right, Connective.EQUAL)


def _joined(
    make: Callable[..., z3.Ast], parts: Sequence[z3.BoolRef], connective: Connective
) -> Formula:
    context = parts[0].ctx
    joined = make(context.ref(), len(parts), _operands(parts))
    return Formula(joined, context, connective, parts)


def _paired(
    make: Callable[..., z3.Ast], one: z3.BoolRef, other: z3.BoolRef, connective: Connective
) -> Formula:
    context = one.ctx
    joined = make(context.ref(), one.as_ast(), other.as_ast())
    return Formula(joined, context, connective, (one, other))


def _operands(parts: Sequence[z3.BoolRef]) -> object:
    return (z3.Ast * len(parts))(*[part.ast for part in parts])
