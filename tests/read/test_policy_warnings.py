"""What can be read but is dead or odd gives a warning (semantics A, F)."""

import json

import pytest

from policycheck.diagnostics import Source
from policycheck.read.policy import SIZE_QUOTA, parse_policy

STATEMENT = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}
ARN = "arn:aws:execute-api:us-east-1:123456789012:abc"


def codes_of(text: str) -> list[str]:
    warnings = parse_policy(Source("x", text)).warnings
    assert all(one.message and one.help for one in warnings)
    return [one.code for one in warnings]


def warned(*statements) -> list[str]:
    return codes_of(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))


DEAD = [
    ("Action", "execute-api:Invoke,InvalidateCache", "INVALID_ACTION"),
    ("Action", "execute-api:invokeapi", "INVALID_ACTION"),
    ("Action", "sts:AssumeRole", "UNSUPPORTED_ACTION_IN_POLICY"),
    ("Action", "execute-api:Invo\u212ae", "INVALID_ACTION"),
    ("Resource", ARN, "INVALID_ARN_RESOURCE"),
    ("Resource", ARN + "/", "INVALID_ARN_RESOURCE"),
    ("Resource", ARN + "/prod/GET", "INVALID_ARN_RESOURCE"),
    ("Resource", "execute-api:/", "INVALID_ARN_RESOURCE"),
    ("Resource", "execute-api:/prod", "INVALID_ARN_RESOURCE"),
    (
        "Resource",
        "arn:aws:apigateway:us-east-1::/restapis/abc/*",
        "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
    ),
    ("Principal", {"AWS": "AIDACKCEVSQ6C2EXAMPLE"}, "INVALID_USER_REFERENCE"),
    ("Principal", {"AWS": "AROADBQP57FF2AEXAMPLE"}, "INVALID_ROLE_REFERENCE"),
    ("Principal", {"Federated": "x"}, "FEDERATED_PRINCIPAL_NOT_SUPPORTED"),
    ("Principal", {"CanonicalUser": "x"}, "CANONICAL_USER_NOT_SUPPORTED"),
    ("Sid", "with-dash", "UNSUPPORTED_SID"),
    ("Sid", "", "EMPTY_SID_VALUE"),
    ("Condition", {}, "EMPTY_OBJECT_CONDITION"),
]


@pytest.mark.parametrize("element, value, code", DEAD)
def test_what_is_dead_or_odd_is_read_with_a_warning(element, value, code):
    assert warned({**STATEMENT, element: value}) == [code]


def test_a_policy_that_allows_nothing_is_warned_of():
    assert warned({**STATEMENT, "Effect": "Deny"}) == ["NO_ALLOW"]


def test_repeated_sids_are_warned_of():
    one = {**STATEMENT, "Sid": "a"}
    assert warned(one, {**STATEMENT, "Sid": "b"}, one) == ["UNIQUE_SIDS_RECOMMENDED"]


def test_the_quota_counts_characters():
    sid = "é" * (SIZE_QUOTA - len(json.dumps(document(""), ensure_ascii=False)))
    text = json.dumps(document(sid), ensure_ascii=False)
    assert len(text) == SIZE_QUOTA
    assert codes_of(text) == ["UNSUPPORTED_SID"]
    assert codes_of(text + " \n") == ["UNSUPPORTED_SID"]
    assert "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA" in codes_of(text.replace("é", "éé", 1))


def document(sid: str):
    return {"Version": "2012-10-17", "Statement": [{**STATEMENT, "Sid": sid}]}
