"""What must hold of regions on single requests."""

from __future__ import annotations

from random import Random

import strategies

from policycheck.concrete.environment import admits
from policycheck.concrete.policy import allows
from policycheck.concrete.predicate import holds

REQUESTS = 60


def requests_near(policies, environment, seed, count=REQUESTS, readings=frozenset()):
    """Requests at and beside what the policies say, all of which can exist."""
    random, prober = Random(seed), strategies.prober(policies, [], environment)
    drawn = (prober.draw(random, readings) for _ in range(count))
    return [one for one in drawn if admits(environment, one, readings)]


def assert_reach(found, seed):
    """A request is allowed iff exactly one region holds it; every allowed one is in a finding."""
    counts = [0, 0]
    for request in requests_near([found.policy], found.environment, seed):
        allowed = allows(found.policy, request)
        held = [one for one in found.regions if holds(one.predicate, request)]
        assert len(held) == allowed, (request, len(held))
        if allowed:
            assert any(holds(one.predicate, request) for one in found.findings), request
        counts[allowed] += 1
    for one in (*found.regions, *found.findings):
        assert_witness(one, found.policy, found.environment)
    return counts


def assert_witness(region, policy, environment, baseline=None, readings=frozenset()):
    request = region.witness.request
    assert admits(environment, request, readings)
    assert holds(region.predicate, request, readings)
    assert allows(policy, request, readings)
    assert baseline is None or not allows(baseline, request, readings)


def assert_difference(found, seed):
    """The regions are what two concrete evaluations say."""
    under, counts = frozenset(found.under), [0, 0, 0]
    policies = [found.new, found.old]
    for request in requests_near(policies, found.environment, seed, readings=under):
        new, old = (allows(one, request, under) for one in policies)
        for regions, wanted in ((found.opened, new and not old), (found.closed, old and not new)):
            assert sum(holds(one.predicate, request, under) for one in regions) == wanted, request
        counts[new - old] += 1
    for one in found.opened:
        assert_witness(one, found.new, found.environment, found.old, under)
    for one in found.closed:
        assert_witness(one, found.old, found.environment, found.new, under)
    return counts
