"""Values that stay open: which may, and that a verdict is one about each value."""

import json

import pytest
from source_texts import read

import policycheck as pc
from policycheck.diagnostics import InputError, Source
from policycheck.model.environment import Endpoint, Environment
from policycheck.model.verdict import Failure
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters

SPEC = """
version: 1
api: {endpoint: private}
define: {inside: {source_vpce: vpce-0123456789abcdef0}}
assertions:
  - {id: some, sometimes_allowed: inside}
  - {id: never, never_allowed: {source_vpc: vpc-0123456789abcdef0}}
  - {id: both, never_allowed: {source_vpce: vpce-0aaaaaaaaaaaaaaaa, method: GET}}
"""


def template(*statements, **more):
    policy = {"Version": "2012-10-17", "Statement": list(statements), **more}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": policy}}
    endpoints = {name: {"Type": "AWS::EC2::VPCEndpoint"} for name in ("One", "Two")}
    parameters = {"Ids": {"Type": "CommaDelimitedList"}, "Text": {"Type": "String"}}
    return json.dumps({"Parameters": parameters, "Resources": {"Api": api, **endpoints}})


def statement(effect, operator, value, key="aws:SourceVpce"):
    return {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {operator: {key: value}},
    }


def opened(text):
    (found,) = policies_of(Source("t.json", text), Parameters(leave_open=True))
    return found


def verdicts(policy):
    report = pc.prove(policy, pc.parse_spec(Source("spec.yaml", SPEC), None))
    assert not report.failures
    return {one.assertion.id: one.status.value for one in report.verdicts}


ONE, TWO = {"Ref": "One"}, {"Ref": "Two"}


def test_a_proof_holds_for_every_value():
    """Allowed through One, denied through all but One and at One: nobody, whatever One is."""
    policy = opened(
        template(statement("Allow", "StringEquals", ONE), statement("Deny", "StringEquals", ONE))
    )
    assert verdicts(policy) == {"some": "violated", "never": "proved", "both": "proved"}


def test_two_references_may_have_two_values():
    policy = opened(
        template(statement("Allow", "StringEquals", ONE), statement("Deny", "StringEquals", TWO))
    )
    assert verdicts(policy)["both"] == "violated"
    assert [one.name for one in policy.symbols] == ["One", "Two"]


def test_some_value_is_not_every_value():
    policy = opened(template(statement("Allow", "StringEquals", [ONE])))
    found = verdicts(policy)
    assert found["some"] == "unknown"


def test_a_refusal_for_every_value_is_one():
    policy = opened(
        template(
            statement("Allow", "StringEquals", ONE),
            statement("Deny", "StringNotEquals", "vpce-0bbbbbbbbbbbbbbbb"),
        )
    )
    assert verdicts(policy)["some"] == "violated"


@pytest.mark.parametrize(
    "text",
    [
        template(statement("Allow", "StringLike", ONE)),
        template(statement("Allow", "StringEquals", {"Ref": "Ids"})),
        template(statement("Allow", "IpAddress", ONE, "aws:SourceIp")),
        template(statement("Allow", "ArnEquals", ONE, "aws:PrincipalArn")),
        template(statement("Allow", "StringEquals", ONE), Version="2008-10-17"),
    ],
)
def test_where_a_value_cannot_stay_open_it_is_asked_for(text):
    found = opened(text)
    assert isinstance(found, Failure)
    assert [one.code for one in found.diagnostics] == ["UNRESOLVED_REFERENCE"]


@pytest.mark.parametrize(
    "values", ["flatten([aws_vpc_endpoint.a[*].id])", "concat(var.ids, [])", "var.ids"]
)
def test_what_may_be_a_list_is_no_text(values):
    text = f"""
variable "ids" {{}}
resource "aws_api_gateway_rest_api" "a" {{
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{{
    Effect = "Allow", Principal = "*", Action = "*", Resource = "*"
    Condition = {{ StringEquals = {{ "aws:SourceVpce" = {values} }} }}
  }}] }})
}}
"""
    (found,) = policies_of(Source("main.tf", text), Parameters(leave_open=True))
    assert isinstance(found, Failure)
    one = text.replace(values, "aws_vpc_endpoint.a.id")
    (found,) = policies_of(Source("main.tf", one), Parameters(leave_open=True))
    assert [symbol.name for symbol in found.symbols] == ["aws_vpc_endpoint.a.id"]


def test_nothing_stays_open_unless_that_is_wanted():
    assert isinstance(read(template(statement("Allow", "StringEquals", ONE)))["Api"], Failure)


def test_other_questions_than_a_proof_refuse_open_values():
    policy = opened(template(statement("Allow", "StringEquals", ONE)))
    with pytest.raises(InputError, match="OPEN_VALUE"):
        pc.reach(policy, Environment(Endpoint.PRIVATE))
    assert pc.lint(policy).failures
