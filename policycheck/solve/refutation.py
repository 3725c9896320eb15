"""Trying to refute a proof by concrete requests that are driven by the literals in play."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policycheck.diagnostics import DisagreementError
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.solve.probing import probes
from policycheck.solve.replay import Replay


def attempt(
    replay: Replay,
    count: int,
    combinations: Sequence[frozenset[Reading]],
) -> None:
    """Raise DisagreementError if one of ``count`` concrete requests contradicts the proof.

    An equal part of the requests is tried under each combination of readings.
    """
    for readings in combinations:
        for request in _requests(replay, count // len(combinations) + 1, readings):
            if replay.shows(request, readings):
                raise DisagreementError(
                    f"a request contradicts the proof of {replay.assertion.id!r}: {request}"
                )


def _requests(replay: Replay, count: int, readings: frozenset[Reading]) -> Iterator[Request]:
    baseline = replay.assertion.baseline
    others = replay.workflow.policies if replay.workflow else ()
    policies: list[Policy] = [replay.policy, *([baseline] if baseline else []), *others]
    predicates = [replay.assertion.predicate]
    return probes(policies, predicates, replay.environment, seed=0, count=count, readings=readings)
