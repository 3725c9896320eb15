"""Restrictions that somebody gets past: the requests that show it are replayed."""

import pytest
from linted import (
    IAM,
    OFFICE,
    OTHER,
    PRIVATE,
    REGIONAL,
    allow,
    codes,
    deny,
    findings,
    ip,
    not_ip,
    policy,
    when,
)

from policycheck.analyse.lint.setting import variable_keys
from policycheck.analyse.lint.twins import with_twin
from policycheck.concrete.policy import evaluate
from policycheck.model.decision import Outcome
from policycheck.model.keys import aws_key

V6 = "2a02:26f0::/32"
TAG = "PrincipalTag/team"
KEYS = "api: {endpoint: regional}\nkeys: {x:token: {type: string, client_controlled: %s}}"
TOKEN = {"StringEquals": {"x:token": "abc"}}
REFERER = "https://a.example/*"

CASES = {
    "a Deny of IPv4 addresses": ([allow(), deny(condition=ip(OFFICE))], None, ["BYPASS_WITH_IPV6"]),
    "a Deny of both families": ([allow(), deny(condition=ip(OFFICE, V6))], None, []),
    "a Deny, without IPv6": (
        [allow(), deny(condition=ip(OFFICE))],
        "api: {ip_address_type: ipv4}",
        [],
    ),
    "a Deny of all but IPv4 addresses": ([allow(), deny(condition=not_ip(OFFICE))], None, []),
    "a Deny beside a narrow Allow": (
        [allow(condition=ip("8.8.0.0/16")), deny(condition=ip(OFFICE))],
        None,
        [],
    ),
    "an Allow of all but IPv4 addresses": (
        [allow(condition=not_ip(OFFICE))],
        None,
        ["BYPASS_WITH_IPV6"],
    ),
    "an Allow of IPv4 addresses": (
        [allow(condition=ip(OFFICE))],
        "api: {ip_address_type: dualstack}",
        ["IPV4_ONLY_ADDRESS_LIST"],
    ),
    "an Allow of both families": (
        [allow(condition=ip(OFFICE, V6))],
        "api: {ip_address_type: dualstack}",
        [],
    ),
    "an Allow of IPv4 addresses, nothing known": ([allow(condition=ip(OFFICE))], None, []),
    "a Deny of a tag": (
        [allow(), deny(condition=when("StringEquals", TAG, "gone"))],
        IAM,
        ["BYPASS_WITHOUT_KEY"],
    ),
    "a Deny of all but a tag": (
        [allow(), deny(condition=when("StringNotEquals", TAG, "here"))],
        IAM,
        [],
    ),
    "an Allow of all but a tag": (
        [allow(condition=when("StringNotEquals", TAG, "gone"))],
        IAM,
        ["BYPASS_WITHOUT_KEY"],
    ),
    "an Allow of a tag": ([allow(condition=when("StringEquals", TAG, "here"))], IAM, []),
    "a tag, if it exists": (
        [allow(condition=when("StringEqualsIfExists", TAG, "here"))],
        IAM,
        ["BYPASS_WITHOUT_KEY"],
    ),
    "a Deny of no tag beside it": (
        [
            allow(),
            deny(condition=when("StringEquals", TAG, "gone")),
            deny(condition={"Null": {f"aws:{TAG}": "true"}}),
        ],
        IAM,
        [],
    ),
    "all paths of an organization": (
        [allow(condition=when("ForAllValues:StringLike", "PrincipalOrgPaths", "o-k3xq8w2v7d/*"))],
        IAM,
        ["BYPASS_WITHOUT_KEY"],
    ),
    "all paths, of which there are some": (
        [
            allow(
                condition=when("ForAllValues:StringLike", "PrincipalOrgPaths", "o-k3xq8w2v7d/*")
                | {"Null": {"aws:PrincipalOrgPaths": "false"}}
            )
        ],
        IAM,
        [],
    ),
    "all values of one": (
        [allow(condition=when("ForAllValues:StringEquals", TAG, "here"))],
        IAM,
        ["FORALLVALUES_WITH_SINGLE_VALUED_KEY"],
    ),
    "a Deny without multi-factor authentication": (
        [allow(), deny(condition=when("Bool", "MultiFactorAuthPresent", "false"))],
        IAM,
        ["BYPASS_WITHOUT_KEY"],
    ),
    "a Deny that holds without the key": (
        [allow(), deny(condition=when("BoolIfExists", "MultiFactorAuthPresent", "false"))],
        IAM,
        [],
    ),
    "a header": (
        [allow(condition=when("StringLike", "Referer", REFERER))],
        None,
        ["UNTRUSTWORTHY_CONDITION_KEY"],
    ),
    "a Deny of a header": (
        [allow(), deny(condition=when("StringEquals", "UserAgent", "curl"))],
        None,
        ["UNTRUSTWORTHY_CONDITION_KEY"],
    ),
    "a header that decides nothing": (
        [allow(), allow(condition=when("StringLike", "Referer", REFERER))],
        None,
        ["REDUNDANT_STATEMENT"],
    ),
    "a declared key": ([allow(condition=TOKEN)], KEYS % "true", ["UNTRUSTWORTHY_CONDITION_KEY"]),
    "a declared key of the server's": ([allow(condition=TOKEN)], KEYS % "false", []),
    "a star for the stage": ([allow("execute-api:/*/GET/pets")], None, ["UNANCHORED_PATH"]),
    "a star for the method": ([allow("execute-api:/prod/*/admin/*")], None, ["UNANCHORED_PATH"]),
    "a star in the path": ([allow("execute-api:/prod/GET/*/admin")], None, []),
    "a star for the rest": ([allow("execute-api:/prod/*")], None, []),
    "stars for all parts": ([allow("execute-api:/*/*/*")], None, []),
    "a star for the stage, the rest allowed too": (
        [allow("execute-api:/*/GET/pets"), allow("execute-api:/*")],
        None,
        ["REDUNDANT_STATEMENT"],
    ),
    "a star in a Deny": ([allow(), deny("execute-api:/*/GET/pets")], None, ["UNANCHORED_PATH"]),
    "a star for the stage, all stages known": (
        [allow("execute-api:/*/GET/pets")],
        "api: {stages: [prod]}",
        ["UNANCHORED_PATH"],
    ),
    "private addresses of VPCs": (
        [allow(), deny(condition=when("IpAddress", "VpcSourceIp", "10.0.0.0/8"))],
        PRIVATE,
        ["BYPASS_WITH_IPV6"],
    ),
    "public addresses": (
        [allow(condition=ip(OFFICE, OTHER))],
        REGIONAL,
        ["IPV4_ONLY_ADDRESS_LIST"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name):
    statements, spec, expected = CASES[name]
    assert codes(*statements, spec=spec) == expected


@pytest.mark.parametrize("name", CASES)
def test_examples_are_decided_as_they_say(name):
    statements, spec, _ = CASES[name]
    for found in findings(*statements, spec=spec):
        if found.example:
            decided = evaluate(policy(*statements), found.example.request)
            assert decided == found.example.decision
            denied = found.code == "UNANCHORED_PATH" and "denied" in found.evidence
            assert (decided.outcome is Outcome.ALLOW) is not denied


def test_a_request_without_the_key_is_shown():
    [found] = findings(allow(), deny(condition=when("StringEquals", TAG, "gone")), spec=IAM)
    assert f"aws:{TAG}" not in found.example.request.context


def test_a_path_that_begins_elsewhere_is_shown():
    [found] = findings(allow("execute-api:/*/GET/pets"))
    resource = found.example.request.resource
    assert resource.endswith("/GET/pets")
    assert resource.count("/") > 3


def test_the_twin_of_a_key_takes_its_place_in_variables_too():
    key = aws_key("aws:UserAgent")
    condition = when("StringLike", "UserAgent", "curl*") | {
        "StringEquals": {"aws:Referer": "${aws:UserAgent}"}
    }
    [statement] = policy(
        allow("execute-api:/prod/GET/${aws:useragent}", condition),
    ).statements
    twin = with_twin(statement, key)
    assert set(variable_keys(twin)) == {"another aws:useragent"}
    assert [one.key for one in twin.conditions] == ["another aws:useragent", "aws:referer"]
    assert with_twin(twin, key) == twin


def test_what_lets_ipv6_callers_in_by_another_reading_is_named():
    """A6-not-resource-shorthand."""
    nothing = {k: v for k, v in allow().items() if k != "Resource"} | {
        "NotResource": "execute-api:/*"
    }
    known = "api: {endpoint: regional, ip_address_type: dualstack}"
    [one] = findings(
        allow(condition=ip(OFFICE)), nothing, spec=known, select=["IPV4_ONLY_ADDRESS_LIST"]
    )
    assert "not-resource-shorthand-literal" in one.evidence
