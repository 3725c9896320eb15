"""What the twin tests draw: all of it can be read, most of it exists, all outcomes occur."""

from __future__ import annotations

from collections import Counter
from random import Random

import strategies
from agreement import tries
from hypothesis import given
from hypothesis import strategies as st

from policycheck.concrete.environment import admits
from policycheck.concrete.policy import evaluate
from policycheck.concrete.predicate import holds
from policycheck.model.decision import Outcome

SEEDS = st.integers(0, 2**32)


@tries(150)
@given(strategies.policies())
def test_every_policy_can_be_read(policy):
    assert strategies.read(policy).statements


def test_outcomes_and_admission():
    outcomes, held, exists = Counter(), Counter(), Counter()

    @tries(600)
    @given(
        strategies.policies(),
        strategies.predicates(),
        strategies.environments(),
        strategies.readings(),
        SEEDS,
    )
    def count(policy, predicate, environment, readings, seed):
        model, random = strategies.read(policy), Random(seed)
        prober = strategies.prober([model], [predicate], environment)
        for _ in range(10):
            request = prober.draw(random, readings)
            exists[admits(environment, request, readings)] += 1
            outcomes[evaluate(model, request, readings).outcome] += 1
            held[holds(predicate, request, readings)] += 1

    count()
    assert exists[True] > 0.95 * exists.total()
    assert all(outcomes[one] > 0.05 * outcomes.total() for one in Outcome), outcomes
    assert all(held[one] > 0.25 * held.total() for one in (True, False)), held


@tries(30)
@given(strategies.policies(), strategies.environments(), strategies.readings(), st.data())
def test_requests_that_shrink_are_admitted(policy, environment, readings, data):
    prober = strategies.prober([strategies.read(policy)], [], environment)
    request = data.draw(strategies.requests(prober, readings))
    assert admits(environment, request, readings)


@tries(100)
@given(strategies.policies(), strategies.free_requests(), strategies.readings())
def test_the_evaluator_decides_any_request(policy, request, readings):
    assert evaluate(strategies.read(policy), request, readings).outcome in Outcome
