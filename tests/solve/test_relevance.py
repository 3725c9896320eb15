"""Which choices of a model matter, also where a definition is not assumed."""

from __future__ import annotations

from random import Random

import z3

from policycheck.solve.relevance import Relevance


def choice(free):
    """Z3 chose that ``applies`` holds although the formula that defines it does not."""
    applies, formula = z3.Bool("applies"), z3.Bool("formula")
    solver = z3.SimpleSolver()
    solver.add(applies, z3.Not(formula))
    assert solver.check() == z3.sat
    texts = frozenset({applies.get_id(), formula.get_id()})
    relevance = Relevance(texts, {applies.get_id(): formula})
    identities = frozenset({applies.get_id()}) if free else frozenset()
    return relevance.choice([applies], solver.model(), identities), applies, formula


def test_a_defined_boolean_is_read_through_its_definition():
    found, applies, formula = choice(free=False)
    assert found.of(formula) is False
    assert found.of(applies) is None


def test_without_its_definition_it_is_what_the_model_says():
    found, applies, formula = choice(free=True)
    assert found.of(applies) is True
    assert found.of(formula) is None


def test_what_matters_makes_random_formulas_true_on_its_own():
    """Fixing the leaves that were found relevant leaves no model in which the formula is false."""
    random = Random(0)
    names = [z3.Bool(name) for name in "abcdef"]
    checked = 0
    for _ in range(200):
        formula = formula_of(random, names, 4)
        solver = z3.SimpleSolver()
        solver.add(formula)
        if solver.check() != z3.sat:
            continue
        relevance = Relevance(frozenset(name.get_id() for name in names), {})
        found = relevance.choice([formula], solver.model(), frozenset())
        fixed = [name == value for name in names if (value := found.of(name)) is not None]
        assert len(fixed) == len(found.leaves)
        other = z3.SimpleSolver()
        other.add(z3.Not(formula), *fixed)
        assert other.check() == z3.unsat
        checked += 1
    assert checked > 100


def formula_of(random, names, depth):
    if depth == 0:
        return random.choice(names)
    one, other = (formula_of(random, names, depth - 1) for _ in range(2))
    make = random.choice((z3.And, z3.Or, z3.Implies, lambda a, b: a == b, lambda a, _: z3.Not(a)))
    return make(one, other)
