"""Both readings of AWS asked the same question, without a solver."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from random import Random

import strategies
from hypothesis import HealthCheck, settings

from policycheck.concrete.environment import admits
from policycheck.concrete.policy import evaluate
from policycheck.concrete.predicate import holds
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.predicate import Predicate
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.solve.pinned import pinned_policy, pinned_predicate
from policycheck.symbolic import pinning

REQUESTS = 25
"""How many requests are tried on each random policy or predicate."""

DEEP = os.environ.get("POLICYCHECK_PROFILE") == "deep"
"""Thirty times as many examples, and other ones each time."""


def tries(count: int) -> settings:
    """So many random policies or predicates; thirty times as many in the deep profile."""
    return settings(
        max_examples=count * (30 if DEEP else 1),
        derandomize=not DEEP,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


def admitted(
    policies: Sequence[Policy],
    predicates: Sequence[Predicate],
    environment: Environment,
    readings: frozenset[Reading],
    seed: int,
) -> list[Request]:
    """Requests near the policies and predicates that the environment admits."""
    random, prober = Random(seed), strategies.prober(policies, predicates, environment)
    drawn = (prober.draw(random, readings) for _ in range(REQUESTS))
    return [one for one in drawn if admits(environment, one, readings)]


def assert_policy(
    policy: Policy, environment: Environment, readings: frozenset[Reading], seed: int
) -> Counter:
    """Both readings decide alike on requests near the policy; how often each outcome occurred."""
    symbolic = pinned_policy(policy, environment)
    seen = Counter()
    for request in admitted([policy], [], environment, readings, seed):
        concrete = evaluate(policy, request, readings).outcome
        assert symbolic(request, readings) is concrete, (request, readings)
        if not seen:
            anew = pinning.decision_at(policy, request, environment, readings)
            assert anew is concrete, (request, readings)
        seen[concrete] += 1
    return seen


def assert_predicate(
    predicate: Predicate, environment: Environment, readings: frozenset[Reading], seed: int
) -> Counter:
    """Both readings judge alike on requests near the predicate; how often it held and did not."""
    symbolic = pinned_predicate(predicate, environment)
    seen = Counter()
    for request in admitted([], [predicate], environment, readings, seed):
        concrete = holds(predicate, request, readings)
        assert symbolic(request, readings) is concrete, (request, readings)
        if not seen:
            anew = pinning.holds_at(predicate, request, environment, readings)
            assert anew is concrete, (request, readings)
        seen[concrete] += 1
    return seen
