"""A spec's ``present`` and ``absent`` mean just that, whichever way AWS reads its Null operator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policycheck.diagnostics import Source
from policycheck.model.verdict import Status
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec
from policycheck.solve.prover import prove

GUARD = {"StringLike": {"aws:Referer": "*"}}
NULL = {"Null": {"aws:Referer": "false"}}


def decide(condition, predicate):
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": condition,
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    spec = f"version: 1\nassertions:\n  - {{id: one, never_allowed: {predicate}}}\n"
    policy = parse_policy(Source("policy.json", text))
    (verdict,) = prove([policy], parse_spec(Source("spec.yaml", spec), Path())).verdicts
    return verdict


@pytest.mark.parametrize("condition", [GUARD, NULL])
def test_absent_is_not_empty(condition):
    assert decide(condition, "{absent: [aws:Referer]}").status is Status.PROVED


def test_a_condition_block_is_read_as_in_a_policy():
    verdict = decide(GUARD, "{condition: {Null: {aws:Referer: 'true'}}}")
    assert verdict.status is Status.VIOLATED
    assert [reading.value for reading in verdict.readings] == ["empty-value-is-null"]
