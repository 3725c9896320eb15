"""What a formula knows of itself: what joins it, its parts, how often it asks about texts."""

from __future__ import annotations

import pytest
import z3

from policycheck.symbolic import boolean
from policycheck.symbolic.boolean import (
    Connective,
    asks,
    at_most_one,
    both,
    constant,
    definition,
    either,
    every,
    false,
    holds,
    identity,
    iff,
    implies,
    is_constant,
    negation,
    proposition,
    true,
)

A, B = proposition("a"), proposition("b")
TEXT, WORD = proposition("text", 1), proposition("word", weight=2)

JOINED = [
    (lambda: both(A, B), Connective.AND, (A, B)),
    (lambda: every([A, TEXT, true(), B]), Connective.AND, (A, TEXT, B)),
    (lambda: either([A, false(), B]), Connective.OR, (A, B)),
    (lambda: negation(A), Connective.NOT, (A,)),
    (lambda: implies(A, B), Connective.IMPLIES, (A, B)),
    (lambda: iff(A, B), Connective.EQUAL, (A, B)),
    (lambda: at_most_one((A, B, TEXT)), Connective.AT_MOST_ONE, (A, B, TEXT)),
    (lambda: definition("d", A), Connective.DEFINED, (A,)),
    (lambda: proposition("a"), Connective.LEAF, ()),
]


@pytest.mark.parametrize(("make", "connective", "parts"), JOINED)
def test_a_formula_keeps_what_it_is_made_of(make, connective, parts):
    formula = make()
    assert formula.connective is connective
    assert len(formula.parts) == len(parts)
    assert all(one.eq(other) for one, other in zip(formula.parts, parts, strict=True))
    assert formula.ctx is true().ctx


WEIGHTS = [
    (lambda: proposition("a"), 0),
    (lambda: proposition("text", 1), 1),
    (lambda: proposition("word", weight=2), 2),
    (lambda: both(A, B), 0),
    (lambda: both(TEXT, WORD), 3),
    (lambda: either([A, TEXT]), 1),
    (lambda: negation(WORD), 2),
    (lambda: implies(TEXT, TEXT), 2),
    (lambda: iff(A, WORD), 2),
    (lambda: at_most_one([TEXT, TEXT, A]), 2),
    (lambda: definition("d", both(TEXT, WORD)), 3),
    (lambda: either([both(TEXT, A), negation(WORD), z3.Not(A)]), 4),
    (true, 0),
    (lambda: z3.Int("n") <= 1, 0),
    (lambda: z3.Not(A), 1),
    (lambda: z3.And(A, B), 1),
    (lambda: z3.ForAll([z3.Int("n")], z3.Int("n") > z3.Int("m")), 1),
]


@pytest.mark.parametrize(("make", "count"), WEIGHTS)
def test_how_often_a_formula_asks_about_texts(make, count):
    assert asks(make()) == count


def test_a_definition_is_a_symbol_of_its_name_and_not_what_it_stands_for():
    assert z3.is_const(definition("d", both(A, B)))
    assert str(definition("d", both(A, B))) == "d"
    assert definition("d", A).eq(proposition("d"))


def test_equal_formulas_are_one_and_others_are_not():
    assert identity(both(A, B)) == identity(both(A, B))
    assert identity(both(A, B)) != identity(both(B, A))
    assert is_constant(true(), True)
    assert is_constant(false(), False)
    assert not is_constant(true(), False)
    assert not is_constant(A, True)
    assert constant(True).eq(z3.BoolVal(True))


def model_of(*formulas):
    solver = z3.Solver()
    solver.add(*formulas)
    assert solver.check() == z3.sat
    return solver.model()


def test_what_holds_in_a_model():
    model = model_of(A, z3.Not(B))
    assert holds(A, model)
    assert not holds(B, model)
    assert holds(negation(B), model)
    assert not holds(proposition("left open"), model)
    assert holds(true(), model)


def test_a_model_that_cannot_be_asked_is_an_error(monkeypatch):
    monkeypatch.setattr(boolean.z3, "Z3_model_eval", lambda *_: False)
    with pytest.raises(z3.Z3Exception, match=r"^failed to evaluate expression in the model$"):
        holds(A, model_of(A))
