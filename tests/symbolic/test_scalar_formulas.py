"""Formulas over addresses, instants and numbers against the concrete relations."""

from __future__ import annotations

from itertools import product

import pytest
import z3
from formulas import Laws

from policycheck.concrete.address import contains
from policycheck.concrete.order import parse_number
from policycheck.concrete.order import recurs as concrete_recurs
from policycheck.model.address import Address, AddressBetween, AddressIn, Family
from policycheck.model.order import SECONDS_A_DAY, Recurs
from policycheck.model.reading import Reading
from policycheck.symbolic import address
from policycheck.symbolic.boolean import iff
from policycheck.symbolic.literals import number
from policycheck.symbolic.order import recurs
from policycheck.symbolic.symbols import Atoms, Glob, TextSymbol

V4, V6 = Family.V4, Family.V6
RELATIONS = [
    AddressBetween(V4, 10, 19),
    AddressBetween(V4, 20, 20),
    AddressBetween(V6, 10, 1 << 127),
    AddressIn(V4, 16, 30),
    AddressIn(V4, 17, 32, bare=True),
    AddressIn(V4, 0, 0),
    AddressIn(V6, 0x20010DB8 << 96, 48),
    AddressIn(V6, (0x20010DB8 << 96) + 5, 128, bare=True),
    AddressIn(V6, (0x20010DB8 << 96) + 5, 128),
]
BASE = 0x20010DB8 << 96
ADDRESSES = [
    *(Address(V4, one) for one in (0, 9, 10, 15, 16, 17, 19, 20, 21, 2**32 - 1)),
    *(Address(V6, one) for one in (9, 10, 1 << 127, (1 << 127) + 1, 2**128 - 1)),
    *(Address(V6, BASE + one) for one in (-1, 0, 5, 6, 1 << 80, (1 << 96) - 1, 1 << 96)),
]


def asked(switched):
    """A request with an address, and its truth at a known one."""
    laws = Laws(switched=dict.fromkeys(Reading, switched))
    actual = laws.request.key("x:address").slots[0].value

    def truth(formula, known):
        symbol = actual.v6 if known.family is V6 else actual.v4
        pairs = [(actual.is_v6, z3.BoolVal(known.family is V6))]
        for one, bounds in laws.request.atoms.bounds.items():
            place = known.value if one == symbol else 0
            pairs += [(atom, z3.BoolVal(place < bound)) for bound, atom in bounds.items()]
        return z3.is_true(z3.simplify(z3.substitute(formula, *pairs)))

    return laws.request, actual, truth


@pytest.mark.parametrize("switched", [False, True])
def test_an_address_lies_in_what_contains_it(switched):
    """Rules B3-address-block, B3-address-bare-ipv6, B3-address-families, S1-range."""
    request, actual, truth = asked(switched)
    readings = frozenset(Reading) if switched else frozenset()
    for wanted in RELATIONS:
        alone = address.matches(actual, wanted, request)
        listed = address.some_match(actual, [wanted], request)
        for known in ADDRESSES:
            expected = contains(known, wanted, readings)
            assert truth(alone, known) is expected, (wanted, known)
            assert truth(listed, known) is expected, (wanted, known)


def test_an_address_lies_in_some_of_several():
    request, actual, truth = asked(switched=True)
    readings = frozenset(Reading)
    some = address.some_match(actual, RELATIONS[:5], request)
    for known in ADDRESSES:
        expected = any(contains(known, one, readings) for one in RELATIONS[:5])
        assert truth(some, known) is expected


HALVES = [
    [AddressIn(V6, BASE, 33), AddressIn(V6, BASE + (1 << 95), 33)],
    [AddressIn(V4, 16, 31), AddressIn(V4, 18, 31, bare=True)],
    [AddressBetween(V6, 5, 6), AddressBetween(V6, 7, 9)],
]


@pytest.mark.parametrize("wanted", HALVES)
def test_what_touches_is_one_range(wanted):
    """Rule B3-address-block. Two bounds part it from what lies beside it."""
    request, actual, _ = asked(switched=False)
    address.some_match(actual, wanted, request)
    (bounds,) = request.atoms.bounds.values()
    assert len(bounds) == 2


WINDOWS = [
    Recurs(start, end, frozenset(days), offset)
    for start, end in ((9 * 3600, 17 * 3600), (22 * 3600, 6 * 3600), (3600, 3600), (0, 86_400))
    for days in ({0, 4}, {6}, {0, 1, 2, 3, 4, 5, 6})
    for offset in (0, 19_800, -36_000)
]
HOURS = [hour * 3600 + second for hour in range(-30, 8 * 24) for second in (-1, 0)]


@pytest.mark.parametrize("wanted", WINDOWS)
def test_a_time_recurs_on_its_days(wanted):
    """Rule S1-recurs."""
    second = z3.Int("second")
    formula = recurs(second, wanted)
    for hour in HOURS[:: 1 if wanted.offset == 0 else 7]:
        at_hour = z3.simplify(z3.substitute(formula, (second, z3.IntVal(hour))))
        assert z3.is_true(at_hour) is concrete_recurs(hour, wanted), hour


def test_a_day_later_is_the_next_weekday():
    second = z3.Int("second")
    monday = recurs(second, Recurs(0, 86_400, frozenset({0}), 0))
    shifted = recurs(second + SECONDS_A_DAY, Recurs(0, 86_400, frozenset({1}), 0))
    assert Laws().is_valid(iff(monday, shifted))


NUMBERS = [
    *("0", "-0", "1.50", "1e2", "1E2", "1e+2", "-1e-2", "1e100", "1e-100", "1e0100"),
    *("1e101", "1E101", "1e-101", "01", "+1", ".5", "1.", "1e", "", " 1", "1 ", "0x1", "1_0"),
    *("NaN", "Infinity", "-Infinity", "null", "true", '"1"', "[1]", "1" * 100, "1" * 101),
]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read_alike_by_both(text):
    """Rule B3-number-text."""
    try:
        found = number(text)
    except ValueError:
        found = None
    assert found == parse_number(text)


def test_a_language_that_folds_letters_has_one_text_only_without_them():
    """Rule B3-text-ignore-case."""
    for tokens, literal in [("1-", "1-"), ("a", None), ("1A", None), ("é", "é"), ("1", "1")]:
        assert Glob(tuple(tokens), ignore_case=True).literal == literal
        assert Glob(tuple(tokens)).literal == tokens
    assert Glob((TextSymbol("t"),)).literal is None


def test_a_greater_bound_is_not_passed_by_less():
    """Every pair of neighbours among the bounds, and none of other addresses."""
    request, actual, _ = asked(switched=False)
    atoms = request.atoms
    below = {bound: atoms.below(actual.v4, bound) for bound in (30, 10, 20)}
    other = atoms.below(actual.v6, 15)
    solver = z3.Solver()
    solver.add(*atoms.orders())
    possible = {
        bits
        for bits in product((False, True), repeat=4)
        if solver.check(
            *(
                one == z3.BoolVal(bit)
                for one, bit in zip((below[10], below[20], below[30], other), bits, strict=True)
            )
        )
        == z3.sat
    }
    rising = [(False, False, False), (False, False, True), (False, True, True), (True, True, True)]
    assert possible == {(*row, bit) for row in rising for bit in (False, True)}


def test_a_text_is_at_most_one_of_its_literals():
    atoms = Atoms()
    symbol = TextSymbol("t")
    one, two = atoms.equals(symbol, "a"), atoms.equals(symbol, "b")
    solver = z3.Solver()
    solver.add(*atoms.choices())
    assert solver.check(one, two) == z3.unsat
    assert solver.check(one, z3.Not(atoms.of(symbol).is_literal)) == z3.unsat
    assert solver.check(z3.Not(one), z3.Not(two), atoms.of(symbol).is_literal) == z3.unsat
    assert solver.check(one) == solver.check(z3.Not(one), z3.Not(two)) == z3.sat
