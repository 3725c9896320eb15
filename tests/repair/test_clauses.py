"""Predicates as statements: what the statements match is what the predicate says."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repair_texts import ALLOW, policy_of, spec_of
from strategies import predicates

from policycheck.analyse.repair.clauses import clauses
from policycheck.analyse.repair.document import Document
from policycheck.analyse.repair.opposites import UnsayableError
from policycheck.analyse.repair.problem import Problem
from policycheck.concrete.policy import allows
from policycheck.concrete.predicate import holds
from policycheck.model.environment import Environment
from policycheck.model.policy import Effect
from policycheck.solve.probing import Prober
from policycheck.solve.probing_material import Material

IAM = {"authorization": "iam"}


def statements_of(spec, *, holding=True):
    """A policy whose Allow statements say the predicate of the spec's first assertion."""
    [assertion, *_] = spec.assertions
    problem = Problem(Document.read(policy_of(ALLOW).source), spec, assertion)
    found = clauses(assertion.predicate, spec.environment, holds=holding)
    ways = list(problem.statements(Effect.ALLOW, found))
    return policy_of(*(way[-1].elements for way in ways))


EXACT = [
    {"stage": "prod"},
    {"stage": ["prod", "dev"], "method": ["GET", "HEAD"], "path": "/pets/*"},
    {"stage": "prod", "path": ["/admin", "/admin/*"]},
    {"not": {"source_ip": ["203.0.113.0/24", "2001:db8::/32"]}},
    {"source_ip": "203.0.113.0 - 203.0.113.9"},
    {"any_of": [{"stage": "prod"}, {"source_ip": "8.8.8.8"}]},
    {"not": {"all_of": [{"stage": "prod"}, {"source_ip": "8.8.8.8"}]}},
    {"time": {"after": "2026-01-01T00:00:00Z", "before": "2026-02-01T00:00:00Z"}},
    {"not": {"time": {"after": "2026-01-01T00:00:00Z", "before": "2026-02-01T00:00:00Z"}}},
    {"not": {"method": ["GET", "HEAD"]}, "stage": "prod"},
    {"not": {"source_vpce": ["vpce-0a1b2c3d", "vpce-1*"]}},
    {"absent": ["aws:UserAgent"], "stage": "prod"},
    {"not": {"condition": {"StringEqualsIfExists": {"aws:UserAgent": "x"}}}},
    {
        "not": {
            "condition": {"DateLessThanIfExists": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}
        }
    },
    {"not": {"condition": {"Bool": {"aws:SecureTransport": "true"}}}},
    {"not": {"condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}}},
    {"principal": "111122223333"},
    {"not": {"principal": "111122223333"}},
]


@pytest.mark.parametrize("predicate", EXACT, ids=json.dumps)
def test_statements_match_what_the_predicate_says(predicate):
    spec = spec_of({"never_allowed": predicate}, endpoint="regional", stages=["dev", "prod"], **IAM)
    assert_same(spec, statements_of(spec), 150)


def assert_same(spec, policy, count, *, exact=True):
    [assertion] = spec.assertions
    prober = Prober(Material((policy,), (assertion.predicate,), spec.environment))
    random = Random(0)
    seen = set()
    for _ in range(count):
        request = prober.draw(random, frozenset())
        wanted, said = holds(assertion.predicate, request), allows(policy, request)
        assert wanted is said if exact else (said or not wanted), request
        seen.add(wanted)
    return seen


@pytest.mark.parametrize(
    "predicate",
    [
        {"time": {"daily": "09:00-17:00"}},
        {"not": {"time": {"days": ["mon"]}}},
        {"principal": {"service": "lambda.amazonaws.com"}},
        {"stage": "prod", "not": {"path": "/x"}},
    ],
    ids=json.dumps,
)
def test_what_statements_cannot_say_is_refused(predicate):
    spec = spec_of({"never_allowed": predicate})
    with pytest.raises(UnsayableError):
        clauses(spec.assertions[0].predicate, spec.environment)


@settings(max_examples=80, deadline=None)
@given(predicates(), st.booleans())
def test_any_predicate_is_said_or_refused(predicate, holding):
    try:
        found = clauses(predicate, Environment(), holds=holding)
    except UnsayableError:
        return
    assert found
