"""Values without quotes that AWS reads otherwise than YAML 1.2 has them (CFN/template-formats)."""

import json

import pytest
from source_texts import codes, document, read

from policycheck.model.policy import Policy

TEMPLATE = """
Parameters:
  Kind: {Type: String, Default: DEFAULT}
  Account: {Type: String, Default: ACCOUNT}
Conditions:
  Same: !Equals [!Ref Kind, COMPARED]
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Version: 2012-10-17
        Statement:
          - Effect: !If [Same, Deny, Allow]
            Principal: {AWS: !Ref Account}
            Action: execute-api:Invoke
            Resource: execute-api:/*
            Condition: {StringNotEquals: {"aws:PrincipalTag/a": VALUE}}
"""
USUAL = {"DEFAULT": "a", "COMPARED": "a", "ACCOUNT": "'123456789012'", "VALUE": "b"}


def template(more="", **changes):
    text = TEMPLATE.replace("Properties:", f"Properties:{more}")
    for name, value in {**USUAL, **changes}.items():
        text = text.replace(name, value)
    return read(text, "template.yaml")["Api"]


AMBIGUOUS = (
    "yes",
    "No",
    "ON",
    "off",
    "y",
    "0123",
    "0x1F",
    "0b11",
    "0o17",
    "1_000",
    "+5",
    "12:30",
    "1:2:3:4:5:6:7:8",
    "1.10",
    "1.",
    ".5",
    ".inf",
)
PLAIN = (
    "true",
    "5",
    "-5",
    "0",
    "203.0.113.7",
    "203.0.113.0/24",
    "2025-01-01",
    "09:30",
    "nope",
)


@pytest.mark.parametrize("value", AMBIGUOUS)
def test_a_value_that_is_another_in_yaml_1_1(value):
    found = template(VALUE=value)
    assert codes(found) == ["YAML_AMBIGUOUS"]
    assert found.diagnostics[0].span.text == value
    assert isinstance(template(VALUE=f'"{value}"'), Policy)


@pytest.mark.parametrize("value", PLAIN)
def test_a_value_that_is_the_same(value):
    (statement,) = document(template(VALUE=value))["Statement"]
    found = statement["Condition"]["StringNotEquals"]["aws:PrincipalTag/a"]
    assert json.dumps(found).strip('"') == value


@pytest.mark.parametrize(
    "changes",
    [
        {"ACCOUNT": "012345670123"},
        {"ACCOUNT": "012345678901"},
        {"COMPARED": "yes", "DEFAULT": "'yes'"},
        {"COMPARED": "'yes'", "DEFAULT": "yes"},
    ],
)
def test_accounts_parameters_and_conditions(changes):
    assert codes(template(**changes)) == ["YAML_AMBIGUOUS"]


def test_other_parts_of_a_document_may_be_ambiguous():
    assert isinstance(template("\n      FailOnWarnings: yes"), Policy)


def test_openapi_and_services():
    policy = "[{Effect: Allow, Principal: '*', Action: '*', Resource: '*', Sid: no}]"
    text = f"openapi: 3.0.1\nx-amazon-apigateway-policy: {{Statement: {policy}}}\n"
    assert codes(read(text, "a.yaml")[""]) == ["YAML_AMBIGUOUS"]
    service = f"service: a\nprovider: {{apiGateway: {{resourcePolicy: {policy}}}}}\n"
    assert codes(read(service, "serverless.yml")[""]) == ["YAML_AMBIGUOUS"]


def test_a_value_that_becomes_part_of_a_text():
    policy = (
        "[{Effect: Allow, Principal: '*', Action: '*', Resource: '*', Sid: 'a${self:custom.a}'}]"
    )
    service = (
        f"service: a\ncustom: {{a: 0123}}\nprovider: {{apiGateway: {{resourcePolicy: {policy}}}}}\n"
    )
    assert codes(read(service, "serverless.yml")[""]) == ["YAML_AMBIGUOUS"]


def test_json_has_one_meaning():
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Sid": "no"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    text = json.dumps({"openapi": "3.0.1", "x-amazon-apigateway-policy": policy})
    assert document(read(text)[""]) == policy
