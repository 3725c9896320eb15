"""Different questions about texts are different atoms, however they are spelled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policycheck.diagnostics import Source
from policycheck.model.verdict import Status, Verdict
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec
from policycheck.solve.prover import prove

ALLOW = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}


def decide(spec: str, condition: dict | None = None) -> Verdict:
    statement = ALLOW | ({"Condition": condition} if condition else {})
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    policy = parse_policy(Source("policy.json", text))
    (verdict,) = prove([policy], parse_spec(Source("spec.yaml", spec), Path())).verdicts
    return verdict


NEVER = "version: 1\nassertions:\n  - {id: never, never_allowed: {}}\n"


@pytest.mark.parametrize(
    ("like", "unlike"),
    [("${*}*", "*${*}"), ("${?}?", "?${?}"), ("${*}?*", "?*${*}")],
)
def test_an_escaped_wildcard_is_not_a_wildcard_elsewhere(like, unlike):
    condition = {
        "StringLike": {"aws:UserAgent": like},
        "StringNotLike": {"aws:UserAgent": unlike},
    }
    verdict = decide(NEVER, condition)
    assert verdict.status is Status.VIOLATED
    assert verdict.counterexample.request.context["aws:UserAgent"].startswith(like[2])


@pytest.mark.parametrize("name", ["stage", "account", "path", "partition", "organization"])
def test_a_declared_key_is_not_a_part_of_the_request(name):
    spec = f"""
version: 1
keys: {{{name}: {{type: string, presence: always}}}}
assertions:
  - id: never
    never_allowed: {{stage: prod, condition: {{StringEquals: {{{name}: 'other/'}}}}}}
"""
    assert decide(spec).status is Status.VIOLATED


def test_a_client_may_send_an_empty_value_for_a_typed_key():
    spec = NEVER.replace("assertions", "keys: {'x:ip': {type: ip, presence: always}}\nassertions")
    condition = {"ForAllValues:IpAddress": {"x:ip": "192.0.2.7"}, "Null": {"x:ip": "false"}}
    verdict = decide(
        spec.replace(
            "never_allowed: {}",
            "never_allowed: {not: {condition: {IpAddress: {'x:ip': 192.0.2.7}}}}",
        ),
        condition,
    )
    assert verdict.status is Status.VIOLATED
    assert verdict.counterexample.request.context["x:ip"] == ""


def test_a_malformed_arn_may_still_match_as_a_text():
    spec = NEVER.replace("assertions", "keys: {'x:arn': {type: arn}}\nassertions")
    verdict = decide(spec, {"StringEquals": {"x:arn": "junk"}})
    assert verdict.status is Status.VIOLATED
    assert verdict.counterexample.request.context["x:arn"] == "junk"


def test_a_variable_over_a_key_with_several_values_may_have_none():
    spec = """
version: 1
keys: {'x:many': {type: string, multivalued: true, presence: always}}
assertions:
  - {id: never, never_allowed: {}}
"""
    verdict = decide(
        spec, {"StringNotEquals": {"aws:UserAgent": "${x:many}"}, "Null": {"x:many": "false"}}
    )
    assert verdict.status is Status.VIOLATED
