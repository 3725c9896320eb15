"""Real policies are decided, or refused with a line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from policycheck.concrete.assertion import breaks, witnesses
from policycheck.concrete.environment import objection
from policycheck.diagnostics import InputError, Source
from policycheck.model.assertion import AssertionKind
from policycheck.model.verdict import Status
from policycheck.read.policy import load_policy
from policycheck.read.spec import parse_spec
from policycheck.solve.limits import Limits
from policycheck.solve.prover import prove

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("*.json"))

ASSERTIONS = [
    {"id": "no-admin", "never_allowed": {"path": "/admin*"}},
    {"id": "tls", "never_allowed": {"condition": {"Bool": {"aws:SecureTransport": "false"}}}},
    {"id": "readers", "sometimes_allowed": {"method": "GET"}},
    {"id": "everybody", "always_allowed": {"method": "GET"}},
    {"id": "weekdays", "always_allowed": {"time": {"daily": "09:00-17:00", "days": ["mon"]}}},
]
SPECS = {
    "regional": {
        "api": {"endpoint": "regional"},
        "assertions": [
            *ASSERTIONS,
            {"id": "nobody-public", "never_allowed": {"source_ip": "public"}},
            {"id": "office", "always_allowed": {"source_ip": "203.0.113.0/24"}},
        ],
    },
    "private": {
        "api": {"endpoint": "private", "authorization": "iam"},
        "assertions": [
            *ASSERTIONS,
            {"id": "endpoint", "never_allowed": {"not": {"source_vpce": "vpce-*"}}},
            {"id": "accounts", "never_allowed": {"not": {"principal": "123456789012"}}},
        ],
    },
}
"""Two specs that most of the policies decide each in its own way."""


def spec_of(name):
    return parse_spec(Source(name, json.dumps({"version": 1, **SPECS[name]})), CORPUS)


def readable():
    policies, refusals = [], []
    for path in FILES:
        try:
            policies.append(load_policy(path))
        except InputError as error:
            refusals.append(error)
    return policies, refusals


def assert_shown(verdict, example, environment):
    assert objection(environment, example.request, example.readings) is None
    sometimes = verdict.assertion.kind is AssertionKind.SOMETIMES_ALLOWED
    shows = witnesses if sometimes else breaks
    assert shows(verdict.assertion, verdict.policy, example.request, example.readings)


pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


@pytest.mark.parametrize("name", SPECS)
def test_every_readable_policy_is_decided(name):
    spec, counts = spec_of(name), Counter()
    policies, _ = readable()
    for verdict in prove(policies, spec, Limits(probes=20)).verdicts:
        counts[verdict.status] += 1
        for example in (verdict.counterexample, verdict.witness):
            if example is not None:
                assert_shown(verdict, example, spec.environment)
    assert counts[Status.UNKNOWN] == 0
    assert counts[Status.VACUOUS] == 0
    assert counts.total() == len(policies) * len(spec.assertions) > 600
    assert min(counts[Status.PROVED], counts[Status.VIOLATED]) > 100


def test_the_rest_is_refused_with_a_line():
    policies, refusals = readable()
    assert len(policies) > 90
    assert len(policies) + len(refusals) == len(FILES)
    for refusal in refusals:
        assert all(one.span is not None and one.span.line >= 1 for one in refusal.diagnostics)
