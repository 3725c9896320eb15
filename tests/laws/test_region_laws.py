"""Theorems about regions, proved by the solver: reach parts what is allowed, diff what differs.

Each side is a formula of its own: the policy's, and those of the regions' predicates.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from formulas import EVERYWHERE, Laws, policy_of, statement

from policycheck.analyse.regions.differing import diff
from policycheck.analyse.regions.reaching import reach
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.environment import Endpoint, Environment
from policycheck.model.reading import Reading
from policycheck.model.verdict import Status
from policycheck.solve.prover import prove
from policycheck.symbolic.boolean import both, either, iff, negation


def deny(**elements):
    return {**statement(**elements), "Effect": "Deny"}


POLICIES = {
    "everybody": [statement()],
    "nobody": [deny()],
    "prod": [statement(Resource="execute-api:/prod/*")],
    "prod, twice": [
        statement(Resource="execute-api:/prod/GET/*"),
        statement(Resource="execute-api:/prod/*"),
    ],
    "office": [statement(Condition={"IpAddress": {"aws:SourceIp": "8.8.8.0/24"}})],
    "office, in halves": [
        statement(Condition={"IpAddress": {"aws:SourceIp": ["8.8.8.0/25", "8.8.8.128/25"]}})
    ],
    "all but office": [
        statement(),
        deny(Condition={"NotIpAddress": {"aws:SourceIp": ["8.8.8.0/24", "2600::/16"]}}),
    ],
    "overlapping": [
        statement(Resource="execute-api:/*/GET/a*"),
        statement(Condition={"StringLike": {"aws:UserAgent": "b*"}}),
        deny(Resource="execute-api:/dev/*", Condition={"Null": {"aws:Referer": "true"}}),
    ],
    "several values": [
        statement(Condition={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a/*"}}),
        deny(Condition={"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": "*b/"}}),
    ],
    "callers": [
        statement(Principal={"AWS": ["111122223333", "arn:aws:iam::444455556666:role/x"]}),
        deny(Condition={"DateGreaterThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}}),
    ],
}
ENVIRONMENTS = {"anywhere": EVERYWHERE, "regional": Environment(Endpoint.REGIONAL)}
PAIRS = [
    ("prod", "prod, twice"),
    ("office", "office, in halves"),
    ("office", "all but office"),
    ("everybody", "nobody"),
    ("overlapping", "prod"),
    ("several values", "everybody"),
    ("callers", "office"),
    ("overlapping", "overlapping"),
]


@pytest.fixture(params=ENVIRONMENTS)
def environment(request):
    return ENVIRONMENTS[request.param]


def laws_in(environment):
    return Laws(environment, dict.fromkeys(Reading, False))


def assert_partition(laws, regions, whole):
    """The regions are disjoint, and together they are the whole."""
    held = [laws.holds(one.predicate) for one in regions]
    assert laws.is_valid(iff(either(held), whole))
    for one, other in combinations(held, 2):
        assert laws.is_valid(negation(both(one, other)))


@pytest.mark.parametrize("name", POLICIES)
def test_reach_partitions_what_is_allowed(environment, name):
    policy = policy_of(*POLICIES[name])
    found = reach(policy, environment)
    assert not found.unknown
    laws = laws_in(environment)
    assert_partition(laws, found.regions, laws.allowed_by(policy))


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_diff_partitions_what_differs(environment, old, new):
    before, after = policy_of(*POLICIES[old]), policy_of(*POLICIES[new])
    found = diff(before, after, environment)
    assert not found.unknown
    laws = laws_in(environment)
    was, is_now = laws.allowed_by(before), laws.allowed_by(after)
    assert_partition(laws, found.opened, both(is_now, negation(was)))
    assert_partition(laws, found.closed, both(was, negation(is_now)))


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_diff_is_empty_both_ways_iff_the_policies_are_equivalent(environment, old, new):
    before, after = policy_of(*POLICIES[old]), policy_of(*POLICIES[new])
    found = diff(before, after, environment)
    same = Assertion("same", AssertionKind.EQUIVALENT_TO, baseline=before)
    (verdict,) = prove([after], Spec((same,), environment)).verdicts
    assert (not found.opened and not found.closed) is (verdict.status is Status.PROVED)
    laws = laws_in(environment)
    is_valid = laws.is_valid(iff(laws.allowed_by(before), laws.allowed_by(after)))
    assert is_valid is (not found.opened and not found.closed)
