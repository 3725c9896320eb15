"""What Z3 is told of literals and addresses: neither more nor less than holds of them."""

from __future__ import annotations

from itertools import combinations, product

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from policycheck.model.address import AddressBetween, Family
from policycheck.model.environment import Environment
from policycheck.solve.demands import chosen_literal
from policycheck.solve.relevance import relevant
from policycheck.symbolic.address import in_ranges
from policycheck.symbolic.boolean import both, either, negation
from policycheck.symbolic.request import Request
from policycheck.symbolic.symbols import AddressSymbol, Atoms, Domain, TextSymbol
from policycheck.symbolic.values import AddressValue

V4 = AddressSymbol("address", Family.V4)
V6 = AddressSymbol("address", Family.V6)


def is_possible(formula, facts):
    solver = z3.Solver()
    solver.add(*facts)
    return solver.check(formula) == z3.sat


@pytest.mark.parametrize("count", [1, 2, 5, 6, 7, 8, 20])
def test_a_symbol_is_at_most_one_of_its_literals(count):
    atoms, symbol = Atoms(), TextSymbol("text")
    literals = [atoms.equals(symbol, f"text {index}") for index in range(count)]
    facts = list(atoms.choices())
    for one, other in combinations(literals, 2):
        assert not is_possible(both(one, other), facts)
    for chosen in literals:
        rest = (negation(one) for one in literals if one is not chosen)
        assert is_possible(both(chosen, *rest), facts)
    assert is_possible(negation(either(literals)), facts)
    is_literal = atoms.of(symbol).is_literal
    assert not is_possible(both(is_literal, *map(negation, literals)), facts)
    assert not is_possible(both(negation(is_literal), either(literals)), facts)


@pytest.mark.parametrize("count", [1, 2, 9])
def test_a_symbol_of_a_closed_list_is_one_of_the_choices(count):
    choices = tuple(f"choice {index}" for index in range(count))
    atoms, symbol = Atoms(), TextSymbol("text", Domain(choices=choices))
    literals = [atoms.equals(symbol, choice) for choice in choices]
    assert atoms.equals(symbol, "none of these") is not None
    facts = list(atoms.choices())
    assert not is_possible(negation(either(literals)), facts)
    assert all(is_possible(one, facts) for one in literals)


def test_only_the_choices_that_are_asked_for_have_an_atom():
    """A model that chose none of them means one of the others."""
    atoms, symbol = Atoms(), TextSymbol("text", Domain(choices=("one", "two", "three")))
    one, two = (atoms.equals(symbol, choice) for choice in ("one", "two"))
    facts = list(atoms.choices())
    for said, texts in {
        both(one, negation(two)): ("one",),
        both(two, negation(one)): ("two",),
        both(negation(one), negation(two)): ("three",),
    }.items():
        solver = z3.Solver()
        solver.add(*facts)
        assert solver.check(said) == z3.sat
        assert chosen_literal(atoms.of(symbol), relevant([said], solver.model())) in texts
    assert not is_possible(both(one, two), facts)


def test_a_choice_that_is_listed_twice_is_one():
    atoms, symbol = Atoms(), TextSymbol("text", Domain(choices=("one", "one")))
    one = atoms.equals(symbol, "one")
    assert not is_possible(negation(one), list(atoms.choices()))


BOUNDS = st.lists(st.integers(-1, (1 << 32) + 1) | st.sampled_from([0, 1, 1 << 32]), max_size=5)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(BOUNDS, st.integers(0, (1 << 32) - 1))
def test_every_address_is_possible_and_nothing_else(bounds, address):
    atoms = Atoms()
    asked = {bound: atoms.below(V4, bound) for bound in bounds}
    facts = list(atoms.orders())
    said = [atom if address < bound else negation(atom) for bound, atom in asked.items()]
    assert is_possible(both(*said), facts)
    for values in product((False, True), repeat=len(asked)):
        chosen = dict(zip(asked, values, strict=True))
        formula = both(*(asked[b] if value else negation(asked[b]) for b, value in chosen.items()))
        least = max((b for b, value in chosen.items() if not value), default=0)
        greatest = min((b for b, value in chosen.items() if value), default=1 << 32) - 1
        exists = max(least, 0) <= min(greatest, (1 << 32) - 1)
        assert is_possible(formula, facts) is exists, chosen


def test_bounds_beyond_the_family_need_no_atom():
    atoms = Atoms()
    for symbol, width in ((V4, 32), (V6, 128)):
        assert z3.is_false(atoms.below(symbol, 0))
        assert z3.is_true(atoms.below(symbol, 1 << width))
        assert not z3.is_true(atoms.below(symbol, (1 << width) - 1))
    assert [len(bounds) for bounds in atoms.bounds.values()] == [1, 1]


@st.composite
def ranges(draw):
    """Ranges of addresses that do not touch, in order."""
    ends = sorted(draw(st.sets(st.integers(0, 30), min_size=2, max_size=8)))
    pairs = zip(ends[::2], ends[1::2], strict=False)
    return tuple(AddressBetween(Family.V4, first, last) for first, last in pairs)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(ranges().filter(bool), st.lists(st.integers(-1, 32), max_size=5))
def test_every_address_of_the_ranges_is_possible_and_nothing_else(found, bounds):
    symbol = AddressSymbol("address", Family.V4, found)
    addresses = [a for one in found for a in range(one.first, one.last + 1)]
    atoms = Atoms()
    asked = {bound: atoms.below(symbol, bound) for bound in bounds}
    facts = list(atoms.orders())
    realised = {tuple(address < bound for bound in asked) for address in addresses}
    for values in product((False, True), repeat=len(asked)):
        chosen = zip(asked.values(), values, strict=True)
        formula = both(*(atom if value else negation(atom) for atom, value in chosen))
        assert is_possible(formula, facts) is (values in realised), values
    for bound in asked:
        least = symbol.least(symbol.bound(bound)) if any(a >= bound for a in addresses) else None
        assert least == min((a for a in addresses if a >= bound), default=None)
    assert [a for a in range(-1, 32) if symbol.admits(a)] == addresses


def test_ranges_that_only_impossible_addresses_part_become_one():
    possible = (AddressBetween(Family.V4, 10, 19), AddressBetween(Family.V4, 30, 39))
    v4, v6 = AddressSymbol("a4", Family.V4, possible), AddressSymbol("a6", Family.V6)
    actual, request = AddressValue(z3.Bool("v6"), v4, v6), Request(Environment())
    atoms = request.atoms
    assert z3.eq(in_ranges(actual, possible, request), negation(actual.is_v6))
    assert z3.is_false(in_ranges(actual, [AddressBetween(Family.V4, 20, 29)], request))
    assert not atoms.bounds
    some = in_ranges(actual, [AddressBetween(Family.V4, 0, 14), possible[1]], request)
    assert not z3.is_true(some)
    assert [list(bounds) for bounds in atoms.bounds.values()] == [[15, 20]]
