"""Policies out of each format: what is read, where it stands, what is said of the API."""

import json
import sys

import pytest
from source_texts import INPUTS, STATEMENT, codes, document, read, read_file

from policycheck.diagnostics import InputError, Source
from policycheck.model.environment import Authorization, Endpoint
from policycheck.model.policy import Policy
from policycheck.read.policy import parse_policy
from policycheck.read.sources.detect import is_document, may_hold_policy
from policycheck.read.sources.load import load_policies

BARE = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})


def test_a_bare_policy_is_itself():
    policy = read(BARE)[""]
    assert policy == parse_policy(Source("document", BARE))
    assert (policy.document, policy.text, policy.name) == (None, BARE, "document")


def test_an_answer_of_get_rest_api_with_positions_through_the_escapes():
    policy = read_file("get-rest-api.json")[""]
    statement = policy.statements[0]
    assert policy.facts.endpoint is Endpoint.REGIONAL
    assert statement.sid == "Café"
    assert statement.resource.patterns[0].span.text == (
        r"\"arn:aws:execute-api:eu-west-1:123456789012:abcdef1234\/*\""
    )
    blocks = [one.span.text for one in statement.conditions[0].relations]
    assert blocks == [r"\"203.0.113.0\/24\"", r"\"10.0.0.0\/8\""]
    assert statement.span.line == 4


def test_answers_with_quotes_that_are_escaped_once_more():
    found = read_file("get-rest-apis.json")
    assert list(found) == ["aaaaaaaaaa", "cccccccccc"]
    assert document(found["aaaaaaaaaa"])["Statement"] == [STATEMENT]
    assert found["aaaaaaaaaa"].facts.endpoint is Endpoint.PRIVATE
    assert codes(found["cccccccccc"]) == ["INVALID_EFFECT"]
    assert "Alow" in found["cccccccccc"].diagnostics[0].span.text
    assert found["cccccccccc"].diagnostics[0].span.line == 4


@pytest.mark.parametrize("text", [json.dumps(BARE), json.dumps(BARE)[1:-1]])
def test_an_escaped_policy_alone(text):
    policy = read(text)[""]
    assert document(policy) == json.loads(BARE)
    assert policy.statements[0].resource.patterns[0].span.text == r"\"execute-api:/*\""


def test_a_quote_without_its_backslash_is_a_mistake_of_syntax():
    text = json.dumps({"policy": json.dumps(BARE)[1:-1].replace(r"\"Allow", '"Allow')})
    assert set(codes(read(text)[""])) == {"JSON_SYNTAX_ERROR"}


def test_a_mistake_inside_an_escaped_policy_is_shown_where_it_is():
    text = json.dumps(BARE.replace('"Allow",', '"Allow"'))
    (found,) = read(text)[""].diagnostics
    assert found.code == "JSON_SYNTAX_ERROR"
    assert found.span.start == text.index(r"\"Principal") - 1


def test_openapi_in_yaml_and_in_json():
    policy = read_file("openapi.yaml")[""]
    assert policy.facts.authorization is Authorization.IAM
    assert policy.statements[0].resource.patterns[0].span.line == 17
    text = json.dumps({"swagger": "2.0", "x-amazon-apigateway-policy": json.loads(BARE)})
    assert document(read(text)[""])["Statement"] == [STATEMENT]
    assert codes(read('{"openapi": "3.0.1"}')[""]) == ["NO_POLICY_IN_DOCUMENT"]


def test_a_template_with_functions():
    found = read_file("template.yaml")
    allow, deny = document(found["Orders"])["Statement"]
    assert allow["Resource"] == "arn:aws:execute-api:*:*:*/prod/GET/*"
    assert allow["Condition"] == {
        "IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}
    }
    assert deny["Resource"] == "execute-api:/prod/*"
    assert deny["Condition"] == {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    facts = found["Orders"].facts
    assert str(facts) == (
        "endpoint: regional, authorization: iam, stages: [prod], arn: arn:aws:execute-api:*:*:*"
    )
    assert codes(found["Internal"]) == ["UNRESOLVED_REFERENCE"]
    (missing,) = found["Internal"].diagnostics
    assert (missing.span.text, missing.span.line) == ("${Endpoint}", 45)
    assert missing.help == "give it: --parameter 'Endpoint=VALUE'"


def test_parameters_take_the_place_of_defaults():
    given = {"StageName": "dev", "Strict": "no", "Endpoint": "vpce-0123456789abcdef0"}
    found = read_file("template.yaml", given)
    (allow,) = document(found["Orders"])["Statement"]
    assert allow["Resource"] == "arn:aws:execute-api:*:*:*/dev/GET/*"
    assert found["Orders"].facts.stages == ("dev",)
    condition = found["Internal"].statements[0].conditions[0].relations[0]
    assert condition.wanted.literal == "vpce-0123456789abcdef0"
    assert condition.span.line == 45


def test_terraform_files():
    found = read_file("main.tf")
    (allow,) = document(found["aws_api_gateway_rest_api_policy.orders"])["Statement"]
    assert allow == {
        "Sid": "Offices",
        "Effect": "Allow",
        "Action": ["execute-api:Invoke"],
        "Resource": "execute-api:/prod/GET/*",
        "Principal": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"]}},
    } or allow["Resource"] == ["execute-api:/prod/GET/*"]
    facts = found["aws_api_gateway_rest_api_policy.orders"].facts
    assert (facts.endpoint, facts.stages) == (Endpoint.REGIONAL, ("prod",))
    heredoc = found["aws_api_gateway_rest_api.heredoc"].statements[0]
    assert heredoc.conditions[0].relations[0].span.text == '"${var.offices[1]}"'
    assert len(found["aws_api_gateway_rest_api.encoded"].statements) == 2


def test_a_plan_of_terraform():
    found = read_file("plan.json")
    assert list(found) == [
        "aws_api_gateway_rest_api.later",
        "module.a.aws_api_gateway_rest_api.orders",
    ]
    assert codes(found["aws_api_gateway_rest_api.later"]) == ["UNRESOLVED_POLICY"]
    policy = found["module.a.aws_api_gateway_rest_api.orders"]
    assert (policy.facts.endpoint, policy.statements[0].span.line) == (Endpoint.PRIVATE, 9)


def test_a_state_of_terraform():
    attributes = {"id": "abcdef1234", "policy": BARE}
    resource = {
        "mode": "managed",
        "type": "aws_api_gateway_rest_api",
        "name": "orders",
        "instances": [{"attributes": attributes}],
    }
    text = json.dumps({"version": 4, "terraform_version": "1.9.0", "resources": [resource]})
    found = read(text)
    assert document(found["aws_api_gateway_rest_api.orders"]) == json.loads(BARE)


def test_a_number_longer_than_python_reads_hides_no_document():
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(4300)
    try:
        number = "9" * 5000
        text = f'{{"openapi": "3.0.1", "x": {number}, "x-amazon-apigateway-policy": {BARE}}}'
        source = Source("api", text)
        assert is_document(source)
        assert may_hold_policy(source)
    finally:
        sys.set_int_max_str_digits(before)


def test_serverless_framework_files():
    policy = read_file("serverless.yml")[""]
    (allow,) = document(policy)["Statement"]
    assert allow["Resource"] == "execute-api:/dev/GET/orders"
    assert allow["Condition"] == {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
    assert (
        str(policy.facts)
        == "endpoint: regional, authorization: iam, stages: [dev], routes: [GET /orders]"
    )
    given = read_file("serverless.yml", {"opt:stage": "prod"})[""]
    assert document(given)["Statement"][0]["Resource"] == "execute-api:/prod/GET/orders"


def test_sam_expands_its_shorthand():
    policy = read_file("sam.yaml")["Orders"]
    shown = [(one["Effect"], one["Resource"]) for one in document(policy)["Statement"]]
    first, second = ["execute-api:/prod/GET/orders/*"], ["execute-api:/prod/*/any"]
    effects = ("Deny", "Allow", "Deny")
    assert shown == [*((e, first) for e in effects), *((e, second) for e in effects)]
    assert str(policy.facts) == (
        "endpoint: regional, authorization: iam, stages: [prod], "
        "routes: [GET /orders/{id}, ANY /any]"
    )


def test_the_python_interface_reads_them_or_raises():
    path = INPUTS / "main.tf"
    found = load_policies(path)
    assert all(isinstance(one, Policy) for one in found)
    with pytest.raises(InputError, match="Endpoint"):
        load_policies(path.with_name("template.yaml"))
