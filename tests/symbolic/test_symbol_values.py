"""What symbols can be, at every small value, and the questions that are asked of them."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
import z3
from valued import words

from policycheck.model.address import AddressBetween, Family
from policycheck.model.text import Wildcard
from policycheck.symbolic.boolean import asks
from policycheck.symbolic.symbols import (
    AddressSymbol,
    Atoms,
    Domain,
    Glob,
    TextSymbol,
    WordEquation,
    spell,
)
from policycheck.symbolic.text import symbol_matches

RUN, ONCE = Wildcard.RUN, Wildcard.ONE
TOP = 2**32 - 1
RANGES = [
    [(2, 3), (7, 7), (9, 12)],
    [(0, 1), (4, 4)],
    [(5, 5)],
    [(0, 0), (TOP, TOP)],
    [(3, TOP)],
    [(0, TOP)],
]
PLACES = [*range(-1, 15), TOP - 1, TOP, TOP + 1]


def symbol_in(ranges):
    return AddressSymbol("a", Family.V4, tuple(AddressBetween(Family.V4, *one) for one in ranges))


@pytest.mark.parametrize("ranges", RANGES)
def test_bounds_that_part_the_same_addresses_are_one(ranges):
    """Rule D3-not-public. Every pair of bounds, against the addresses themselves."""
    symbol = symbol_in(ranges)
    possible = [one for one in PLACES if any(first <= one <= last for first, last in ranges)]
    for place in PLACES:
        assert symbol.admits(place) is (place in possible)
    for wanted in PLACES:
        bound = symbol.bound(wanted)
        below = [one for one in possible if one < wanted]
        assert [one for one in possible if one < bound] == below
        assert (bound == 0) is (not below)
        assert (bound == 2**32) is (below == possible)
        if 0 < bound < 2**32:
            assert symbol.least(bound) == min(one for one in possible if one >= bound)
            assert symbol.bound(bound) == bound


def test_the_bounds_of_an_address_that_can_be_any():
    for family, width in ((Family.V4, 32), (Family.V6, 128)):
        symbol = AddressSymbol("a", family)
        assert [symbol.bound(one) for one in (-5, 0, 1, 2**width, 2**width + 1)] == [
            *(0, 0, 1, 2**width, 2**width),
        ]
        assert symbol.least(7) == 7
        assert symbol.admits(0)


DOMAINS = [
    (Domain(), lambda text: True),
    (Domain(allowed=frozenset("ab")), lambda text: set(text) <= set("ab")),
    (Domain(forbidden=frozenset("a")), lambda text: "a" not in text),
    (
        Domain(allowed=frozenset("ab"), forbidden=frozenset("a"), shortest=1),
        lambda text: text != "" and set(text) <= {"b"},
    ),
    (Domain(shortest=1, longest=2), lambda text: 1 <= len(text) <= 2),
    (Domain(longest=0), lambda text: text == ""),
    (Domain(choices=("", "ab"), shortest=3), lambda text: text in {"", "ab"}),
    (Domain(choices=()), lambda text: False),
]


@pytest.mark.parametrize(("domain", "expected"), DOMAINS)
def test_what_a_symbol_can_hold(domain, expected):
    for text in words("abc", 3):
        assert domain.admits(text) is expected(text)


def test_a_run_behind_a_run_is_left_out():
    for tokens in product(("a", RUN, ONCE), repeat=4):
        kept = Glob(tokens).tokens
        assert not any(one is other is RUN for one, other in pairwise(kept))
        expected = [
            one
            for one, before in zip(tokens, ("", *tokens), strict=False)
            if not (one is RUN and before is RUN)
        ]
        assert list(kept) == expected


def test_a_glob_is_written_with_its_symbols_in_braces():
    assert spell(Glob(("a", RUN, ONCE, TextSymbol("t"), "b"))) == "a*?{t}b"


def test_the_symbols_of_an_equation_are_those_of_both_sides():
    one, two = TextSymbol("one"), TextSymbol("two")
    equation = WordEquation(("a", one), (RUN, two, "b"))
    assert equation.symbols == {one, two}
    assert WordEquation(("a",), ("a",)).symbols == frozenset()


def test_a_question_is_asked_once_and_says_of_what():
    atoms, text = Atoms(), TextSymbol("t", Domain(forbidden=frozenset("x")))
    literal = atoms.equals(text, "a")
    glob = atoms.member(text, Glob(("a", RUN)))
    assert str(literal) == "literal 0: t"
    assert str(glob) == "glob 1: t"
    assert str(atoms.of(text).is_literal) == "chosen: t"
    assert atoms.equals(text, "a") is literal
    assert atoms.member(text, Glob(("a", RUN))) is glob
    assert atoms.member(text, Glob(("a",))) is literal
    assert z3.is_false(atoms.equals(text, "x"))
    assert atoms.of(text).literals == {"a": literal}
    assert atoms.of(text).globs == {Glob(("a", RUN)): glob}
    assert (asks(literal), asks(glob)) == (0, 1)


def test_an_equation_brings_the_choices_of_its_symbols_into_use():
    atoms = Atoms()
    chosen, free = TextSymbol("c", Domain(choices=("a", "b"))), TextSymbol("f")
    equation = WordEquation((free,), (chosen, RUN))
    solved = atoms.solves(equation)
    assert str(solved) == "word 0"
    assert asks(solved) == 2
    assert atoms.solves(equation) is solved
    assert str(atoms.solves(WordEquation((free,), ("x", chosen)))) == "word 1"
    assert list(atoms.by_symbol) == [chosen, free]
    assert list(atoms.of(chosen).literals) == ["a", "b"]
    assert atoms.of(free).literals == {}
    assert z3.is_true(atoms.of(chosen).is_literal)


def possible(facts, asked):
    solver = z3.Solver()
    solver.add(*facts)
    found = set()
    for bits in product((False, True), repeat=len(asked)):
        known = [one if bit else z3.Not(one) for one, bit in zip(asked, bits, strict=True)]
        if solver.check(*known) == z3.sat:
            found.add(bits)
    return found


def test_a_symbol_of_a_few_choices_is_one_of_them_once_all_are_asked_for():
    atoms, chosen = Atoms(), TextSymbol("c", Domain(choices=("a", "b", "a")))
    one = atoms.equals(chosen, "a")
    assert possible(atoms.choices(), [one]) == {(False,), (True,)}
    two = atoms.equals(chosen, "b")
    assert possible(atoms.choices(), [one, two]) == {(False, True), (True, False)}


def test_a_symbol_without_literals_is_none():
    atoms, free = Atoms(), TextSymbol("f")
    atoms.of(free)
    assert all(z3.is_true(one) for one in atoms.choices())
    literal = atoms.equals(free, "a")
    found = possible(atoms.choices(), [atoms.of(free).is_literal, literal])
    assert found == {(False, False), (True, True)}


def test_no_name_of_an_atom_is_a_text_of_the_policy():
    """Z3 keeps every name until the process ends, so memory would grow with what it has seen."""
    atoms, secret, text = Atoms(), "a-text-of-its-own", TextSymbol("t")
    asked = [atoms.equals(text, secret), atoms.member(text, Glob((secret, RUN)))]
    asked += [atoms.below(symbol_in([(0, 10**9)]), 123456789)]
    assert not [one for one in map(str, asked) if secret in one or "123456789" in one]


def test_bounds_of_addresses_are_asked_once():
    atoms = Atoms()
    symbol = symbol_in([(2, 3), (7, 9)])
    assert z3.is_false(atoms.below(symbol, 2))
    assert z3.is_true(atoms.below(symbol, 10))
    assert atoms.bounds == {}
    assert atoms.below(symbol, 4) is atoms.below(symbol, 7)
    assert str(atoms.below(symbol, 4)) == "bound 0: a"
    below = {one: atoms.below(symbol, one) for one in (9, 3, 4)}
    assert set(atoms.bounds[symbol]) == {3, 4, 9}
    rising = [below[one] for one in (3, 4, 9)]
    assert possible(atoms.orders(), rising) == {
        (False, False, False),
        (False, False, True),
        (False, True, True),
        (True, True, True),
    }


def test_the_characters_of_an_equation_stay_together():
    """Rule B6-variable-literal."""
    atoms, free, part = Atoms(), TextSymbol("f"), TextSymbol("p")
    symbol_matches(free, Glob(("a", "b", part, "c", RUN, "d", "e")), atoms)
    (equation,) = atoms.equations
    assert equation.pattern == ("ab", part, "c", RUN, "de")
    assert equation.text == (free,)
