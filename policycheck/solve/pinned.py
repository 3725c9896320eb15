"""Formulas that are made once and pinned at many requests.

``symbolic.pinning`` makes the formula anew for each request; that costs more than pinning it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

import z3

from policycheck.dataclass import dataclass
from policycheck.model.decision import Outcome
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.predicate import Predicate
from policycheck.model.reading import Readings
from policycheck.model.request import Request
from policycheck.model.workflow import Workflow
from policycheck.symbolic import policy as policies
from policycheck.symbolic import predicate as predicates
from policycheck.symbolic import workflow as workflows
from policycheck.symbolic.binding import bindings
from policycheck.symbolic.pinning import truth
from policycheck.symbolic.request import Request as Symbols
from policycheck.symbolic.request import slots_needed

Formulas = tuple[z3.BoolRef, ...]

_SLOTS = 3
"""How many values of a key with several values are provided for at first."""


@dataclass
class _Made:
    """Formulas over symbols of their own, also with their readings switched."""

    symbols: Symbols
    formulas: Formulas
    switched: dict[frozenset[str], Formulas] = field(default_factory=dict)

    def under(self, readings: Readings) -> Formulas:
        """The formulas under the readings that are switched on, and no others."""
        used = self.symbols.readings
        chosen = frozenset(one.value for one in used if one in readings)
        if chosen not in self.switched:
            pairs = [(flag, z3.BoolVal(one in readings)) for one, flag in used.items()]
            self.switched[chosen] = tuple(z3.substitute(one, *pairs) for one in self.formulas)
        return self.switched[chosen]


@dataclass
class Pinned:
    """Some formulas over the unknown request of an environment.

    ``slots`` says how many values of each key the formulas can tell apart at least, ``make`` builds
    them.
    """

    environment: Environment
    slots: Mapping[str, int]
    make: Callable[[Symbols], Sequence[z3.BoolRef]]
    _made: dict[tuple[tuple[str, int], ...], _Made] = field(default_factory=dict)

    def truths(self, request: Request, readings: Readings) -> tuple[bool, ...]:
        """Which of the formulas hold of a request that the environment admits.

        Raises ValueError if the request does not fit the symbols.
        """
        made = self._for(request)
        bound = bindings(made.symbols, request)
        return tuple(truth(one, bound) for one in made.under(readings))

    def possible(self, request: Request, readings: Readings) -> tuple[frozenset[bool], ...]:
        """The truths that each formula may have, where a workflow leaves parts of it open.

        Raises ValueError if the request does not fit the symbols.
        """
        made = self._for(request)
        bound = bindings(made.symbols, request)
        return tuple(_truths(z3.substitute(one, *bound)) for one in made.under(readings))

    def _for(self, request: Request) -> _Made:
        """The formulas with enough slots for the request's values."""
        several = {name: len(v) for name, v in request.values.items() if len(v) > 1}
        slots = {
            name: max(_SLOTS, self.slots.get(name, 1), several.get(name, 1))
            for name in (*self.slots, *several)
        }
        key = tuple(sorted(slots.items()))
        if key not in self._made:
            symbols = Symbols(self.environment, slots)
            self._made[key] = _Made(symbols, tuple(self.make(symbols)))
        return self._made[key]


def _truths(formula: z3.BoolRef) -> frozenset[bool]:
    """The values of a formula over free Booleans alone."""
    solver = z3.Solver()
    values = {True: formula, False: z3.Not(formula)}
    return frozenset(value for value, one in values.items() if solver.check(one) == z3.sat)


def pinned_policy(
    policy: Policy, environment: Environment
) -> Callable[[Request, Readings], Outcome]:
    """What the formula of the policy says of a request that the environment admits."""
    conditions = (entry for s in policy.statements for entry in s.conditions)

    def make(symbols: Symbols) -> Formulas:
        return policies.formulas(policy, symbols)

    pinned = Pinned(environment, slots_needed(conditions), make)

    def decision(request: Request, readings: Readings) -> Outcome:
        denied, allowed = pinned.truths(request, readings)
        if denied:
            return Outcome.EXPLICIT_DENY
        return Outcome.ALLOW if allowed else Outcome.IMPLICIT_DENY

    return decision


def pinned_workflow(
    policy: Policy, workflow: Workflow, environment: Environment
) -> Callable[[Request, Readings], frozenset[bool]]:
    """Whether the formula of the whole decision is Allow for a request that the environment admits:
    both, where it hangs on what the workflow leaves open."""
    policed = (policy, *workflow.policies)
    conditions = (entry for one in policed for s in one.statements for entry in s.conditions)

    def make(symbols: Symbols) -> Formulas:
        others = workflows.parts(workflow, symbols)
        return (others.allows(*policies.formulas(policy, symbols)),)

    pinned = Pinned(environment, slots_needed(conditions), make)
    return lambda request, readings: pinned.possible(request, readings)[0]


def pinned_predicate(
    predicate: Predicate, environment: Environment
) -> Callable[[Request, Readings], bool]:
    """Whether the formula of the predicate holds of a request that the environment admits."""
    slots = slots_needed(predicates.entries(predicate))
    pinned = Pinned(environment, slots, lambda symbols: (predicates.holds(predicate, symbols),))
    return lambda request, readings: pinned.truths(request, readings)[0]
