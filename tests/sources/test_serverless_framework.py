"""What the Serverless Framework deploys where its file seems to say something else
(serverless/serverless, lib/plugins/aws/package)."""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

from policycheck.model.environment import Authorization
from policycheck.model.policy import Policy

IAM, NONE, COGNITO = Authorization.IAM, Authorization.NONE, Authorization.COGNITO
GET = {"http": {"path": "a", "method": "get", "authorizer": "aws_iam"}}


def denied(value):
    condition = {"StringNotEquals": {"aws:SourceVpce": value}}
    return {**STATEMENT, "Effect": "Deny", "Condition": condition}


def service(value="vpce-11111111", events=(GET,), gateway=None, parameters=None, **others):
    statements = [STATEMENT, denied(value)]
    root = {
        "service": "shop",
        "provider": {"apiGateway": {"resourcePolicy": statements, **(gateway or {})}},
        "functions": {"list": {"events": list(events)}},
        "custom": {
            "endpoint": "vpce-22222222",
            "all": ["vpce-33333333"],
            "file": "${file(custom.yml)}",
            "map": "${self:custom.inner}",
            "inner": {"endpoint": "vpce-44444444"},
            "nothing": None,
        },
        **others,
    }
    return read(json.dumps(root), "serverless.yml", **(parameters or {}))


def endpoint(found):
    return document(found[""])["Statement"][1]["Condition"]["StringNotEquals"]["aws:SourceVpce"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("${self:custom.endpoint, 'x'}", "vpce-22222222"),
        ("${self:custom.all.0, 'x'}", "vpce-33333333"),
        ("${self:custom.all.1, 'vpce-99999999'}", "vpce-99999999"),
        ("${self:custom.map.endpoint, 'x'}", "vpce-44444444"),
        ("${self:custom.nothing, 'vpce-99999999'}", "vpce-99999999"),
        ("${opt:endpoint, 'vpce-99999999'}", "vpce-99999999"),
        ("${opt:endpoint, 'vpce-99999999', 'vpce-88888888'}", "vpce-99999999"),
        ('${opt:endpoint, "vpce-99999999", self:custom.endpoint}', "vpce-99999999"),
    ],
)
def test_a_variable_is_followed_before_its_default_counts(value, found):
    """variables/sources/self.js: null and what is not there have no value."""
    assert endpoint(service(value)) == found


@pytest.mark.parametrize("source", ["env:X", "ssm:/x", "cf:a.b", "param:x", "file(x.yml):a"])
def test_a_default_does_not_count_where_a_value_may_be_elsewhere(source):
    """variables/resolve.js: a default counts if the source has no value when it is deployed."""
    value = f"${{{source}, 'vpce-99999999'}}"
    assert codes(service(value)[""]) == ["UNRESOLVED_REFERENCE"]
    given = service(value, parameters={source: "vpce-55555555"})
    assert endpoint(given) == "vpce-55555555"


def test_what_another_file_may_have_is_not_missing():
    value = "${self:custom.file.endpoint, 'vpce-99999999'}"
    found = service(value)[""]
    assert codes(found) == ["UNRESOLVED_REFERENCE"]
    assert "file(custom.yml)" in found.diagnostics[0].help


@pytest.mark.parametrize("value", ["abc", {"Ref": "Api"}, "${cf:other.ApiId}"])
def test_an_api_that_is_there_already_gets_no_policy(value):
    """apiGateway/lib/restApi.js: with a restApiId no API is made."""
    assert codes(service(gateway={"restApiId": value})[""]) == ["FOREIGN_API"]
    assert isinstance(service(gateway={"restApiId": None})[""], Policy)


OTHER = {"ApiGatewayRestApi": {"Properties": {"Policy": {"Statement": [STATEMENT]}}}}
BODY = {"ApiGatewayRestApi": {"Properties": {"Body": {}}}}


@pytest.mark.parametrize(
    ("resources", "code"),
    [
        ({"Resources": OTHER}, "SEVERAL_POLICIES"),
        ({"Resources": BODY}, "SEVERAL_POLICIES"),
        ({"extensions": OTHER}, "SEVERAL_POLICIES"),
        ([{"Resources": {}}, {"Resources": OTHER}], "SEVERAL_POLICIES"),
        ("${file(resources.yml)}", "DEFINITION_ELSEWHERE"),
        (["${file(resources.yml)}"], "DEFINITION_ELSEWHERE"),
        ({"Resources": "${file(resources.yml)}"}, "DEFINITION_ELSEWHERE"),
        ({"Resources": {"ApiGatewayRestApi": "${file(api.yml)}"}}, "DEFINITION_ELSEWHERE"),
        ({"Transform": "Mine"}, "MACRO"),
    ],
)
def test_resources_that_may_give_the_api_another_policy(resources, code):
    """mergeCustomProviderResources.js: resources are merged into what the framework made."""
    assert codes(service(resources=resources)[""]) == [code]


def test_resources_that_say_something_else_of_the_api():
    said = {"ApiGatewayRestApi": {"Properties": {"EndpointConfiguration": {"Types": ["EDGE"]}}}}
    provider = {
        "provider": {"endpointType": "private", "apiGateway": {"resourcePolicy": [STATEMENT]}}
    }
    known = read(json.dumps({"service": "a", **provider}), "serverless.yml")[""].facts
    assert known.endpoint.value == "private"
    changed = {"service": "a", **provider, "resources": {"Resources": said}}
    assert read(json.dumps(changed), "serverless.yml")[""].facts.endpoint is None


def rest_api(value, name="Other"):
    policy = {"Version": "2012-10-17", "Statement": [STATEMENT, denied(value)]}
    return {name: {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": policy}}}


def test_variables_in_the_policies_of_resources():
    own = {"Resources": rest_api("${self:custom.endpoint}")}
    found = service(resources=own)
    statement = document(found["Other"])["Statement"][1]
    assert statement["Condition"]["StringNotEquals"] == {"aws:SourceVpce": "vpce-22222222"}
    open_one = {"Resources": rest_api("${env:X}")}
    assert codes(service(resources=open_one)["resources"]) == ["UNRESOLVED_REFERENCE"]
    role = {"Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "${env:X}"}}}
    beside = {"Resources": {**rest_api("vpce-11111111"), **role}}
    assert isinstance(service(resources=beside)["Other"], Policy)


def test_functions_may_add_methods_to_an_api_of_the_resources():
    stage = {"StageName": "prod", "RestApiId": {"Ref": "Other"}}
    resources = {
        **rest_api("vpce-11111111"),
        "Stage": {"Type": "AWS::ApiGateway::Stage", "Properties": stage},
    }
    merged = {"resources": {"Resources": resources}}
    found = service(gateway={"restApiId": {"Ref": "Other"}}, **merged)["Other"]
    assert found.facts.stages is None
    assert found.facts.authorizations == {IAM}
    assert service(**merged)["Other"].facts.stages == ("prod",)


def callers(*events, **others):
    return service(events=events, **others)[""].facts.authorizations


def http(authorizer, **more):
    return {"http": {"path": "b", "method": "get", "authorizer": authorizer, **more}}


def test_who_calls_the_methods():
    """apiGateway/lib/method/authorization.js and lib/cors.js."""
    arn = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/x"
    assert callers(GET) == {IAM}
    assert callers(http({"type": "aws_iam"})) == {IAM}
    assert callers(http({"arn": arn})) == {COGNITO}
    assert callers(http("aws_iam", cors=True)) == {IAM, NONE}
    assert callers(http("aws_iam", cors=False)) == {IAM}
    assert callers(http("${self:custom.kind}"), custom={"kind": "aws_iam"}) == {IAM}
    assert callers({"http": "${self:custom.http}"}, custom=GET) == {IAM}


@pytest.mark.parametrize(
    "one",
    [
        http("${env:KIND}"),
        http({"type": "${env:KIND}"}),
        {"http": "${file(http.yml)}"},
        "${file(event.yml)}",
    ],
)
def test_a_method_of_which_nothing_is_known_may_have_any_callers(one):
    assert callers(GET, one) == {IAM, NONE}
    assert callers(one) == {IAM, NONE}


def test_functions_of_another_file_may_have_any_callers():
    assert callers(functions="${file(functions.yml)}") == {IAM, NONE}
    assert callers(functions=[{"a": {"events": [GET]}}, "${file(b.yml)}"]) == {IAM, NONE}
    assert callers(functions=[{"a": {"events": [GET]}}]) == {IAM}


def test_the_stage_of_the_api():
    """lib/plugins/aws/provider.js, getApiGatewayStage: apiGateway.stage comes first."""
    assert service(parameters={"opt:stage": "prod"})[""].facts.stages == ("prod",)
    assert service(gateway={"stage": "live"})[""].facts.stages == ("live",)
    assert service(gateway={"stage": "${env:X}"})[""].facts.stages is None


def test_a_stage_of_the_resources():
    stage = {"Type": "AWS::ApiGateway::Stage", "Properties": {"StageName": "other"}}
    assert service()[""].facts.stages == ("dev",)
    found = service(resources={"Resources": {"Stage": stage}})[""].facts
    assert (found.stages, found.authorizations) == (None, {IAM, NONE})
