"""Random policies: regions against the concrete evaluator."""

from collections import Counter

import strategies
from agreement import tries
from hypothesis import assume, given
from hypothesis import strategies as st
from region_checks import assert_difference, assert_reach

from policycheck.analyse.regions.differing import diff
from policycheck.analyse.regions.reaching import reach
from policycheck.diagnostics import InputError
from policycheck.solve.limits import Limits

LIMITS = Limits(seconds=3, probes=20)
POLICIES = strategies.policies().map(strategies.read)
SEEDS = st.integers(0, 2**32)


def decided(question, *arguments):
    """The answer, if the policies suit the environment and it is not unknown."""
    try:
        found = question(*arguments, limits=LIMITS)
    except InputError:
        assume(False)
    assume(not found.unknown)
    return found


def test_a_request_is_allowed_iff_exactly_one_region_holds_it():
    seen = Counter()

    @tries(25)
    @given(POLICIES, strategies.environments(), SEEDS)
    def check(policy, environment, seed):
        found = decided(reach, policy, environment)
        refused, allowed = assert_reach(found, seed)
        seen.update(refused=refused, allowed=allowed, nobody=found.nobody)

    check()
    assert min(seen["refused"], seen["allowed"]) > 100
    assert seen["nobody"]


def test_a_difference_is_what_two_evaluations_say():
    seen = Counter()

    @tries(40)
    @given(POLICIES, POLICIES, strategies.environments(), SEEDS)
    def check(old, new, environment, seed):
        found = decided(diff, old, new, environment)
        same, opened, closed = assert_difference(found, seed)
        seen.update(same=same, opened=opened, closed=closed)

    check()
    assert min(seen["same"], seen["opened"], seen["closed"]) > 20
