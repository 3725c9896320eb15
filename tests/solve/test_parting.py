"""Globs whose beginnings or ends part: what is said of them holds of every text, and is enough."""

from __future__ import annotations

from itertools import combinations

import pytest
import z3
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policycheck.model.text import Wildcard
from policycheck.solve.parting import part, parting
from policycheck.symbolic.automata import contains
from policycheck.symbolic.boolean import negation
from policycheck.symbolic.symbols import Atoms, Glob, TextSymbol

TEXT = TextSymbol("text")
TOKENS = {"*": Wildcard.RUN, "?": Wildcard.ONE}


def glob(text, *, ignore_case=False):
    return Glob(tuple(TOKENS.get(char, char) for char in text), ignore_case)


PATTERNS = st.text("aAbß*?", min_size=1, max_size=5)
GLOBS = st.lists(st.builds(glob, PATTERNS, ignore_case=st.booleans()), max_size=6)


def asked(globs):
    """The atoms of the globs that are no single texts."""
    atoms = Atoms()
    for one in globs:
        if one.literal is None:
            atoms.member(TEXT, one)
    return atoms.of(TEXT)


def is_possible(facts, *formulas):
    solver = z3.SimpleSolver()
    solver.add(*facts)
    return solver.check(*formulas) == z3.sat


@settings(deadline=None, derandomize=True, max_examples=500)
@given(GLOBS, st.text("aAbBßSs", max_size=5))
@example([glob("a*", ignore_case=True), glob("A*")], "A")
@example([glob("a*"), glob("ab*"), glob("ac*")], "ab")
@example([glob("?*a", ignore_case=True), glob("?*A")], "bA")
def test_every_text_is_still_possible(globs, text):
    atoms = asked(globs)
    said = [a if contains(g, text) else negation(a) for g, a in atoms.globs.items()]
    assert is_possible(parting(atoms), *said)


@settings(deadline=None, derandomize=True, max_examples=500)
@given(GLOBS)
def test_no_two_globs_hold_whose_beginnings_or_ends_part(globs):
    atoms = asked(globs)
    folds = any(one.ignore_case for one in atoms.globs)
    for (one, first), (other, second) in combinations(atoms.globs.items(), 2):
        if part([one, other]) and not folds:
            assert not is_possible(parting(atoms), first, second)


@pytest.mark.parametrize(
    ("texts", "parts"),
    [
        (["a*", "b*"], True),
        (["a*", "ab*"], False),
        (["a*", "ab*", "ac*"], True),
        (["*a", "*b"], True),
        (["*a", "*ba"], False),
        (["a*b", "a*c"], True),
        (["?a*", "?b*"], False),
        (["*"], False),
        ([], False),
    ],
)
def test_which_globs_part(texts, parts):
    assert part(map(glob, texts)) is parts


def test_one_that_ignores_case_has_all_compared_so():
    assert not part([glob("a*"), glob("A*", ignore_case=True)])
    assert part([glob("a*"), glob("B*", ignore_case=True)])
    assert part([glob("a*"), glob("A*")])


def test_a_branching_is_one_clause():
    """Two hundred globs that exclude each other take a clause, not twenty thousand."""
    atoms = asked([glob(f"{chr(0x400 + index)}*") for index in range(200)])
    assert len(list(parting(atoms))) == 1


def test_below_a_branching_are_others():
    atoms = asked([glob(text) for text in ("a*", "ab*", "ac*", "ba*", "bb*")])
    a, ab, ac, ba, bb = atoms.globs.values()
    facts = list(parting(atoms))
    assert is_possible(facts, a, ab)
    for one, other in ((a, ba), (ab, ac), (ab, bb), (ac, ba), (ba, bb)):
        assert not is_possible(facts, one, other)
