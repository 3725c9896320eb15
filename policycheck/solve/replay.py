"""Replaying what the solver found on the concrete evaluator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from policycheck.concrete import environment as concrete_environment
from policycheck.concrete import policy as policies
from policycheck.concrete import workflow as workflows
from policycheck.concrete.assertion import Allows, breaks, witnesses
from policycheck.dataclass import dataclass
from policycheck.diagnostics import DisagreementError
from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.model.decision import Decision, Outcome
from policycheck.model.environment import MAX_RESOURCE_BYTES, Environment
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading, Readings
from policycheck.model.request import Request
from policycheck.model.verdict import Example
from policycheck.model.workflow import Answers, Workflow
from policycheck.solve.assignment import Assignment, extract, request_of
from policycheck.solve.counterexample import polished
from policycheck.solve.limits import UndecidedError
from policycheck.solve.solver import Sat
from policycheck.symbolic.request import Request as SymbolicRequest


@dataclass(frozen=True)
class Showing:
    """How a request is decided: the evaluator, and what a workflow's other parts answer."""

    decide: Callable[[Policy, Request, Readings], Decision]
    answers: Answers | None = None

    def allows(self, policy: Policy, request: Request, readings: Readings) -> bool:
        """Whether the decision is Allow."""
        return self.decide(policy, request, readings).outcome is Outcome.ALLOW


@dataclass(frozen=True)
class Replay:
    """The concrete side of one assertion about one policy, alone or as a part of a workflow."""

    assertion: Assertion
    policy: Policy
    environment: Environment
    workflow: Workflow | None = None

    def shows(self, request: Request, readings: Readings) -> bool:
        """Whether the request can exist and breaks the assertion (witnesses SOMETIMES_ALLOWED),
        whatever makes it do so being among the answers that a workflow leaves open."""
        return self._shown(request, readings) is not None

    def _shown(self, request: Request, readings: Readings) -> Showing | None:
        for one in self._ways(request, readings):
            if self._breaks(request, readings, one.allows):
                admitted = concrete_environment.admits(self.environment, request, readings)
                return one if admitted else None
        return None

    def _ways(self, request: Request, readings: Readings) -> Iterator[Showing]:
        """The ways in which the request may be decided."""
        if self.workflow is None:
            yield Showing(policies.evaluate)
            return
        for answers in workflows.possible_answers(self.workflow, request, readings):
            yield Showing(partial(workflows.evaluate_all, self.workflow, answers), answers)

    def _breaks(self, request: Request, readings: Readings, allows: Allows) -> bool:
        if self.assertion.kind is AssertionKind.SOMETIMES_ALLOWED:
            return witnesses(self.assertion, self.policy, request, readings, allows)
        return breaks(self.assertion, self.policy, request, readings, allows)

    def example(self, symbols: SymbolicRequest, found: Sat) -> Example:
        """The request of a model, replayed and made plain.

        Raises DisagreementError if the concrete evaluator does not confirm it, UndecidedError
        if the model hangs on something that the formulas only approximate.
        """
        confirmation = Confirmation(self.environment, self._decided, repr(self.assertion.id))
        request, readings = confirmation.request(symbols, found)
        way = self._shown(request, readings)
        if way is None:
            raise DisagreementError(f"a confirmed request is confirmed no more: {request}")
        return self._example(request, readings, way)

    def _decided(self, request: Request, readings: Readings) -> object | None:
        """In which way the request shows what it is to show, and how it is decided."""
        way = self._shown(request, readings)
        return way and (way.answers, way.decide(self.policy, request, readings).outcome)

    def _example(self, request: Request, readings: Readings, way: Showing) -> Example:
        baseline = self.assertion.baseline
        return Example(
            request,
            way.decide(self.policy, request, readings),
            way.decide(baseline, request, readings) if baseline else None,
            frozenset(readings),
            way.answers,
        )


@dataclass(frozen=True)
class Confirmation:
    """What makes a request of a model: that the concrete evaluator confirms what it shows.

    ``shown`` gives what a request shows that can exist, or None if it does not show what it is to
    show; ``subject`` names that in messages.
    """

    environment: Environment
    shown: Callable[[Request, Readings], object | None]
    subject: str

    def request(self, symbols: SymbolicRequest, found: Sat) -> tuple[Request, frozenset[Reading]]:
        """The request of a model, made plain without showing anything else, and its readings.

        Raises as :meth:`Replay.example` does.
        """
        assignment = extract(symbols, found)
        readings = assignment.readings
        request = request_of(assignment)
        before = self.shown(request, readings)
        if before is None:
            raise self._complaint(assignment, request)
        plain = polished(assignment, lambda candidate: self.shown(candidate, readings) == before)
        return request_of(plain), readings

    def _complaint(self, assignment: Assignment, request: Request) -> Exception:
        if any(symbol.loose for symbol in assignment.texts):
            return UndecidedError(
                "the answer hangs on how AWS spells a value that a variable names"
            )
        if len(request.resource.encode()) > MAX_RESOURCE_BYTES:
            return UndecidedError(f"only resources of over {MAX_RESOURCE_BYTES} bytes were found")
        objection = concrete_environment.objection(self.environment, request, assignment.readings)
        return DisagreementError(
            f"the solver's request for {self.subject} is not confirmed by the concrete "
            f"evaluator ({objection or 'it decides otherwise'}): {request}"
        )
