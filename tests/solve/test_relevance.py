"""Which choices of a model matter, also where a definition is not assumed."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
import z3
from generator import policy

import policycheck as pc
from policycheck.solve.question import ask
from policycheck.solve.relevance import relevant
from policycheck.symbolic.boolean import (
    Formula,
    both,
    definition,
    either,
    identity,
    iff,
    implies,
    negation,
    proposition,
)


def choice(free):
    """Z3 chose that ``applies`` holds although the formula that defines it does not."""
    formula = proposition("formula", weight=1)
    applies = definition("applies", formula)
    solver = z3.SimpleSolver()
    solver.add(applies, z3.Not(formula))
    assert solver.check() == z3.sat
    identities = frozenset({identity(applies)}) if free else frozenset()
    return relevant([applies], solver.model(), identities), applies, formula


def test_a_defined_boolean_is_read_through_its_definition():
    found, applies, formula = choice(free=False)
    assert found.of(formula) is False
    assert found.of(applies) is None


def test_without_its_definition_it_is_what_the_model_says():
    found, applies, formula = choice(free=True)
    assert found.of(applies) is True
    assert found.of(formula) is None


def test_what_asks_nothing_of_texts_is_not_walked():
    text, other = proposition("text", weight=1), proposition("other")
    solver = z3.SimpleSolver()
    solver.add(text, other)
    assert solver.check() == z3.sat
    assert not relevant([either((text, other))], solver.model()).leaves
    assert relevant([both(text, other)], solver.model()).leaves == {identity(text): True}


def test_a_formula_whose_parts_are_not_known_is_refused():
    text, other = proposition("text", weight=1), proposition("other")
    solver = z3.SimpleSolver()
    assert solver.check() == z3.sat
    for formula in (text == other, z3.Not(text), z3.And(text, other)):
        with pytest.raises(TypeError, match="the parts of a formula are not known"):
            relevant([either((formula, negation(formula)))], solver.model())


def test_what_matters_makes_random_formulas_true_on_its_own():
    """Fixing the leaves that were found relevant leaves no model in which the formula is false."""
    random = Random(0)
    names = [proposition(name, weight=1) for name in "abcdef"]
    checked = 0
    for _ in range(200):
        formula = formula_of(random, names, 4)
        solver = z3.SimpleSolver()
        solver.add(formula)
        if solver.check() != z3.sat:
            continue
        found = relevant([formula], solver.model())
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
    make = random.choice(
        (both, lambda a, b: either((a, b)), implies, iff, lambda a, _: negation(a))
    )
    return make(one, other)


ASKED = """
version: 1
api: {authorization: iam, stages: [prod, dev], routes: [GET /pets, "ANY /pets/{id}"]}
assertions:
  - id: one
    never_allowed: {path: "/adm*", not: {condition: {StringLike: {"aws:UserAgent": "a*"}}}}
  - {id: two, sometimes_allowed: {method: GET, principal: "arn:aws:iam::000000000001:role/r1"}}
"""


def test_no_question_about_a_text_is_hidden_from_the_walk():
    """Whatever has no parts for it has, for Z3, no atom about a text inside."""
    spec = pc.parse_spec(pc.Source("s", ASKED), Path())
    walked = 0
    for seed in range(6):
        given = pc.Source("p", json.dumps(policy(10, seed, variables=seed % 2 == 1)))
        question = ask(pc.parse_policy(given), spec)
        atoms = question.request.atoms
        texts = {identity(a) for asked in atoms.by_symbol.values() for a in asked.globs.values()}
        texts |= set(map(identity, atoms.equations.values()))
        formulas = [*question.facts, *(f for g in question.goals for f in (g.in_scope, g.breaks))]
        for leaf in leaves(formulas):
            assert identity(leaf) in texts or not texts & parts_for_z3(leaf)
            walked += identity(leaf) in texts
    assert walked > 300


def leaves(formulas):
    """What the walk takes to have no part that asks of texts."""
    seen, waiting = set(), list(formulas)
    while waiting:
        term = waiting.pop()
        if identity(term) in seen:
            continue
        seen.add(identity(term))
        if isinstance(term, Formula) and term.weight and term.parts:
            waiting.extend(term.parts)
        else:
            yield term


def parts_for_z3(term):
    """The identities of all that the term is made of."""
    found, waiting = set(), [term]
    while waiting:
        current = waiting.pop()
        if identity(current) not in found:
            found.add(identity(current))
            waiting.extend(current.children())
    return found
