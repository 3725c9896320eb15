"""The unknown request of a region's question, and requests that show that cells exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import z3

from policycheck.concrete import environment as concrete_environment
from policycheck.dataclass import dataclass
from policycheck.diagnostics import DisagreementError
from policycheck.model.environment import MAX_RESOURCE_BYTES, Environment
from policycheck.model.predicate import Predicate
from policycheck.model.reading import Reading
from policycheck.model.request import Request as ConcreteRequest
from policycheck.solve.assignment import Assignment, extract, request_of
from policycheck.solve.limits import Deadline, Limits, UndecidedError
from policycheck.solve.question import shown_keys
from policycheck.solve.solver import Sat, Solver
from policycheck.symbolic import environment, predicate
from policycheck.symbolic.boolean import true
from policycheck.symbolic.request import Request, slots_needed


@dataclass(frozen=True)
class Shown:
    """A request that the solver found, and the model that it was made from."""

    request: ConcreteRequest
    assignment: Assignment


@dataclass(frozen=True)
class Space:
    """All requests that can exist under some readings, and what the predicates say of them."""

    known: Environment
    readings: frozenset[Reading]
    request: Request
    formulas: Mapping[Predicate, z3.BoolRef]
    solver: Solver
    deadline: Deadline

    @cached_property
    def base(self) -> ConcreteRequest | None:
        """Some request that can exist, or None if there is none."""
        found = self.example(true())
        return found.request if found else None

    def example(self, goal: z3.BoolRef) -> Shown | None:
        """A request of which the goal holds, or None if there is none.

        Raises UndecidedError beyond the limits.
        """
        found = self.solver.check(goal, (), self.deadline)
        if not isinstance(found, Sat):
            return None
        assignment = extract(self.request, found)
        request = request_of(assignment)
        refused = concrete_environment.objection(self.known, request, self.readings)
        if refused is not None:
            raise not_confirmed(assignment, request, refused)
        return Shown(request, assignment)


def not_confirmed(assignment: Assignment, request: ConcreteRequest, reason: str) -> Exception:
    """Why a request of the solver's is not what it should be: a limit of the formulas, or else a
    disagreement between the two readings of AWS."""
    if any(symbol.loose for symbol in assignment.texts):
        return UndecidedError("the answer hangs on how AWS spells a value that a variable names")
    if len(request.resource.encode()) > MAX_RESOURCE_BYTES:
        return UndecidedError(f"only resources of over {MAX_RESOURCE_BYTES} bytes were found")
    return DisagreementError(
        f"a request of the solver's is not confirmed by the concrete evaluator ({reason}): "
        f"{request}"
    )


def space(
    known: Environment,
    predicates: Sequence[Predicate],
    readings: frozenset[Reading],
    limits: Limits,
    deadline: Deadline,
) -> Space:
    """The space in which the predicates are the questions."""
    entries = [entry for one in predicates for entry in predicate.entries(one)]
    switched = {reading: reading in readings for reading in Reading}
    request = Request(known, slots_needed(entries), switched, deadline.check)
    show(shown_keys(known), request)
    formulas = {one: predicate.holds(one, request) for one in predicates}
    facts = tuple(environment.admits(known, request))
    solver = Solver(request.atoms, limits)
    solver.start(facts, deadline)
    return Space(known, readings, request, formulas, solver, deadline)


def show(keys: Iterable[str], request: Request) -> None:
    """Bring the keys into use, so that every model shows them."""
    for name in keys:
        request.show(name)
