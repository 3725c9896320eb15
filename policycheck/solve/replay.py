"""Replaying what the solver found on the concrete evaluator."""

from __future__ import annotations

from collections.abc import Callable

from policycheck.concrete import environment as concrete_environment
from policycheck.concrete.trial import Trial
from policycheck.dataclass import dataclass
from policycheck.diagnostics import DisagreementError
from policycheck.model.environment import MAX_RESOURCE_BYTES, Environment
from policycheck.model.reading import Reading, Readings
from policycheck.model.request import Request
from policycheck.model.verdict import Example
from policycheck.solve.assignment import Assignment, extract, request_of
from policycheck.solve.counterexample import polished
from policycheck.solve.limits import NEVER, Deadline, UndecidedError
from policycheck.solve.solver import Sat
from policycheck.symbolic.request import Request as SymbolicRequest


def replayed(
    trial: Trial, symbols: SymbolicRequest, found: Sat, deadline: Deadline = NEVER
) -> Example:
    """The request of a model, put to the trial and made as plain as there is time for.

    Raises DisagreementError if the concrete evaluator does not confirm it, UndecidedError
    if the model hangs on something that the formulas only approximate.
    """

    def shown(request: Request, readings: Readings) -> object | None:
        """In which way the request shows what it is to show, and how it is decided."""
        way = trial.showing(request, readings)
        return way and (way.answers, way.decide(trial.policy, request, readings).outcome)

    confirmation = Confirmation(trial.environment, shown, repr(trial.assertion.id))
    request, readings = confirmation.request(symbols, found, deadline)
    example = trial.replayed(request, readings)
    if example is None:
        raise DisagreementError(f"a confirmed request is confirmed no more: {request}")
    return example


@dataclass(frozen=True)
class Confirmation:
    """What makes a request of a model: that the concrete evaluator confirms what it shows.

    ``shown`` gives what a request shows that can exist, or None if it does not show what it is to
    show; ``subject`` names that in messages.
    """

    environment: Environment
    shown: Callable[[Request, Readings], object | None]
    subject: str

    def request(
        self, symbols: SymbolicRequest, found: Sat, deadline: Deadline = NEVER
    ) -> tuple[Request, frozenset[Reading]]:
        """The request of a model, made plain without showing anything else, and its readings.

        Raises as :func:`replayed` does.
        """
        assignment = extract(symbols, found)
        readings = assignment.readings
        request = request_of(assignment)
        before = self.shown(request, readings)
        if before is None:
            raise self._complaint(assignment, request)
        plain = polished(
            assignment,
            lambda candidate: deadline.left > 0 and self.shown(candidate, readings) == before,
        )
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
