"""Which choices of a model matter, also where a definition is not assumed."""

from __future__ import annotations

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
