"""What CloudFormation's functions give where that is easily mistaken."""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

from policycheck.diagnostics import Source
from policycheck.model.policy import Policy
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters

API = {"Type": "AWS::ApiGateway::RestApi"}


def api(statement, **others):
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    resources = {"Api": {**API, "Properties": {"Policy": policy}}}
    return json.dumps({**others, "Resources": resources})


def denied(operator, **values):
    return {**STATEMENT, "Effect": "Deny", "Condition": {operator: values}}


def test_a_dynamic_reference_that_a_function_puts_together_is_not_the_value():
    """CFN/dynamic-references: they are replaced after the functions."""
    pieces = ["{{resolve:ssm:", {"Ref": "Name"}, "}}"]
    statement = denied("StringNotEquals", **{"aws:SourceVpce": {"Fn::Join": ["", pieces]}})
    declared = {"Name": {"Type": "String", "Default": "/vpce"}}
    text = api(statement, Parameters=declared)
    found = read(text)["Api"]
    assert codes(found) == ["UNRESOLVED_REFERENCE"]
    assert found.diagnostics[0].help == "give it: --parameter '{{resolve:ssm:/vpce}}=VALUE'"


@pytest.mark.parametrize(
    "kind",
    [
        "CommaDelimitedList",
        "List<AWS::EC2::VPC::Id>",
        "AWS::SSM::Parameter::Value<CommaDelimitedList>",
        "AWS::SSM::Parameter::Value<List<String>>",
    ],
)
def test_a_parameter_that_is_a_list_is_split(kind):
    """CFN/parameters-section-structure and CFN/cloudformation-supplied-parameter-types."""
    statement = denied("StringNotEquals", **{"aws:SourceVpc": {"Ref": "Vpcs"}})
    text = api(statement, Parameters={"Vpcs": {"Type": kind}})
    found = document(read(text, Vpcs="vpc-11111111, vpc-22222222")["Api"])
    value = found["Statement"][0]["Condition"]["StringNotEquals"]["aws:SourceVpc"]
    assert value == ["vpc-11111111", "vpc-22222222"]


@pytest.mark.parametrize("name", ["Fn::Transform", "Fn::ForEach::Vpcs"])
def test_a_function_beside_other_keys_is_not_taken_for_one_of_them(name):
    """CFN/intrinsic-function-reference-foreach and -transform: both may stand beside others."""
    values = {"aws:SourceVpc": "vpc-11111111", name: ["Vpc", ["a"], {"${Vpc}": "b"}]}
    assert codes(read(api(denied("StringNotEquals", **values)))["Api"]) == ["UNSUPPORTED_FUNCTION"]


def test_a_list_as_json_is_a_text():
    """CFN/intrinsic-function-reference-ToJsonString: it is one text, not the values in it."""
    policy = {"Version": "2012-10-17", "Statement": [STATEMENT]}
    whole = {**API, "Properties": {"Policy": {"Fn::ToJsonString": policy}}}
    assert document(read(json.dumps({"Resources": {"Api": whole}}))["Api"]) == policy
    values = {"aws:SourceVpc": {"Fn::ToJsonString": ["vpc-11111111"]}}
    assert codes(read(api(denied("StringEquals", **values)))["Api"]) == ["UNSUPPORTED_FUNCTION"]


def test_an_element_that_is_left_out_is_not_counted():
    effects = ["Allow", {"Ref": "AWS::NoValue"}, "Deny"]
    one = {**STATEMENT, "Effect": {"Fn::Select": ["1", effects]}}
    assert codes(read(api(one))["Api"]) == ["INVALID_FUNCTION"]


def test_a_pseudo_parameter_that_is_a_list_is_no_text():
    """CFN/pseudo-parameter-reference: AWS::NotificationARNs is a list."""

    def found(name):
        statement = denied("StringNotEquals", **{"aws:PrincipalArn": {"Ref": name}})
        source = Source("t", api(statement))
        (one,) = policies_of(source, Parameters(leave_open=True))
        return one

    assert isinstance(found("AWS::StackName"), Policy)
    assert codes(found("AWS::NotificationARNs")) == ["UNRESOLVED_REFERENCE"]


def test_the_suffix_of_addresses_tells_the_partition():
    """CFN/pseudo-parameter-reference: AWS::URLSuffix is amazonaws.com.cn in China."""
    suffix = {"Fn::Equals": [{"Ref": "AWS::URLSuffix"}, "amazonaws.com"]}
    effect = {"Fn::If": ["Usual", "Deny", "Allow"]}
    text = api({**STATEMENT, "Effect": effect}, Conditions={"Usual": suffix})
    found = read(text)["Api"]
    assert document(found)["Statement"][0]["Effect"] == "Deny"
    assert found.facts.arn is not None
    assert str(found.facts.arn[1]) == "aws"
