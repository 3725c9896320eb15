"""Which requests break an assertion: every combination of scope and decisions."""

from __future__ import annotations

from itertools import product

import pytest
import z3

from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.symbolic.assertion import breaks
from policycheck.symbolic.boolean import (
    at_most_one,
    both,
    constant,
    either,
    every,
    false,
    iff,
    implies,
    negation,
    proposition,
    true,
)

BREAKS = {
    AssertionKind.NEVER_ALLOWED: lambda allowed, _: allowed,
    AssertionKind.SOMETIMES_ALLOWED: lambda allowed, _: allowed,
    AssertionKind.ALWAYS_ALLOWED: lambda allowed, _: not allowed,
    AssertionKind.NO_BROADER_THAN: lambda allowed, baseline: allowed and not baseline,
    AssertionKind.EQUIVALENT_TO: lambda allowed, baseline: allowed is not baseline,
}
A, B, C = (proposition(name) for name in "abc")
BITS = (False, True)


def truth(formula, *values):
    pairs = [(one, z3.BoolVal(value)) for one, value in zip((A, B, C), values, strict=False)]
    return z3.is_true(z3.simplify(z3.substitute(formula, *pairs)))


@pytest.mark.parametrize("kind", AssertionKind)
def test_what_breaks_an_assertion(kind):
    """Rules S2-scope, S2-never, S2-always, S2-sometimes, S2-no-broader, S2-equivalent."""
    formula = breaks(Assertion("a", kind), A, B, C)
    for in_scope, allowed, baseline in product(BITS, repeat=3):
        expected = in_scope and BREAKS[kind](allowed, baseline)
        assert truth(formula, in_scope, allowed, baseline) is expected


CONNECTIVES = [
    (both, lambda *bits: all(bits)),
    (lambda a, b, c: every([a, b, c]), lambda *bits: all(bits)),
    (lambda a, b, c: either([a, b, c]), lambda *bits: any(bits)),
    (lambda a, b, c: at_most_one([a, b, c]), lambda *bits: sum(bits) <= 1),
    (lambda a, _b, _c: negation(a), lambda a, _b, _c: not a),
    (lambda a, b, _c: implies(a, b), lambda a, b, _c: not a or b),
    (lambda a, b, _c: iff(a, b), lambda a, b, _c: a is b),
]


@pytest.mark.parametrize(("make", "expected"), CONNECTIVES)
def test_a_connective_is_its_truth_table_whichever_parts_are_constant(make, expected):
    for bits in product(BITS, repeat=3):
        for fixed in product(BITS, repeat=3):
            parts = [
                constant(bit) if is_fixed else part
                for bit, is_fixed, part in zip(bits, fixed, (A, B, C), strict=True)
            ]
            assert truth(make(*parts), *bits) is expected(*bits)


def test_connectives_of_nothing_and_of_one():
    assert z3.is_true(every([]))
    assert z3.is_false(either([]))
    assert z3.is_true(at_most_one([]))
    assert every([A]).eq(A)
    assert either([A]).eq(A)


def test_a_constant_part_leaves_no_trace():
    """Other parts of the program look for constants to say less."""
    holds, never = constant(True), constant(False)
    for formula, simple in [
        (both(A, holds), A),
        (both(A, never), never),
        (both(A, B, never), never),
        (either([A, never]), A),
        (either([A, holds]), holds),
        (either([A, B, holds]), holds),
        (implies(holds, A), A),
        (implies(never, A), holds),
        (implies(A, holds), holds),
        (implies(A, never), negation(A)),
        (iff(A, holds), A),
        (iff(holds, A), A),
        (iff(A, never), negation(A)),
        (iff(never, A), negation(A)),
        (negation(holds), never),
        (negation(never), holds),
        (false(), never),
        (true(), holds),
    ]:
        assert formula.eq(simple)


def test_two_parts_of_which_one_holds_at_most():
    formula = at_most_one([A, B])
    assert [truth(formula, *bits) for bits in product(BITS, repeat=2)] == [True, True, True, False]
