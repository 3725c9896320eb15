"""Assertions as formulas: the requests of which one speaks, and those that break it."""

from __future__ import annotations

from typing import assert_never

import z3

from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.symbolic.boolean import both, iff, negation


def breaks(
    assertion: Assertion, in_scope: z3.BoolRef, allowed: z3.BoolRef, baseline: z3.BoolRef
) -> z3.BoolRef:
    """The request is in scope and contradicts the assertion.

    Rules: S2-scope, S2-never, S2-always, S2-sometimes, S2-no-broader, S2-equivalent.

    For SOMETIMES_ALLOWED: the request is in scope and allowed, so it is a witness. ``baseline``
    says whether the policy compared with allows the request.
    """
    match assertion.kind:
        case AssertionKind.NEVER_ALLOWED | AssertionKind.SOMETIMES_ALLOWED:
            return both(in_scope, allowed)
        case AssertionKind.ALWAYS_ALLOWED:
            return both(in_scope, negation(allowed))
        case AssertionKind.NO_BROADER_THAN:
            return both(in_scope, allowed, negation(baseline))
        case AssertionKind.EQUIVALENT_TO:
            return both(in_scope, negation(iff(allowed, baseline)))
    assert_never(assertion.kind)
