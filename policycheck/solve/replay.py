"""Replaying what the solver found on the concrete evaluator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from policycheck.concrete import assertion as concrete_assertion
from policycheck.concrete import environment as concrete_environment
from policycheck.concrete.policy import evaluate
from policycheck.diagnostics import DisagreementError
from policycheck.model.assertion import Assertion, AssertionKind
from policycheck.model.decision import Outcome
from policycheck.model.environment import MAX_RESOURCE_BYTES, Environment
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading, Readings
from policycheck.model.request import Request
from policycheck.model.verdict import Example
from policycheck.solve.assignment import Assignment, extract, request_of
from policycheck.solve.counterexample import polished
from policycheck.solve.limits import UndecidedError
from policycheck.solve.solver import Sat
from policycheck.symbolic.request import Request as SymbolicRequest


@dataclass(frozen=True)
class Replay:
    """The concrete side of one assertion about one policy."""

    assertion: Assertion
    policy: Policy
    environment: Environment

    def shows(self, request: Request, readings: Readings) -> bool:
        """Whether the request can exist and breaks the assertion (witnesses SOMETIMES_ALLOWED)."""
        if self.assertion.kind is AssertionKind.SOMETIMES_ALLOWED:
            shown = concrete_assertion.witnesses(self.assertion, self.policy, request, readings)
        else:
            shown = concrete_assertion.breaks(self.assertion, self.policy, request, readings)
        return shown and concrete_environment.admits(self.environment, request, readings)

    def example(self, symbols: SymbolicRequest, found: Sat) -> Example:
        """The request of a model, replayed and made plain.

        Raises DisagreementError if the concrete evaluator does not confirm it, UndecidedError
        if the model hangs on something that the formulas only approximate.
        """
        confirmed = Confirmation(self.environment, self.shows, repr(self.assertion.id))
        request, readings = confirmed.request(symbols, found, self._outcome)
        return self._example(request, readings)

    def _outcome(self, request: Request, readings: Readings) -> Outcome:
        return evaluate(self.policy, request, readings).outcome

    def _example(self, request: Request, readings: Readings) -> Example:
        baseline = self.assertion.baseline
        return Example(
            request,
            evaluate(self.policy, request, readings),
            evaluate(baseline, request, readings) if baseline else None,
            frozenset(readings),
        )


@dataclass(frozen=True)
class Confirmation:
    """What makes a request of a model: that the concrete evaluator confirms what it shows.

    ``shows`` says whether a request can exist and shows what it is to show; ``subject`` names that
    in messages.
    """

    environment: Environment
    shows: Callable[[Request, Readings], bool]
    subject: str

    def request(
        self, symbols: SymbolicRequest, found: Sat, kept: Callable[[Request, Readings], object]
    ) -> tuple[Request, frozenset[Reading]]:
        """The request of a model, made plain, and the readings under which it shows.

        Making it plain leaves what ``kept`` says of it as it is. Raises as ``Replay.example``.
        """
        assignment = extract(symbols, found)
        readings = assignment.readings
        request = request_of(assignment)
        if not self.shows(request, readings):
            self._complain(assignment, request)
        before = kept(request, readings)

        def still_shows(candidate: Request) -> bool:
            return self.shows(candidate, readings) and kept(candidate, readings) == before

        return request_of(polished(assignment, still_shows)), readings

    def _complain(self, assignment: Assignment, request: Request) -> None:
        if any(symbol.loose for symbol in assignment.texts):
            raise UndecidedError("the answer hangs on how AWS spells a value that a variable names")
        if len(request.resource.encode()) > MAX_RESOURCE_BYTES:
            raise UndecidedError(f"only resources of over {MAX_RESOURCE_BYTES} bytes were found")
        objection = concrete_environment.objection(self.environment, request, assignment.readings)
        raise DisagreementError(
            f"the solver's request for {self.subject} is not confirmed by the concrete "
            f"evaluator ({objection or 'it decides otherwise'}): {request}"
        )
