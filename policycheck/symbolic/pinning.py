"""A formula at one known request, by substitution and simplification: no solver is asked.

The request must be one that the environment admits; what does not fit the symbols (a resource of
another shape, say) raises ValueError.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import z3

from policycheck.model.decision import Outcome
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.predicate import Predicate
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings
from policycheck.model.request import Request as ConcreteRequest
from policycheck.symbolic import policy as policies
from policycheck.symbolic import predicate as predicates
from policycheck.symbolic.binding import Pair, bindings
from policycheck.symbolic.request import Request, slots_needed


def decision_at(
    policy: Policy,
    request: ConcreteRequest,
    environment: Environment,
    readings: Readings = DEFAULT_READINGS,
) -> Outcome:
    """What the formula of the policy says of the request."""
    conditions = (entry for s in policy.statements for entry in s.conditions)
    symbols = _symbols(environment, slots_needed(conditions), request, readings)
    denied, allowed = policies.formulas(policy, symbols)
    if at(denied, symbols, request):
        return Outcome.EXPLICIT_DENY
    return Outcome.ALLOW if at(allowed, symbols, request) else Outcome.IMPLICIT_DENY


def holds_at(
    predicate: Predicate,
    request: ConcreteRequest,
    environment: Environment,
    readings: Readings = DEFAULT_READINGS,
) -> bool:
    """Whether the formula of the predicate holds of the request."""
    needed = slots_needed(predicates.entries(predicate))
    symbols = _symbols(environment, needed, request, readings)
    return at(predicates.holds(predicate, symbols), symbols, request)


def _symbols(
    environment: Environment,
    needed: Mapping[str, int],
    request: ConcreteRequest,
    readings: Readings,
) -> Request:
    slots = {name: max(len(values), 1) for name, values in request.values.items()}
    slots = {name: max(count, slots.get(name, 1)) for name, count in {**slots, **needed}.items()}
    return Request(environment, slots, {reading: reading in readings for reading in Reading})


def at(formula: z3.BoolRef, symbols: Request, request: ConcreteRequest) -> bool:
    """The truth of a formula over ``symbols`` at the request.

    Raises ValueError if the request does not fit the symbols or leaves the formula open.
    """
    return truth(formula, bindings(symbols, request))


def truth(formula: z3.BoolRef, bound: Sequence[Pair]) -> bool:
    """The truth of a formula whose symbols are bound. Raises ValueError if it stays open."""
    value = z3.simplify(z3.substitute(formula, *bound))
    if z3.is_true(value) or z3.is_false(value):
        return z3.is_true(value)
    raise ValueError(f"the request leaves open: {value.sexpr()}")
