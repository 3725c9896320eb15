"""Rules that a naive encoding gets wrong, each with what it would wrongly prove."""

from __future__ import annotations

import pytest
from asking import allow, always, ask, condition, deny, never, sometimes, status

PUBLIC = {"endpoint": "regional"}
PRIVATE = {"endpoint": "private"}
IAM = {"authorization": "iam"}
KEYS = {
    "x:list": {"type": "string", "multivalued": True},
    "x:address": {"type": "ip", "client_controlled": True},
    "x:always": {"type": "string", "presence": "always"},
}
OFFICE = "203.0.113.0/24"
V4 = "0.0.0.0/0"
V6 = "::/0"


def when(operator, key, *values):
    return {operator: {key: list(values)}}


ABSENT = [
    (when("IpAddress", "aws:SourceIp", V4, V6), "violated"),
    (when("NotIpAddress", "aws:SourceIp", OFFICE), "proved"),
    (when("NotIpAddressIfExists", "aws:SourceIp", OFFICE), "proved"),
    (when("IpAddressIfExists", "aws:SourceIp", V4, V6), "proved"),
    (when("StringEquals", "aws:SourceVpce", "vpce-1"), "violated"),
    (when("StringNotEquals", "aws:SourceVpce", "vpce-1"), "violated"),
    (when("StringNotLike", "aws:UserAgent", "*"), "violated"),
    (when("ForAllValues:StringEquals", "aws:UserAgent", "a"), "violated"),
    (when("ForAnyValue:StringNotEquals", "aws:UserAgent", "a"), "violated"),
    (when("Null", "aws:TagKeys", "true"), "proved"),
    (when("Null", "aws:TagKeys", "false"), "violated"),
    (when("StringNotEquals", "aws:NoSuchKey", "a"), "proved"),
    (when("StringEquals", "aws:NoSuchKey", "a"), "violated"),
    (when("ForAllValues:StringEquals", "aws:NoSuchKey", "a"), "proved"),
    (when("ForAnyValue:StringNotEquals", "aws:NoSuchKey", "a"), "violated"),
]


@pytest.mark.parametrize(("block", "found"), ABSENT)
def test_a_deny_over_a_key_that_may_be_absent(block, found):
    """Whether the Deny stops every request without aws:SourceIp."""
    predicate = {"absent": ["aws:SourceIp"]}
    assert status([allow(), deny(Condition=block)], never(**predicate)) == found


def test_a_negated_deny_denies_the_request_without_the_key():
    statements = [allow(), deny(Condition=when("NotIpAddress", "aws:SourceIp", OFFICE))]
    assert status(statements, never(), api=PRIVATE) == "proved"
    assert status(statements, never(source_ip=OFFICE), api=PUBLIC) == "violated"


@pytest.mark.parametrize(
    ("resource", "path", "method", "found"),
    [
        ("execute-api:/*/GET/pets", "/x/GET/pets", "POST", "violated"),
        ("execute-api:/*/GET/pets", "/pets", "POST", "proved"),
        ("execute-api:/prod/*/admin", "/a/b/admin", "PUT", "violated"),
        ("execute-api:/prod/*", "/", "GET", "violated"),
        ("execute-api:/prod/GET", "/", "GET", "proved"),
        ("execute-api:/prod/GET/", "/", "GET", "violated"),
        ("execute-api:/prod/GET/?", "/", "GET", "proved"),
        ("execute-api:/prod/GET/?", "/?", "GET", "violated"),
        ("execute-api:/prod/GET/?*", "/a/b", "GET", "violated"),
        ("execute-api:/prod/?ET/a", "/a", "GET", "violated"),
        ("execute-api:/prod/G??/a", "/a", "POST", "proved"),
        ("execute-api:/prod/GET/Admin", "/admin", "GET", "proved"),
        ("execute-api:/prod/GET//a", "//a", "GET", "violated"),
        ("execute-api:/prod/GET/a/", "/a", "GET", "proved"),
        ("execute-api:/", "/*", "GET", "proved"),
        ("execute-api:/prod*T/a", "/b/T/a", "PUT", "violated"),
        ("arn:aws:execute-api:*:*:*", "/a:b", "GET", "violated"),
        ("arn:aws:execute-api:*:*:*/GET/a:*:c", "/a:b:c", "GET", "violated"),
    ],
)
def test_stars_and_marks_in_resources(resource, path, method, found):
    predicate = {"stage": "prod", "method": method, "path": path}
    assert status([allow(Resource=resource)], never(**predicate)) == found


def test_a_star_in_the_place_of_the_verb_unanchors_the_path():
    statements = [allow(), deny(Resource="execute-api:/prod/*/admin/*")]
    assert status(statements, never(stage="prod", path="/admin/*")) == "proved"
    assert status(statements, always(stage="prod", path="/x/admin/y")) == "violated"
    assert status(statements, always(stage="prod", path="/admin")) == "proved"


@pytest.mark.parametrize(
    ("blocks", "api", "found"),
    [
        ([V4], {"endpoint": "regional"}, "violated"),
        ([V6], {"endpoint": "regional"}, "violated"),
        ([V4, V6], {"endpoint": "regional"}, "proved"),
        ([V4], {"endpoint": "regional", "ip_address_type": "ipv4"}, "proved"),
        (["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1"], {"endpoint": "edge"}, "proved"),
        (["0.0.0.0/1", "128.0.0.0/2", V6], {"endpoint": "edge"}, "violated"),
    ],
)
def test_families_never_mix(blocks, api, found):
    everywhere = [allow(Condition=when("IpAddress", "aws:SourceIp", *blocks))]
    nowhere = [allow(), deny(Condition=when("IpAddress", "aws:SourceIp", *blocks))]
    nobody_else = [allow(), deny(Condition=when("NotIpAddress", "aws:SourceIp", *blocks))]
    assert status(everywhere, always(), api=api) == found
    assert status(nowhere, never(), api=api) == found
    assert status(nobody_else, always(), api=api) == found


def test_private_addresses_never_reach_a_public_endpoint():
    inside = [allow(Condition=when("IpAddress", "aws:SourceIp", "10.0.0.0/8", "192.168.0.0/16"))]
    assert status(inside, never(), api=PUBLIC) == "proved"
    assert status(inside, never()) == "violated"


@pytest.mark.parametrize(
    ("statements", "predicate", "found"),
    [
        ([allow(NotResource="execute-api:/prod/*")], {"stage": "dev"}, "violated"),
        ([allow(NotResource="execute-api:/prod/*")], {"stage": "prod"}, "proved"),
        ([allow(NotResource=["execute-api:/a/*", "execute-api:/b/*"])], {"stage": "b"}, "proved"),
        ([allow(NotResource="execute-api:/prod")], {"stage": "prod"}, "violated"),
        ([allow(), deny(NotResource="execute-api:/*/GET/*")], {"method": "POST"}, "violated"),
        ([allow(NotAction="execute-api:Invoke")], {}, "proved"),
        ([allow(NotAction="EXECUTE-API:invoke")], {}, "proved"),
        ([allow(NotAction="execute-api:I*")], {"action": "*"}, "violated"),
        ([allow(NotAction="execute-api:*")], {"action": "*"}, "proved"),
        ([allow(NotAction="s3:*")], {}, "violated"),
        ([allow(), deny(NotAction="execute-api:ManageConnections")], {}, "proved"),
    ],
)
def test_not_resource_and_not_action(statements, predicate, found):
    assert status(statements, never(**predicate)) in {found, "violated"}
    verdict = ask(statements, never(**predicate), keys=KEYS)
    default = [one for one in (verdict.readings or ()) if "shorthand" in one.value]
    assert verdict.status.value == found or default


@pytest.mark.parametrize(
    ("operator", "values", "found"),
    [
        ("ForAllValues:StringEquals", ["a", "b", "c"], "violated"),
        ("ForAnyValue:StringEquals", ["a"], "violated"),
        ("ForAnyValue:StringNotEquals", ["a", "b", "c"], "violated"),
        ("ForAllValues:StringNotEquals", ["d"], "violated"),
        ("StringEquals", ["a", "b", "c"], "proved"),
        ("StringNotEquals", ["d"], "proved"),
        ("StringNotEqualsIfExists", ["d"], "proved"),
        ("ForAllValues:StringEquals", ["a", "b"], "proved"),
        ("ForAllValues:StringNotEquals", ["c"], "proved"),
        ("ForAnyValue:StringEquals", ["d", "e"], "violated"),
    ],
)
def test_keys_with_three_values_and_more(operator, values, found):
    """The assertion speaks of requests whose values hold a, b and c, and maybe others."""
    holds = [condition("ForAnyValue:StringEquals", "x:list", value) for value in "abc"]
    statements = [allow(Condition=when(operator, "x:list", *values))]
    assert status(statements, never(all_of=holds), keys=KEYS) == found


def test_many_statements_may_each_need_a_value_of_their_own():
    letters = "abcdefg"
    denies = [deny(Condition=when("ForAllValues:StringNotEquals", "x:list", v)) for v in letters]
    verdict = ask([allow(), *denies], never(), keys=KEYS)
    assert verdict.counterexample is not None
    assert set(verdict.counterexample.request.values["x:list"]) == set(letters)


def test_equal_values_are_several():
    block = {
        **when("ForAllValues:StringEquals", "x:list", "a"),
        "ForAnyValue:StringEquals": {"x:list": "a"},
    }
    only_one = deny(Condition=when("StringEquals", "x:list", "a"))
    verdict = ask([allow(Condition=block), only_one], never(), keys=KEYS)
    assert verdict.counterexample.request.values["x:list"] == ("a", "a")


def test_an_arn_that_is_denied_says_nothing_of_anonymous_callers():
    arn = "arn:aws:iam::111122223333:role/ops"
    statements = [allow(), deny(Condition=when("ArnNotEquals", "aws:PrincipalArn", arn))]
    assert status(statements, never()) == "proved"
    assert status(statements, always()) == "violated"
    assert status(statements, never(principal="authenticated"), api=IAM) == "violated"
    assert status(statements, sometimes(), api=IAM) == "proved"


def test_only_iam_authorization_gives_callers_an_identity():
    statements = [allow(Principal={"AWS": "111122223333"})]
    assert status(statements, never()) == "proved"
    assert status(statements, sometimes(principal="111122223333"), api=IAM) == "proved"
    assert status(statements, never(principal="444455556666"), api=IAM) == "proved"


@pytest.mark.parametrize(
    ("caller", "found"),
    [("arn:aws:iam::111122223333:user/ada", "violated"), ("arn:aws:iam::1*:root", "violated")],
)
def test_users_may_have_temporary_credentials(caller, found):
    """GetSessionToken, and the console. Source: IAM/reference_policies_condition-keys."""
    with_mfa = when("Bool", "aws:MultiFactorAuthPresent", "true")
    statements = [allow(Condition=with_mfa)]
    assert status(statements, never(principal=caller), api=IAM) == found
    fresh = when("DateGreaterThan", "aws:TokenIssueTime", "2026-01-01T00:00:00Z")
    assert status([allow(Condition=fresh)], never(principal=caller), api=IAM) == found


def test_root_users_are_of_every_partition():
    arn = "arn:aws-us-gov:iam::111122223333:root"
    statements = [allow(Condition=when("ArnEquals", "aws:PrincipalArn", arn))]
    assert status(statements, never(), api=IAM) == "violated"
    assert status(statements, never(principal=arn), api=IAM) == "violated"
    assert status(statements, never(principal="arn:aws:iam::*:root"), api=IAM) == "proved"


def test_callers_are_of_the_partition_of_the_api():
    """Source: IAM/access_policies-cross-account-resource-access."""
    account = [allow(Principal={"AWS": "111122223333"})]
    strangers = {"all_of": [{"partition": "aws"}, {"not": {"principal": "arn:aws:*"}}]}
    assert status(account, never(**strangers), api=IAM) == "proved"
    chinese = {"principal": "arn:aws-cn:iam::*:role/*", "partition": "aws-cn"}
    assert status(account, never(**chinese), api=IAM) == "violated"
    role = "arn:aws-cn:iam::111122223333:role/r"
    own = {**IAM, "arn": "arn:aws:execute-api:us-east-1:111122223333:abcdef1234"}
    assert status([allow(Principal={"AWS": role})], never(), api=own) == "proved"


def test_sessions_of_federated_identities_do_not_tell_of_mfa():
    """Source: IAM/reference_policies_condition-keys, aws:MultiFactorAuthPresent."""
    without_mfa = when("Bool", "aws:MultiFactorAuthPresent", "false")
    session = {"principal": "arn:aws:sts::*:assumed-role/*"}
    unseen = never(all_of=[session, {"absent": ["aws:MultiFactorAuthPresent"]}])
    assert status([allow(), deny(Condition=without_mfa)], unseen, api=IAM) == "violated"
    everyone = when("BoolIfExists", "aws:MultiFactorAuthPresent", "false")
    assert status([allow(), deny(Condition=everyone)], unseen, api=IAM) == "proved"


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("Bool", "aws:AssumedRoot", "true"),
        ("Bool", "aws:IsMcpServiceAction", "true"),
        ("Bool", "aws:ViaAWSMCPService", "true"),
        ("StringEquals", "aws:CalledViaAWSMCP", "aws-mcp.amazonaws.com"),
        ("StringEquals", "aws:Ec2InstanceSourceVpc", "vpc-1"),
        ("IpAddress", "aws:Ec2InstanceSourcePrivateIPv4", "10.0.0.0/8"),
        ("ArnLike", "aws:ChatbotSourceArn", "arn:aws:chatbot::*:chat-configuration/*"),
        ("ArnLike", "aws:SignInSessionArn", "arn:aws:signin:*:*:session/*"),
        ("ArnLike", "codebuild:BuildArn", "arn:aws:codebuild:*:*:build/*"),
        ("ArnLike", "codebuild:ProjectArn", "arn:aws:codebuild:*:*:project/*"),
        ("NumericLessThan", "ec2:RoleDelivery", "2.0"),
        ("ArnLike", "ec2:SourceInstanceARN", "arn:aws:ec2:*:*:instance/*"),
        ("StringEquals", "glue:CredentialIssuingService", "glue.amazonaws.com"),
        ("StringEquals", "glue:RoleAssumedBy", "glue.amazonaws.com"),
        ("StringLike", "identitystore:UserId", "9*"),
        ("ArnLike", "lambda:SourceFunctionArn", "arn:aws:lambda:*:*:function:f"),
        ("ArnLike", "ssm:SourceInstanceArn", "arn:aws:ec2:*:*:instance/*"),
        ("StringEquals", "saml:sub", "ada"),
        ("StringEquals", "www.amazon.com:user_id", "ada"),
        ("StringEquals", "cognito-identity.amazonaws.com:aud", "us-east-2:pool"),
        ("StringEquals", "Cognito-Identity.amazonaws.com:SUB", "ada"),
        ("ForAnyValue:StringLike", "cognito-identity.amazonaws.com:amr", "unauthenticated"),
        ("StringLike", "token.actions.githubusercontent.com:sub", "repo:a/b:*"),
        ("StringLike", "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub", "system:serviceaccount:*"),
    ],
)
def test_keys_of_sessions_are_there_or_not(operator, key, value):
    """Sources: IAM/reference_policies_condition-keys, its table of all global keys, and
    IAM/reference_policies_iam-condition-keys."""
    statements = [allow(Condition=when(operator, key, value))]
    assert status(statements, never(), api=IAM) == "violated"
    assert status(statements, never(absent=[key]), api=IAM) == "proved"


def test_a_deny_of_all_but_an_account():
    statements = [allow(), {**deny(), "NotPrincipal": {"AWS": "111122223333"}}]
    del statements[1]["Principal"]
    assert status(statements, never()) == "proved"
    assert status(statements, never(principal="444455556666"), api=IAM) == "proved"


@pytest.mark.parametrize(
    ("operator", "wanted", "actual", "found"),
    [
        ("StringEquals", "Curl", "curl", "proved"),
        ("StringEqualsIgnoreCase", "Curl", "cURL", "violated"),
        ("StringEqualsIgnoreCase", "é", "É", "proved"),
        ("StringEqualsIgnoreCase", "k", "\N{KELVIN SIGN}", "proved"),
        ("StringLike", "curl*", "Curl/8", "proved"),
        ("StringEquals", "curl*", "curl/8", "proved"),
        ("StringEquals", "curl*", "curl*", "violated"),
        ("StringLike", "c?rl", "curl", "violated"),
        ("StringLike", "c?rl", "crl", "proved"),
        ("StringLike", "?", "\N{GRINNING FACE}", "violated"),
        ("StringLike", "?", "", "proved"),
        ("StringLike", "*", "", "violated"),
        ("StringLike", "a*b*c", "a/b:c", "violated"),
        ("StringNotEqualsIgnoreCase", "CURL", "curl", "proved"),
        ("StringNotLike", "c*l", "curl", "proved"),
    ],
)
def test_texts(operator, wanted, actual, found):
    statements = [allow(Condition=when(operator, "aws:UserAgent", wanted))]
    predicate = condition("StringEquals", "aws:UserAgent", actual)
    assert status(statements, never(**predicate)) == found


def test_action_names_ignore_case_and_other_things_do_not():
    assert status([allow(Action="EXECUTE-API:INVOKE")], always()) == "proved"
    assert status([allow(Resource="execute-api:/Prod/*")], never(stage="prod")) == "proved"


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("DateGreaterThan", "9999-12-31T23:59:59Z"),
        ("DateLessThan", "0001-01-01T00:00:00Z"),
        ("DateEquals", "999999999999999999"),
        ("DateEquals", "-999999999999999999"),
    ],
)
@pytest.mark.parametrize(
    "key", ["x:time", "aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime"]
)
def test_an_instant_may_lie_beyond_the_calendar(operator, value, key):
    """Rules B3-epoch, D1-typed: no page says when time ends."""
    statements = [allow(Condition=when(operator, key, value))]
    keys = {"x:time": {"type": "date"}}
    assert status(statements, never(), api=IAM, keys=keys) == "violated"


NIGHT = {"time": {"daily": "22:00-06:00", "days": ["fri"], "utc_offset": "+00:00"}}


@pytest.mark.parametrize(
    ("after", "before", "found"),
    [
        ("2026-11-27T22:00:00Z", "2026-11-28T06:00:00Z", "proved"),
        ("2026-11-27T21:59:59Z", "2026-11-28T06:00:00Z", "violated"),
        ("2026-11-27T22:00:00Z", "2026-11-28T06:00:01Z", "violated"),
        ("2026-11-28T22:00:00Z", "2026-11-28T23:00:00Z", "violated"),
        ("2026-11-27T00:00:00Z", "2026-11-27T06:00:00Z", "violated"),
        ("2026-11-26T22:00:00Z", "2026-11-26T22:00:01Z", "violated"),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(after, before, found):
    """2026-11-27 is a Friday; the policy allows the given time, the night must cover it."""
    block = {
        "DateGreaterThanEquals": {"aws:CurrentTime": after},
        "DateLessThan": {"aws:CurrentTime": before},
    }
    assert status([allow(Condition=block)], never(**{"not": NIGHT})) == found


@pytest.mark.parametrize(
    ("operator", "found"),
    [
        ("DateEquals", "violated"),
        ("DateLessThan", "proved"),
        ("DateLessThanEquals", "violated"),
        ("DateGreaterThan", "proved"),
        ("DateGreaterThanEquals", "violated"),
        ("DateNotEquals", "proved"),
    ],
)
def test_the_bound_itself(operator, found):
    bound = "2026-11-24T09:30:00Z"
    statements = [allow(Condition=when(operator, "aws:CurrentTime", bound))]
    same = condition("DateEquals", "aws:EpochTime", "2026-11-24T10:30:00+01:00")
    assert status(statements, never(**same)) == found
    numeric = condition("NumericEquals", "aws:EpochTime", "1795512600")
    assert status(statements, never(**numeric)) == found


def test_instants_have_seconds_and_nothing_between():
    block = {
        "DateGreaterThan": {"aws:CurrentTime": "2026-11-24T09:30:00Z"},
        "DateLessThan": {"aws:CurrentTime": "2026-11-24T09:30:01Z"},
    }
    assert status([allow(Condition=block)], never()) == "proved"


def test_numbers_have_others_between():
    block = {"NumericGreaterThan": {"x:n": "1"}, "NumericLessThan": {"x:n": "1.0001"}}
    keys = {"x:n": {"type": "numeric"}}
    assert status([allow(Condition=block)], never(), keys=keys) == "violated"


def test_a_key_that_is_declared_always_there_is_there():
    statements = [allow(Condition=when("StringNotLike", "x:always", "*"))]
    assert status(statements, never(), keys=KEYS) == "proved"
    assert status([allow()], never(), keys=KEYS) == "violated"


def test_a_malformed_value_slips_past_a_negated_operator():
    block = when("NotIpAddress", "x:address", V4, V6)
    present = {"present": ["x:address"]}
    verdict = ask([allow(Condition=block)], never(**present), keys=KEYS)
    assert verdict.status.value == "violated"
    assert [one.value for one in verdict.readings] == ["malformed-value-fails-negated"]
    assert not verdict.under


@pytest.mark.parametrize("pattern", ["a*${aws:username, ''}*b", "a*${x:nowhere, ''}*${x:n, ''}*b"])
def test_an_empty_default_between_two_stars_is_nothing(pattern):
    statements = [allow(Condition=when("StringLike", "aws:Referer", pattern))]
    two = condition("StringLike", "aws:Referer", "??")
    assert status(statements, never(**two)) == "violated"
    assert status(statements, never(**condition("StringLike", "aws:Referer", "?"))) == "proved"
