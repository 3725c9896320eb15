"""A verdict says which values of its request the caller chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from policycheck.diagnostics import Source
from policycheck.model.verdict import Status
from policycheck.proving import prove
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec

POLICY = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
"Action": "execute-api:Invoke", "Resource": "execute-api:/*", "Condition": %s}]}"""
KEYS = "keys: {'aws:XfwdIp': {type: ip, client_controlled: true}}\n"


def decide(condition, keys="", demand="never_allowed"):
    head = f"version: 1\napi: {{endpoint: regional}}\n{keys}"
    spec = f"{head}assertions:\n  - {{id: a, {demand}: {{}}}}\n"
    policy = parse_policy(Source("policy.json", POLICY % condition))
    return prove(policy, parse_spec(Source("spec.yaml", spec), Path()))


@pytest.mark.parametrize(
    ("condition", "keys", "name"),
    [
        ('{"IpAddress": {"aws:XfwdIp": "203.0.113.0/24"}}', KEYS, "aws:XfwdIp"),
        ('{"StringEquals": {"aws:UserAgent": "letmein"}}', "", "aws:UserAgent"),
    ],
)
def test_a_value_that_the_caller_chooses_is_named(condition, keys, name):
    (verdict,) = decide(condition, keys).verdicts
    assert verdict.status is Status.VIOLATED
    assert verdict.notes == (f"the caller chooses the value of {name}",)


def test_a_witness_says_so_too():
    condition = '{"StringEquals": {"aws:UserAgent": "letmein"}}'
    (verdict,) = decide(condition, demand="sometimes_allowed").verdicts
    assert verdict.status is Status.PROVED
    assert verdict.notes == ("the caller chooses the value of aws:UserAgent",)


def test_an_address_that_nobody_chooses_is_not_named():
    (verdict,) = decide('{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}').verdicts
    assert verdict.notes == ()


@pytest.mark.parametrize(
    ("operator", "outcome"), [("IpAddress", "never holds"), ("NotIpAddress", "always holds")]
)
def test_a_declared_key_that_aws_lacks_is_warned_of(operator, outcome):
    report = decide(f'{{"{operator}": {{"aws:XfwdIp": "203.0.113.0/24"}}}}', KEYS)
    (warning,) = [one for one in report.warnings if one.code == "INVALID_GLOBAL_CONDITION_KEY"]
    assert warning.message == (
        f"AWS has no key aws:XfwdIp, the spec declares it; without it {operator} {outcome}"
    )
    assert warning.span.text == '"aws:XfwdIp"'
    assert "X-Forwarded-For" in warning.help
