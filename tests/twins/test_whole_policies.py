"""The two readings of AWS agree on whole random policies and on real ones."""

from __future__ import annotations

import contextlib
from collections import Counter
from pathlib import Path

import generator
import pytest
import strategies
from agreement import admitted, assert_policy, tries
from hypothesis import given
from hypothesis import strategies as st

from policycheck.concrete.policy import evaluate
from policycheck.diagnostics import InputError, Source
from policycheck.model.decision import Outcome
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.reading import Reading
from policycheck.read.policy import parse_policy

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SEEDS = st.integers(0, 2**32)


def test_policies():
    @tries(150)
    @given(strategies.policies(), strategies.environments(), strategies.readings(), SEEDS)
    def agree(policy, environment, readings, seed):
        assert_policy(strategies.read(policy), environment, readings, seed)

    agree()


def test_every_outcome_occurs():
    """Each in a tenth of the decisions at least.

    What Hypothesis draws depends on the modules that are loaded, so the sample has to be large
    enough for the shares to hold whichever they are.
    """
    seen = Counter()

    @tries(400)
    @given(strategies.policies(), strategies.environments(), strategies.readings(), SEEDS)
    def count(policy, environment, readings, seed):
        model = strategies.read(policy)
        requests = admitted([model], [], environment, readings, seed)
        seen.update(evaluate(model, request, readings).outcome for request in requests)

    count()
    assert all(seen[outcome] > 0.1 * seen.total() for outcome in Outcome), seen


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize(
    ("endpoint", "readings"),
    [
        (None, frozenset(Reading)),
        (Endpoint.REGIONAL, frozenset()),
        (Endpoint.PRIVATE, frozenset(Reading)),
    ],
    ids=["anywhere", "regional", "private"],
)
def test_real_policies(endpoint, readings):
    environment = Environment(endpoint, Authorization.IAM)
    for path in sorted(CORPUS.glob("*.json")):
        with contextlib.suppress(InputError):
            policy = parse_policy(Source(path.name, path.read_text(encoding="utf-8")))
            assert_policy(policy, environment, readings, seed=1)


@pytest.mark.parametrize("seed", range(4))
def test_generated_policies(seed):
    policy = strategies.read(generator.policy(8, seed, variables=True))
    assert_policy(policy, Environment(authorization=Authorization.IAM), frozenset(), seed)
