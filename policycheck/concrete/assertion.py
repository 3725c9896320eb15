"""Which requests an assertion speaks of, and which of them contradict it."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from policycheck.concrete import policy as policies
from policycheck.concrete.predicate import holds
from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.model.policy import Policy
from policycheck.model.reading import DEFAULT_READINGS, Readings
from policycheck.model.request import Request

Allows = Callable[[Policy, Request, Readings], bool]
"""Whether a request is allowed: by a policy alone, or by a workflow of which it is a part."""


def in_scope(assertion: Assertion, request: Request, readings: Readings = DEFAULT_READINGS) -> bool:
    """Whether the assertion speaks of the request (S2-scope)."""
    return holds(assertion.predicate, request, readings)


def breaks(
    assertion: Assertion,
    policy: Policy,
    request: Request,
    readings: Readings = DEFAULT_READINGS,
    allows: Allows = policies.allows,
) -> bool:
    """Whether the request alone shows that the policy does not keep the assertion.

    No single request can show that of ``sometimes_allowed``; see :func:`witnesses`.
    Rules: S2-never, S2-always, S2-sometimes, S2-no-broader, S2-equivalent.
    """
    if not in_scope(assertion, request, readings):
        return False
    match assertion.kind:
        case AssertionKind.NEVER_ALLOWED:
            return allows(policy, request, readings)
        case AssertionKind.ALWAYS_ALLOWED:
            return not allows(policy, request, readings)
        case AssertionKind.SOMETIMES_ALLOWED:
            return False
        case AssertionKind.NO_BROADER_THAN:
            baseline = allows(_baseline(assertion), request, readings)
            return allows(policy, request, readings) and not baseline
        case AssertionKind.EQUIVALENT_TO:
            baseline = allows(_baseline(assertion), request, readings)
            return allows(policy, request, readings) is not baseline
    assert_never(assertion.kind)


def witnesses(
    assertion: Assertion,
    policy: Policy,
    request: Request,
    readings: Readings = DEFAULT_READINGS,
    allows: Allows = policies.allows,
) -> bool:
    """Whether the request alone shows that ``sometimes_allowed`` holds (S2-sometimes)."""
    return in_scope(assertion, request, readings) and allows(policy, request, readings)


def _baseline(assertion: Assertion) -> Policy:
    if assertion.baseline is None:
        raise ValueError(f"the assertion {assertion.id} has no baseline to compare with")
    return assertion.baseline
