"""Trying to refute a proof by concrete requests that are driven by the literals in play."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.concrete.trial import Trial
from policycheck.diagnostics import DisagreementError
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.solve.limits import NEVER, Deadline
from policycheck.solve.probing import probes


def attempt(
    trial: Trial,
    count: int,
    combinations: Sequence[frozenset[Reading]],
    deadline: Deadline = NEVER,
) -> None:
    """Raise DisagreementError if one of ``count`` concrete requests contradicts the proof.

    An equal part of the requests is tried under each combination of readings. Raises UndecidedError
    when the time is up: what was not tried in full is not proved.
    """
    for readings in combinations:
        for request in _requests(trial, count // len(combinations) + 1, readings):
            deadline.check()
            if trial.shows(request, readings):
                raise DisagreementError(
                    f"a request contradicts the proof of {trial.assertion.id!r}: {request}"
                )


def _requests(trial: Trial, count: int, readings: frozenset[Reading]) -> Iterator[Request]:
    baseline = trial.assertion.baseline
    others = trial.workflow.policies if trial.workflow else ()
    policies: list[Policy] = [trial.policy, *([baseline] if baseline else []), *others]
    predicates = [trial.assertion.predicate]
    return probes(policies, predicates, trial.environment, seed=0, count=count, readings=readings)
