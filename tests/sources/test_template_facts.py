"""What a template says of an API, and what makes it say less than it seems to."""

import json

import pytest
from source_texts import STATEMENT, codes, read

from policycheck.model.environment import Authorization, Endpoint
from policycheck.model.policy import Policy

POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
API = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": POLICY}}
IAM, NONE = Authorization.IAM, Authorization.NONE


def resource(kind, api="Api", **said):
    reference = {"Ref": api} if isinstance(api, str) else api
    return {"Type": f"AWS::ApiGateway::{kind}", "Properties": {"RestApiId": reference, **said}}


PROD = resource("Stage", StageName="prod")
METHOD = resource("Method", AuthorizationType="AWS_IAM", HttpMethod="GET", ResourceId="r")
ELSEWHERE = {"Fn::ImportValue": "api"}


def facts(resources, **others):
    known = {"Api": API, "Prod": PROD, "Method": METHOD}
    found = read(json.dumps({"Resources": {**known, **resources}, **others}))["Api"]
    assert isinstance(found, Policy), found
    return found.facts


def test_stages_and_callers_of_a_template_that_has_all_of_them():
    assert facts({}).stages == ("prod",)
    assert facts({}).authorizations == {IAM}
    other = resource("Stage", "Other", StageName="dev")
    assert facts({"S": other}).stages == ("prod",)
    by_attribute = resource("Stage", {"Fn::GetAtt": ["Api", "RestApiId"]}, StageName="dev")
    assert facts({"S": by_attribute}).stages == ("prod", "dev")


def test_a_resource_whose_condition_does_not_hold_is_not_made():
    """CFN/conditions-section-structure: what is not made gives no witness for sometimes_allowed."""
    conditions = {
        "Never": {"Fn::Equals": ["a", "b"]},
        "Open": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "b"]},
        "Odd": {"Fn::Equals": [{"Fn::Cidr": []}, "b"]},
    }
    dev = resource("Stage", StageName="dev")

    def stages(condition):
        return facts({"S": {**dev, "Condition": condition}}, Conditions=conditions).stages

    assert stages("Never") == ("prod",)
    assert stages("Open") == stages("Odd") == ("prod", "dev")


@pytest.mark.parametrize(
    ("resources", "others"),
    [
        ({"S": resource("Stage", {"Fn::Sub": "${Api}"}, StageName="dev")}, {}),
        ({"S": resource("Deployment", ELSEWHERE, StageName="dev")}, {}),
        ({"Fn::ForEach::S": ["N", ["a"], {"S${N}": resource("Stage")}]}, {}),
        ({"S": {"Type": "AWS::CloudFormation::Stack", "Properties": {"P": {"Ref": "Api"}}}}, {}),
        ({"S": {"Type": "Custom::Stage", "Properties": {"Api": {"Ref": "Api"}}}}, {}),
        ({"S": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Ref": "Api"}}}}, {}),
        ({}, {"Outputs": {"Id": {"Value": {"Ref": "Api"}, "Export": {"Name": "api"}}}}),
        ({}, {"Outputs": {"Id": {"Value": {"Fn::Sub": "${Api}"}, "Export": {"Name": "api"}}}}),
    ],
)
def test_a_stage_that_may_be_made_elsewhere(resources, others):
    assert facts(resources, **others).stages is None


@pytest.mark.parametrize(
    ("resources", "others"),
    [
        ({"M": resource("Method", {"Fn::Sub": "${Api}"}, AuthorizationType="NONE")}, {}),
        ({"M": resource("Method", AuthorizationType={"Ref": "Kind"})}, {}),
        ({"M": resource("Method", AuthorizationType={"Fn::ImportValue": "kind"})}, {}),
        ({"Fn::ForEach::M": ["N", ["a"], {"M${N}": METHOD}]}, {}),
        ({}, {"Outputs": {"Id": {"Value": {"Ref": "Api"}, "Export": {"Name": "api"}}}}),
    ],
)
def test_a_method_whose_callers_may_be_anonymous(resources, others):
    kind = {"Kind": {"Type": "String", "Default": "NONE"}}
    assert facts(resources, **others, Parameters=kind).authorizations == {IAM, NONE}


def test_the_type_of_a_method_is_worked_out():
    kind = {"Kind": {"Type": "String", "Default": "AWS_IAM"}}
    method = resource("Method", AuthorizationType={"Ref": "Kind"})
    assert facts({"Method": method}, Parameters=kind).authorizations == {IAM}


def test_stages_and_methods_beside_an_api_of_sam():
    auth = {"ResourcePolicy": {"CustomStatements": [STATEMENT]}}
    said = {"StageName": "prod", "Auth": auth, "OpenApiVersion": "3.0.1"}
    resources = {
        "Api": {"Type": "AWS::Serverless::Api", "Properties": said},
        "Other": resource("Stage", StageName="other"),
    }
    found = facts({**resources, "Prod": METHOD})
    assert found.stages == ("prod", "other")
    assert found.authorizations == {IAM}


def test_the_endpoint_type_that_an_import_gives():
    """APIGW/API_ImportRestApi: endpointConfigurationTypes, also as Parameters of the resource."""
    private = {"Policy": POLICY, "EndpointConfiguration": {"Types": ["PRIVATE"]}}

    def endpoint(**more):
        return facts({"Api": {**API, "Properties": {**private, **more}}}).endpoint

    assert endpoint() is Endpoint.PRIVATE
    assert endpoint(Parameters={"basepath": "prepend"}) is Endpoint.PRIVATE
    assert endpoint(Parameters={"endpointConfigurationTypes": "REGIONAL"}) is None
    assert endpoint(Parameters={"endpointConfigurationTypes": "PRIVATE"}) is Endpoint.PRIVATE
    assert endpoint(Parameters={"Fn::If": ["A", {}, {}]}) is None


INCLUDED = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}}


def refused(properties, **others):
    api = {**API, "Properties": properties, **others}
    return codes(read(json.dumps({"Resources": {"Api": api}}))["Api"])


@pytest.mark.parametrize(
    "more",
    [
        {"Body": INCLUDED},
        {"Body": {"openapi": "3.0.1", **INCLUDED}},
        {"Body": {"Fn::If": ["A", {}, {}]}},
        {"Body": '{"x-amazon-apigateway-policy": {}}'},
        {"BodyS3Location": {"Bucket": "a", "Key": "b"}},
    ],
)
def test_a_policy_beside_a_definition_that_may_have_another(more):
    """CFN/aws-resource-apigateway-restapi does not say which of two policies counts."""
    assert refused({"Policy": POLICY, **more}) == ["DEFINITION_ELSEWHERE"]


def test_properties_that_a_function_makes():
    """CFN/intrinsic-function-reference-foreach: loops may make properties."""
    loop = {"Fn::ForEach::P": ["P", ["Policy"], {"${P}": POLICY}]}
    assert refused({"Policy": POLICY, **loop}) == ["UNSUPPORTED_FUNCTION"]
    assert refused(INCLUDED) == ["UNSUPPORTED_FUNCTION"]
    assert refused({"Policy": POLICY}, **INCLUDED) == ["UNSUPPORTED_FUNCTION"]


MACRO = {"Fn::Transform": {"Name": "Mine"}}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"Transform": "Mine", "Resources": {"Api": API}}, ["MACRO"]),
        ({"Transform": ["AWS::CodeStar", "Mine"], "Resources": {"Api": API}}, ["MACRO"]),
        ({"Resources": {"Api": API, **MACRO}}, ["MACRO"]),
        ({"Resources": {"Api": API}, **MACRO}, ["MACRO"]),
    ],
)
def test_a_macro_may_make_another_policy(document, found):
    """CFN/template-macros: a macro is given the whole template, or what it stands beside."""
    assert codes(read(json.dumps(document))["Api"]) == found
    own = json.loads(json.dumps(document).replace("Mine", "AWS::Include"))
    assert isinstance(read(json.dumps(own))["Api"], Policy)
