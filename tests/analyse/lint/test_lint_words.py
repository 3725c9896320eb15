"""Findings say no more than is so: for every caller, endpoint and disputed reading."""

from linted import (
    IAM,
    allow,
    codes,
    deny,
    findings,
    ip,
    when,
)

ROLE = {"AWS": "arn:aws:iam::210987654321:role/partner"}
PROD = "execute-api:/prod/*"


def only(code, *statements, spec=None):
    [found] = [one for one in findings(*statements, spec=spec) if one.code == code]
    return found


def test_who_is_everybody_where_a_role_is_refused():
    found = only("POLICY_ALLOWS_EVERYBODY", allow(), deny(Principal=ROLE))
    assert found.message == (
        "this policy lets everybody call everything on methods without IAM authorization, "
        "from anywhere"
    )


def test_everybody_is_everybody_where_a_role_is_named_beside_all():
    found = only("POLICY_ALLOWS_EVERYBODY", allow(Principal={"AWS": ["*", ROLE["AWS"]]}))
    assert found.message == "this policy lets everybody call everything, from anywhere"


def test_the_example_of_an_open_api_is_of_the_endpoint_that_is_open():
    office = allow(condition=ip("8.8.4.0/24"))
    vpces = allow(condition={"Null": {"aws:SourceVpce": "false"}})
    found = only("POLICY_ALLOWS_EVERYBODY", office, vpces)
    assert "on a private endpoint, from every VPC" in found.message
    assert "aws:SourceVpce" in found.example.request.context


def test_a_deny_that_always_holds_fires_for_its_principals_only():
    always = {"StringLikeIfExists": {"aws:UserAgent": "*"}}
    code = "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION"
    assert "whoever calls" in only(code, allow(), deny(PROD, always)).evidence
    assert "fires" not in only(code, allow(), deny(PROD, always, Principal=ROLE)).evidence


def test_a_condition_that_never_holds_is_no_null():
    never = {"ForAnyValue:NotIpAddress": {"aws:SourceIp": ["0.0.0.0/0", "::/0"]}}
    assert codes(allow(condition=never)) == ["STATEMENT_NEVER_APPLIES"]


def test_what_null_says_of_an_empty_value_is_disputed():
    every = {"StringLike": {"aws:UserAgent": "*"}}
    found = only("EQUIVALENT_TO_NULL_FALSE", allow(), deny(PROD, every))
    assert "empty-value-is-null" in found.evidence
    none = {"StringNotLike": {"aws:UserAgent": "*"}}
    found = only("EQUIVALENT_TO_NULL_TRUE", allow(), deny(PROD, none))
    assert "empty-value-is-null" in found.evidence
    vpc = {"StringLike": {"aws:SourceVpc": "*"}}
    found = only("EQUIVALENT_TO_NULL_FALSE", allow(), deny(PROD, vpc))
    assert found.evidence == "proved for every request"


def test_that_a_condition_never_holds_may_be_disputed_though_its_value_is_not():
    some = {"ForAnyValue:IpAddressIfExists": {"aws:SourceIp": ["2600:1::/64"]}}
    spec = "api: {ip_address_type: ipv4}"
    found = only("CONDITION_VALUE_NEVER_MATCHES", allow(), deny(PROD, some), spec=spec)
    assert "so the Deny never fires; it is otherwise if" in found.evidence
    assert "any-value-if-exists-holds" in found.evidence


def test_a_bare_ipv6_address_may_stand_for_a_block():
    assert codes(allow(condition=ip("2600:1::1", "2600:1::/64"))) == []
    assert codes(allow(condition=ip("2600:1::1", "2600::/16"))) == ["REDUNDANT_CONDITION_VALUE"]
    assert codes(allow(condition=ip("2600:1::1/128", "2600:1::/64"))) == [
        "REDUNDANT_CONDITION_VALUE"
    ]


def test_a_value_whose_variable_may_void_the_statement_is_not_needless():
    user, default = "AROA123${aws:username}", "AROA123${aws:username, 'a'}"
    assert codes(allow(condition=when("StringLike", "userid", "AROA*", user)), spec=IAM) == []
    assert codes(allow(condition=when("StringLike", "userid", "AROA*", default)), spec=IAM) == [
        "REDUNDANT_CONDITION_VALUE"
    ]
    route = "execute-api:/prod/GET/${aws:username}"
    assert codes(allow([PROD, route]), spec=IAM) == []
    tied = when("StringEquals", "userid", "${aws:username}-id")
    assert "REDUNDANT_RESOURCE" in codes(allow([PROD, route], tied), spec=IAM)


def test_what_anonymous_callers_meet_names_the_disputed_rule():
    account = when("StringEquals", "PrincipalAccount", "anonymous")
    found = only("KEY_NEEDS_IAM_AUTHORIZATION", allow(condition=account))
    assert "never holds; it is otherwise if" in found.evidence
    assert "anonymous-principal-keys" in found.evidence


def test_not_principal_with_everybody_exempts_somebody():
    code, spec = "PRINCIPAL_NEEDS_IAM_AUTHORIZATION", "api: {authorization: none}"
    refused = {"Principal": None, "NotPrincipal": ROLE}
    exempting = {key: value for key, value in deny(**refused).items() if value}
    assert "every caller" in only(code, allow(), exempting, spec=spec).evidence
    nobody = {**exempting, "NotPrincipal": {"AWS": ["*", ROLE["AWS"]]}}
    assert "every caller" not in only(code, allow(), nobody, spec=spec).evidence


def test_a_route_that_may_be_spelled_otherwise_names_the_disputed_rule():
    spec = "api: {routes: [GET /admin, GET /pets]}"
    found = only("RESOURCE_NEVER_MATCHES", deny("execute-api:/prod/GET/admin/"), spec=spec)
    assert "the Deny never fires; it is otherwise if" in found.evidence
    assert "route-spelled-otherwise" in found.evidence
