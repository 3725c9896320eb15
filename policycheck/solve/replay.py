"""Replaying what the solver found on the concrete evaluator."""

from __future__ import annotations

from policycheck.concrete import environment as concrete_environment
from policycheck.concrete.trial import Trial
from policycheck.diagnostics import DisagreementError
from policycheck.model.environment import MAX_RESOURCE_BYTES
from policycheck.model.request import Request
from policycheck.model.verdict import Example
from policycheck.solve.assignment import Assignment, extract, request_of
from policycheck.solve.counterexample import polished
from policycheck.solve.limits import UndecidedError
from policycheck.solve.solver import Sat
from policycheck.symbolic.request import Request as SymbolicRequest


class Replay(Trial):
    """A trial that also takes the solver's models, and makes their requests plain."""

    def example(self, symbols: SymbolicRequest, found: Sat) -> Example:
        """The request of a model, replayed and made plain.

        Raises DisagreementError if the concrete evaluator does not confirm it, UndecidedError
        if the model hangs on something that the formulas only approximate.
        """
        assignment = extract(symbols, found)
        readings = assignment.readings
        request = request_of(assignment)
        way = self.showing(request, readings)
        if way is None:
            raise self._complaint(assignment, request)
        outcome = way.decide(self.policy, request, readings).outcome

        def still_shows(candidate: Request) -> bool:
            other = self.showing(candidate, readings)
            if other is None or other.answers != way.answers:
                return False
            return other.decide(self.policy, candidate, readings).outcome is outcome

        plain = request_of(polished(assignment, still_shows))
        example = self.replayed(plain, readings)
        if example is None:
            raise DisagreementError(f"a confirmed request is confirmed no more: {plain}")
        return example

    def _complaint(self, assignment: Assignment, request: Request) -> Exception:
        if any(symbol.loose for symbol in assignment.texts):
            return UndecidedError(
                "the answer hangs on how AWS spells a value that a variable names"
            )
        if len(request.resource.encode()) > MAX_RESOURCE_BYTES:
            return UndecidedError(f"only resources of over {MAX_RESOURCE_BYTES} bytes were found")
        objection = concrete_environment.objection(self.environment, request, assignment.readings)
        return DisagreementError(
            f"the solver's request for {self.assertion.id!r} is not confirmed by the concrete "
            f"evaluator ({objection or 'it decides otherwise'}): {request}"
        )
