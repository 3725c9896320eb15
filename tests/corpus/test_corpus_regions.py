"""Real policies are cut into regions, and none of them stays unknown."""

from pathlib import Path

import pytest
from region_checks import assert_difference, assert_reach

from policycheck.analyse.regions.differing import diff
from policycheck.analyse.regions.reaching import reach
from policycheck.diagnostics import InputError
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.read.policy import load_policy
from policycheck.solve.limits import Limits

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.json"))
QUICK = Limits(probes=20)
ENVIRONMENTS = (
    Environment(),
    Environment(endpoint=Endpoint.REGIONAL),
    Environment(endpoint=Endpoint.PRIVATE, authorization=Authorization.IAM),
)

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


def readable():
    for path in FILES:
        try:
            yield load_policy(path)
        except InputError:
            continue


def test_every_third_policy_in_each_environment():
    """Over three runs with another offset it would be all of them; benchmarks take them all."""
    policies = list(readable())
    assert len(policies) > 90
    nobody = 0
    for number, environment in enumerate(ENVIRONMENTS):
        for policy in policies[number::6]:
            found = reach(policy, environment, limits=QUICK)
            assert not found.unknown, policy.name
            assert_reach(found, number)
            nobody += found.nobody
    assert nobody


def test_differences_of_neighbours():
    policies = list(readable())
    for old, new in zip(policies[::8], policies[1::8], strict=False):
        found = diff(old, new, ENVIRONMENTS[0], QUICK)
        assert not found.unknown, (old.name, new.name)
        assert_difference(found, 0)
