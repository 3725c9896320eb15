"""What no request meets, and what every request meets."""

import pytest
from linted import (
    ACCOUNT,
    API,
    IAM,
    OFFICE,
    OTHER,
    PRIVATE,
    REGIONAL,
    VPC,
    VPCE,
    allow,
    codes,
    deny,
    findings,
    ip,
    not_ip,
    when,
)

ARN_OF_APIGATEWAY = "arn:aws:apigateway:us-east-1::/restapis/k3xq8w2v7d/*"
LAMBDA = "api: {endpoint: regional, authorization: lambda}"
STAGES = "api: {stages: [dev, prod]}"
ROUTES = "api: {routes: 'POST /pets/{petId}'}"
ONE_API = f'api: {{arn: "{API}"}}'
OTHER_API = 'api: {arn: "arn:aws:execute-api:us-east-1:210987654321:zz9yy8xx7w"}'

CASES = {
    "private addresses": ([allow(condition=ip("10.0.0.0/8"))], None, ["PRIVATE_IP_ADDRESS"]),
    "private addresses, public endpoint": (
        [allow(condition=ip("192.168.0.0/16"))],
        REGIONAL,
        ["PRIVATE_IP_ADDRESS"],
    ),
    "addresses of carriers": ([allow(condition=ip("100.64.0.0/10"))], None, ["PRIVATE_IP_ADDRESS"]),
    "public addresses": ([allow(condition=ip(OFFICE))], None, []),
    "a block beside the private one": ([allow(condition=ip("11.0.0.0/8"))], None, []),
    "a block around the private one": ([allow(condition=ip("8.0.0.0/6"))], None, []),
    "private among public": (
        [allow(condition=ip("10.0.0.0/8", OFFICE))],
        None,
        ["PRIVATE_IP_ADDRESS_SUBSET"],
    ),
    "not private": (
        [allow(), deny(condition=not_ip("10.0.0.0/8"))],
        None,
        ["PRIVATE_NOT_IP_ADDRESS"],
    ),
    "not private among public": (
        [allow(), deny(condition=not_ip("10.0.0.0/8", OFFICE))],
        None,
        ["PRIVATE_NOT_IP_ADDRESS_SUBSET"],
    ),
    "private among all": (
        [allow("execute-api:/prod/*"), deny(condition=ip("0.0.0.0/0", "::/0", "10.0.0.0/8"))],
        REGIONAL,
        ["CONDITION_ALWAYS_TRUE", "PRIVATE_IP_ADDRESS_SUBSET", "REDUNDANT_CONDITION_VALUE"],
    ),
    "not private among all": (
        [allow(), deny(condition=not_ip("0.0.0.0/0", "::/0", "10.0.0.0/8"))],
        REGIONAL,
        ["DENY_NEVER_APPLIES", "EQUIVALENT_TO_NULL_TRUE", "PRIVATE_NOT_IP_ADDRESS_SUBSET"],
    ),
    "a Deny of private addresses": (
        [allow(condition=ip(OFFICE)), deny(condition=ip("10.0.0.0/8"))],
        None,
        ["PRIVATE_IP_ADDRESS"],
    ),
    "VPC addresses": (
        [
            allow(
                condition=when("IpAddress", "VpcSourceIp", "10.0.0.0/8")
                | when("StringEquals", "SourceVpc", VPC)
            )
        ],
        PRIVATE,
        ["IPV4_ONLY_ADDRESS_LIST"],
    ),
    "a VPC key on a public endpoint": (
        [allow(condition=when("StringEquals", "SourceVpce", VPCE))],
        REGIONAL,
        ["KEY_NEVER_PRESENT"],
    ),
    "a VPC key on a private endpoint": (
        [allow(condition=when("StringEquals", "SourceVpce", VPCE))],
        PRIVATE,
        [],
    ),
    "a VPC key on some endpoint": (
        [allow(condition=when("StringEquals", "SourceVpce", VPCE))],
        None,
        [],
    ),
    "aws:SourceIp on a private endpoint": (
        [allow(condition=ip(OFFICE))],
        PRIVATE,
        ["KEY_NEVER_PRESENT"],
    ),
    "a guard on a key that is never there": (
        [allow(), deny(condition=when("StringNotEquals", "SourceVpce", VPCE))],
        REGIONAL,
        ["KEY_NEVER_PRESENT"],
    ),
    "keys of two endpoint types": (
        [allow(condition=ip(OFFICE) | when("StringEquals", "SourceVpc", VPC))],
        None,
        ["STATEMENT_NEVER_APPLIES"],
    ),
    "no slash and star": ([allow(f"{API}/")], None, ["INVALID_ARN_RESOURCE"]),
    "an ARN of apigateway": (
        [allow(ARN_OF_APIGATEWAY)],
        None,
        ["UNSUPPORTED_RESOURCE_ARN_IN_POLICY"],
    ),
    "ANY": ([allow("execute-api:/prod/ANY/pets")], None, ["RESOURCE_NEVER_MATCHES"]),
    "a verb in lower case": (
        [allow("execute-api:/prod/get/pets")],
        None,
        ["RESOURCE_NEVER_MATCHES"],
    ),
    "a verb": ([allow("execute-api:/prod/PATCH/pets")], None, []),
    "a path that is called ANY": ([allow("execute-api:/prod/GET/ANY")], None, []),
    "an action that is not there": ([allow(Action="execute-api:Invok")], None, ["INVALID_ACTION"]),
    "names glued together": (
        [allow(Action="execute-api:Invoke,InvalidateCache")],
        None,
        ["INVALID_ACTION"],
    ),
    "another API": ([allow(f"{API}/*")], OTHER_API, ["RESOURCE_NEVER_MATCHES"]),
    "this API": ([allow(f"{API}/*")], ONE_API, []),
    "a stage that is not there": (
        [allow("execute-api:/test/*")],
        STAGES,
        ["RESOURCE_NEVER_MATCHES"],
    ),
    "a stage": ([allow("execute-api:/prod/*")], STAGES, []),
    "a path that no route has": (
        [allow("execute-api:/prod/GET/pets"), allow("execute-api:/prod/POST/*")],
        ROUTES,
        ["RESOURCE_NEVER_MATCHES"],
    ),
    "a method that no route has": (
        [allow("execute-api:/prod/POST/pets/*"), allow("execute-api:/prod/PUT/*")],
        ROUTES,
        ["RESOURCE_NEVER_MATCHES"],
    ),
    "routes": ([allow("execute-api:/*/*/pets/*")], ROUTES, []),
    "a principal without IAM": (
        [allow(Principal=ACCOUNT)],
        LAMBDA,
        ["PRINCIPAL_NEEDS_IAM_AUTHORIZATION"],
    ),
    "a principal with IAM": ([allow(Principal=ACCOUNT)], IAM, []),
    "a principal, nothing known": ([allow(Principal=ACCOUNT)], None, []),
    "a principal key without IAM": (
        [allow(condition=when("StringEquals", "PrincipalOrgID", "o-k3xq8w2v7d"))],
        LAMBDA,
        ["KEY_NEEDS_IAM_AUTHORIZATION"],
    ),
    "a value of a principal key that no caller has, with IAM": (
        [allow(), deny(condition=when("StringEquals", "PrincipalAccount", "2109*"))],
        IAM,
        ["DENY_NEVER_APPLIES", "WILDCARD_WITHOUT_LIKE_OPERATOR"],
    ),
    "a value of a principal key that no caller has": (
        [allow(), deny(condition=when("NumericLessThan", "MultiFactorAuthAge", "0"))],
        None,
        ["DENY_NEVER_APPLIES", "KEY_NEEDS_IAM_AUTHORIZATION"],
    ),
    "a value of a principal key that no caller has, without IAM": (
        [allow(), deny(condition=when("NumericLessThan", "MultiFactorAuthAge", "0"))],
        LAMBDA,
        ["KEY_NEEDS_IAM_AUTHORIZATION"],
    ),
    "a principal key with IAM": (
        [allow(condition=when("StringEquals", "PrincipalOrgID", "o-k3xq8w2v7d"))],
        IAM,
        [],
    ),
    "a misspelt key": (
        [allow(condition=when("IpAddress", "SorceIp", OFFICE))],
        None,
        ["INVALID_GLOBAL_CONDITION_KEY"],
    ),
    "always there or not there": (
        [allow(condition={"Null": {"aws:CurrentTime": "false"}})],
        None,
        ["CONDITION_ALWAYS_TRUE"],
    ),
    "never there": (
        [allow(condition={"Null": {"aws:CurrentTime": "true"}})],
        None,
        ["STATEMENT_NEVER_APPLIES"],
    ),
    "a Deny that never fires": (
        [allow(), deny(condition={"Null": {"aws:SecureTransport": "true"}})],
        None,
        ["DENY_NEVER_APPLIES"],
    ),
    "an account of letters": (
        [allow(condition=when("StringEquals", "PrincipalAccount", "210987654321", "sandbox"))],
        IAM,
        ["CONDITION_VALUE_NEVER_MATCHES"],
    ),
    "every address": (
        [allow(condition=ip("0.0.0.0/0", "::/0"))],
        REGIONAL,
        ["CONDITION_ALWAYS_TRUE"],
    ),
    "every address, nothing known": (
        [allow(condition=ip("0.0.0.0/0", "::/0"))],
        None,
        ["EQUIVALENT_TO_NULL_FALSE"],
    ),
    "every IPv4 address": ([allow(condition=ip("0.0.0.0/0"))], None, ["ANY_IPV4_ADDRESS"]),
    "every IPv4 address in halves": (
        [allow(condition=ip("0.0.0.0/1", "128.0.0.0/1"))],
        None,
        ["ANY_IPV4_ADDRESS"],
    ),
    "half of IPv4": ([allow(condition=ip("0.0.0.0/1"))], None, []),
    "any endpoint": (
        [allow(condition=when("StringLike", "SourceVpce", "*"))],
        None,
        ["EQUIVALENT_TO_NULL_FALSE"],
    ),
    "any endpoint, one there is": (
        [allow(condition=when("StringLike", "SourceVpce", "*"))],
        PRIVATE,
        ["REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION"],
    ),
    "no endpoint": (
        [allow(), deny(condition=when("StringNotLike", "SourceVpce", "*"))],
        None,
        ["EQUIVALENT_TO_NULL_TRUE"],
    ),
    "no endpoint, one there is": (
        [allow(), deny(condition=when("StringNotLike", "SourceVpce", "*"))],
        PRIVATE,
        ["REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION"],
    ),
    "two lists, one left": ([allow(condition=ip(OFFICE, OTHER))], None, []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name):
    statements, spec, expected = CASES[name]
    assert codes(*statements, spec=spec) == expected


def test_the_element_to_blame_is_named():
    [found] = findings(allow(condition={"Null": {"aws:CurrentTime": "true"}}))
    assert "its Null aws:CurrentTime alone is met by no request" in found.message
    assert found.span.text == '"aws:CurrentTime"'


def test_a_route_that_is_missing_is_named():
    [found] = findings(
        allow("execute-api:/prod/GET/pets"), allow("execute-api:/prod/POST/*"), spec=ROUTES
    )
    assert found.message == "no request has this resource: the API has no route GET /pets"


def test_elements_that_only_fail_together_are_named():
    [found] = findings(allow(condition=ip(OFFICE) | when("StringEquals", "SourceVpc", VPC)))
    assert "IpAddress aws:SourceIp and StringEquals aws:SourceVpc together" in found.message


def test_a_finding_says_what_its_proof_hangs_on():
    [found] = findings(allow(condition=ip("10.0.0.0/8")))
    assert "an edge or regional endpoint" in found.evidence
    assert "private-source-ip-present" in found.evidence
    [found] = findings(allow(condition=ip("10.0.0.0/8")), spec=REGIONAL)
    assert "private" not in found.evidence


def test_nothing_follows_from_a_private_block_among_others():
    for one in (ip, not_ip):
        [found] = findings(
            deny(condition=one("0.0.0.0/0", "::/0", "10.0.0.0/8")),
            spec=REGIONAL,
            select=["PRIVATE"],
        )
        assert "Deny" not in found.evidence


def test_addresses_that_callers_have_by_another_reading_are_named():
    """D2-private-source-ip."""
    blocks = ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"]
    for spec, is_named in ((None, True), (REGIONAL, False)):
        [one] = findings(allow(condition=ip(*blocks)), spec=spec, select=["ANY_IPV4_ADDRESS"])
        assert ("private-source-ip-present" in one.evidence) is is_named


def test_a_doubt_of_the_reader_says_what_follows():
    [found] = findings(allow(f"{API}/"))
    assert (
        found.evidence == "proved: no request meets this Resource, so the statement allows nothing"
    )


def test_a_disputed_rule_that_revives_a_resource_is_named():
    [found] = findings(
        allow("arn:aws:execute-api:us-east-1:*:k3xq8w2v7d/"), select=["INVALID_ARN", "STATEMENT"]
    )
    assert "arn-star-crosses-colon" in found.evidence


def test_what_anonymous_callers_meet_is_told():
    role = "arn:aws:iam::210987654321:role/partner"
    found = findings(allow(), deny(condition=when("ArnNotEquals", "PrincipalArn", role)))
    [one] = [one for one in found if one.code == "KEY_NEEDS_IAM_AUTHORIZATION"]
    assert (
        one.evidence == "proved: for anonymous callers ArnNotEquals aws:PrincipalArn always holds"
    )
