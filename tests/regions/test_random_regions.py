"""Random policies: regions against the concrete evaluator."""

from collections import Counter

import strategies
from agreement import tries
from hypothesis import given
from hypothesis import strategies as st
from region_checks import assert_difference, assert_reach

from policycheck.analyse.regions.differing import diff
from policycheck.analyse.regions.reaching import reach
from policycheck.solve.limits import Limits

LIMITS = Limits(seconds=20, probes=20)
POLICIES = strategies.policies().map(strategies.read)
SEEDS = st.integers(0, 2**32)


def test_a_request_is_allowed_iff_one_region_holds_it():
    seen = Counter()

    @tries(60)
    @given(POLICIES, strategies.environments(), SEEDS)
    def check(policy, environment, seed):
        found = reach(policy, environment, limits=LIMITS)
        if found.unknown:
            seen["unknown"] += 1
            return
        denied, allowed = assert_reach(found, seed)
        seen["some"] += allowed > 0
        seen["nobody"] += found.nobody
        seen["several"] += len(found.regions) > 1

    check()
    print(seen)


def test_a_difference_is_what_two_evaluations_say():
    seen = Counter()

    @tries(60)
    @given(POLICIES, POLICIES, strategies.environments(), SEEDS)
    def check(old, new, environment, seed):
        found = diff(old, new, environment, LIMITS)
        if found.unknown:
            seen["unknown"] += 1
            return
        assert_difference(found, seed)
        seen["same"] += found.same
        seen["opened"] += bool(found.opened)
        seen["closed"] += bool(found.closed)
        seen["under"] += bool(found.under)

    check()
    print(seen)
