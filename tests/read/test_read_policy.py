"""Policies: every good form, and what it becomes in the model (semantics A)."""

import json

import pytest

from policycheck.diagnostics import InputError, Source
from policycheck.model.arn import AnyResource, ApiResource, ArnResource
from policycheck.model.policy import Effect, Policy, PrincipalId, PrincipalKind
from policycheck.model.text import Pattern, Variable, Wildcard, glob
from policycheck.read.policy import load_policy, parse_policy

STATEMENT = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}


def read(*statements, **elements) -> Policy:
    document = {"Version": "2012-10-17", "Statement": list(statements), **elements}
    return parse_policy(Source("policy.json", json.dumps(document)))


def statement(drop="", **elements):
    found = read({k: v for k, v in {**STATEMENT, **elements}.items() if k != drop})
    return found.statements[0]


def warned(*statements, **elements) -> list[str]:
    return [one.code for one in read(*statements, **elements).warnings]


def refused(*statements, **elements) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(*statements, **elements)
    return [one.code for one in caught.value.diagnostics]


def test_a_policy_keeps_its_parts_and_knows_its_source():
    found = read({**STATEMENT, "Sid": "one"}, {**STATEMENT, "Effect": "Deny"}, Id="mine")
    first, second = found.statements
    assert (found.version, found.id, found.name, found.warnings) == (
        "2012-10-17",
        "mine",
        "policy.json",
        (),
    )
    assert (first.index, first.effect, first.sid) == (0, Effect.ALLOW, "one")
    assert (second.index, second.effect, second.sid) == (1, Effect.DENY, None)
    assert json.loads(first.span.text)["Sid"] == "one"


def test_one_statement_may_stand_without_a_list():
    assert read(Statement=STATEMENT).statements == read(STATEMENT).statements


def test_one_value_may_stand_without_a_list():
    listed = {"Action": ["execute-api:Invoke"], "Resource": ["execute-api:/*"]}
    assert statement(**listed) == statement()
    assert statement(Principal={"AWS": ["*"]}) == statement(Principal={"AWS": "*"}) == statement()


def test_a_policy_is_read_from_a_file(tmp_path):
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"Statement": STATEMENT}), encoding="utf-8")
    assert load_policy(path).statements == read(STATEMENT).statements


def test_both_versions_are_read_and_none_is_the_old_one():
    resource = {**STATEMENT, "Resource": "execute-api:/${aws:userid}"}
    variable = Pattern(("/", Variable("aws:userid")))
    literal = Pattern(("/${aws:userid}",))
    assert tail(read(resource)) == variable
    assert tail(read(resource, Version="2008-10-17")) == literal
    unversioned = parse_policy(Source("x", json.dumps({"Statement": resource})))
    assert tail(unversioned) == literal
    assert unversioned.version is None
    assert [one.code for one in unversioned.warnings] == [
        "MISSING_VERSION",
        "INVALID_ARN_RESOURCE",
        "VARIABLE_UNSUPPORTED_IN_VERSION",
    ]


def tail(policy: Policy) -> Pattern:
    (resource,) = policy.statements[0].resource.patterns
    return resource.tail


PRINCIPALS = [
    ("AWS", "*", PrincipalKind.EVERYONE, ""),
    ("AWS", "123456789012", PrincipalKind.ACCOUNT, "123456789012"),
    ("AWS", "arn:aws:iam::123456789012:root", PrincipalKind.ACCOUNT, "123456789012"),
    ("AWS", "arn:aws-us-gov:iam::123456789012:root", PrincipalKind.ACCOUNT, "123456789012"),
    ("AWS", "arn:aws:iam::123456789012:user/a.b@c", PrincipalKind.USER, None),
    ("AWS", "arn:aws-cn:iam::123456789012:user/p/q/name", PrincipalKind.USER, None),
    ("AWS", "arn:aws:iam::123456789012:role/name", PrincipalKind.ROLE, None),
    ("AWS", "arn:aws:iam::123456789012:role/aws-service-role/x.com/R", PrincipalKind.ROLE, None),
    ("AWS", "arn:aws:sts::123456789012:assumed-role/r/s@x", PrincipalKind.SESSION, None),
    ("AWS", "arn:aws:sts::123456789012:federated-user/u", PrincipalKind.FEDERATED_USER, None),
    ("AWS", "AIDACKCEVSQ6C2EXAMPLE", PrincipalKind.UNIQUE_ID, None),
    ("AWS", "AROADBQP57FF2AEXAMPLE", PrincipalKind.UNIQUE_ID, None),
    ("Service", "lambda.amazonaws.com", PrincipalKind.SERVICE, None),
    ("Service", "logs.cn-north-1.amazonaws.com.cn", PrincipalKind.SERVICE, None),
    ("Federated", "cognito-identity.amazonaws.com", PrincipalKind.FEDERATED, None),
    ("CanonicalUser", "79a59df900b949e55d96a1e698fb", PrincipalKind.CANONICAL_USER, None),
]


@pytest.mark.parametrize("group, text, kind, value", PRINCIPALS)
def test_a_principal_is_of_its_kind(group, text, kind, value):
    found = statement(Principal={group: text}).principal
    assert found.ids == (PrincipalId(kind, text if value is None else value),)
    assert found.ids[0].span.text == json.dumps(text)


def test_several_kinds_and_ids_are_read_in_order():
    both = {"Service": "lambda.amazonaws.com", "AWS": ["*", "123456789012"]}
    kinds = [one.kind for one in statement(Principal=both).principal.ids]
    assert kinds == [PrincipalKind.SERVICE, PrincipalKind.EVERYONE, PrincipalKind.ACCOUNT]


def test_the_negated_elements():
    found = read(
        {
            "Effect": "Deny",
            "NotPrincipal": {"AWS": "123456789012"},
            "NotAction": "execute-api:InvalidateCache",
            "NotResource": "execute-api:/prod/*",
        }
    ).statements[0]
    assert (found.principal.negated, found.action.negated, found.resource.negated) == (True,) * 3
    assert found.principal.span.text == '{"AWS": "123456789012"}'


@pytest.mark.parametrize(
    "action", ["*", "execute-api:*", "execute-api:Inv?ke", "EXECUTE-API:invoke"]
)
def test_actions_are_globs_in_lower_case(action):
    (found,) = statement(Action=action).action.patterns
    assert (found.wanted, found.spelled) == (glob(action.lower()), action)
    assert warned({**STATEMENT, "Action": action}) == []


def test_actions_ignore_the_case_of_ascii_letters_alone():
    (found,) = statement(Action="execute-api:Invo\u212ae").action.patterns
    assert found.wanted == glob("execute-api:invo\u212ae")


ARN = "arn:aws:execute-api:us-east-1:123456789012:abc"


def test_a_resource_is_everything_the_api_or_an_arn():
    found = statement(Resource=["*", "execute-api:/prod/*", ARN + "/prod/GET/a:b*"]).resource
    everything, shorthand, arn = found.patterns
    assert everything == AnyResource()
    assert shorthand == ApiResource(Pattern(("/prod/", Wildcard.RUN)))
    fields = ("arn", "aws", "execute-api", "us-east-1", "123456789012", "abc/prod/GET/a:b*")
    assert arn == ArnResource(tuple(map(glob, fields)), glob(ARN + "/prod/GET/a:b*"))
    assert arn.span.text == json.dumps(ARN + "/prod/GET/a:b*")


def test_variables_stand_after_the_fifth_colon():
    (found,) = statement(Resource=ARN + "/*/GET/${aws:username}").resource.patterns
    assert found.fields[5].variables == (Variable("aws:username"),)
    assert found.whole.variables == (Variable("aws:username"),)


GOOD_RESOURCES = [
    "arn:*:execute-api:*:*:*",
    "arn:aws:execute-api:us-gov-west-1:*:*/*",
    "arn:aws:execute-api:eu-*:1234????9012:abc*",
    "arn:aws-cn:execute-api:*:*:*/*/GET/",
    "arn:aws:execute-api:*:*:/domainnames/x+abc",
    "execute-api:/?/???/",
    "execute-api:/*",
]


@pytest.mark.parametrize("resource", GOOD_RESOURCES)
def test_these_resources_are_read_without_a_warning(resource):
    assert warned({**STATEMENT, "Resource": resource}) == []


@pytest.mark.parametrize("name", ["statement", "Statements", "Statment"])
def test_a_misspelt_statement_gives_one_error(name):
    with pytest.raises(InputError) as caught:
        parse_policy(Source("x", json.dumps({name: STATEMENT})))
    codes = [one.code for one in caught.value.diagnostics]
    assert sorted(codes) == ["INVALID_POLICY_ELEMENT", "MISSING_VERSION"]


def test_a_document_of_another_kind_gives_one_error():
    with pytest.raises(InputError) as caught:
        parse_policy(Source("x", json.dumps({"openapi": "3.0.1", "info": {}, "paths": {}})))
    assert [one.code for one in caught.value.diagnostics] == ["MISSING_STATEMENT"]


def test_all_errors_of_a_file_come_in_one_go_by_position():
    assert refused(
        {**STATEMENT, "Effect": "allow"},
        {**STATEMENT, "Action": "Invoke", "Resource": "x"},
        {**STATEMENT, "Condition": {"IpAddress": {"aws:SourceIp": "x"}}},
        Version="2012",
    ) == [
        "INVALID_VERSION",
        "INVALID_EFFECT",
        "INVALID_ACTION",
        "INVALID_ARN_PREFIX",
        "TYPE_MISMATCH_IP_RANGE",
    ]


def test_errors_come_with_the_warnings_of_the_same_file():
    assert refused({**STATEMENT, "Sid": "a-b", "Effect": "x"}) == [
        "INVALID_EFFECT",
        "UNSUPPORTED_SID",
    ]
