"""What the Serverless Framework merges into its template, and what it makes no API of
(serverless/serverless, lib/plugins/aws/package). What is deployed is what ``serverless package`` of
version 3.40 writes."""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

from policycheck.model.environment import Authorization
from policycheck.model.policy import Policy

IAM, NONE, LAMBDA, COGNITO = (
    Authorization.IAM,
    Authorization.NONE,
    Authorization.LAMBDA,
    Authorization.COGNITO,
)
GET = {"http": {"path": "a", "method": "get", "authorizer": "aws_iam"}}
DENY = {**STATEMENT, "Effect": "Deny"}
OWN_ID = {"Ref": "ApiGatewayRestApi"}


def service(*events, provider=None, **others):
    root = {
        "service": "shop",
        "provider": {"apiGateway": {"resourcePolicy": [STATEMENT]}, **(provider or {})},
        "functions": {"list": {"events": list(events or (GET,))}},
        **others,
    }
    return read(json.dumps(root), "serverless.yml")


def facts(*events, **others):
    return service(*events, **others)[""].facts


def resources(extensions=None, outputs=None, **made):
    return {"Resources": made, "extensions": extensions or {}, "Outputs": outputs or {}}


def part(kind, **properties):
    return {"Type": f"AWS::ApiGateway::{kind}", "Properties": properties}


METHOD = part("Method", HttpMethod="GET", AuthorizationType="AWS_IAM", RestApiId={"Ref": "Other"})
OPENED = {"Properties": {"AuthorizationType": "NONE"}}
STACK = {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": {"Api": OWN_ID}}}


@pytest.mark.parametrize(
    "said",
    [
        resources(ApiGatewayMethodAGet=OPENED),
        resources({"ApiGatewayMethodAGet": OPENED}),
        [resources(), resources({"ApiGatewayMethodAGet": OPENED})],
        resources({"ApiGatewayResourceA": {"Properties": {"PathPart": "b"}}}),
        resources(More="${file(method.yml)}"),
        resources(More={"Type": "${env:TYPE}"}),
        resources(Nested=STACK),
        resources(outputs={"Api": {"Value": OWN_ID, "Export": {"Name": "api"}}}),
        resources(outputs={"Api": {"Value": OWN_ID}}),
        resources(outputs={"Root": {"Value": {"Fn::GetAtt": "ApiGatewayRestApi.RootResourceId"}}}),
    ],
)
def test_what_may_change_or_add_methods_leaves_them_open(said):
    """merge-custom-provider-resources.js; the guide's recipe for a shared API hands its id on
    through outputs."""
    found = facts(resources=said)
    assert found.authorizations == {IAM, NONE}
    assert (found.stages, found.routes) == (None, None)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (resources(More=METHOD), {IAM, NONE}),
        (resources(More=part("Method", AuthorizationType="${env:X}")), {IAM, NONE}),
        (resources(More=part("Method", AuthorizationType={"Ref": "Kind"})), {IAM, NONE}),
        (resources(More=part("Method", AuthorizationType="CUSTOM")), {LAMBDA, NONE}),
        (resources(More="${file(method.yml)}"), {IAM, NONE}),
        (resources(ApiGatewayMethodAGet=OPENED), {IAM, NONE}),
        (resources({"ApiGatewayMethodAGet": OPENED}), {IAM, NONE}),
        (resources(More=part("GatewayResponse")), {NONE}),
        (resources(outputs={"Api": {"Value": OWN_ID}}), {NONE}),
    ],
)
def test_methods_that_resources_add_to_those_without_callers(said, found):
    assert facts({"http": "GET /a"}, resources=said).authorizations == found


def test_resources_that_are_no_part_of_the_api():
    url = {"Fn::Join": ["", ["https://", OWN_ID, ".example.com"]]}
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "${env:TABLE}"}}
    changed = {"ListLambdaFunction": {"Properties": {"MemorySize": 128}}}
    found = facts(resources=resources(changed, {"Url": {"Value": url}}, Table=table))
    assert (found.authorizations, found.stages) == ({IAM}, ("dev",))
    assert [str(one) for one in found.routes] == ["GET /a"]


def rest_api(*statements, **properties):
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return part("RestApi", Policy=policy, **properties)


def test_extensions_replace_the_policies_of_resources():
    said = resources({"Other": rest_api(DENY)}, Other=rest_api(STATEMENT))
    found = service(resources=said)["Other"]
    assert document(found)["Statement"] == [DENY]


def test_lists_are_merged_by_the_places_of_their_elements():
    """lib/classes/service.js, mergeArrays: lodash's merge."""
    more = {"Properties": {"Policy": {"Statement": [{"Effect": "Deny"}, STATEMENT]}}}
    said = [resources(Other=rest_api(STATEMENT, STATEMENT, STATEMENT)), resources(Other=more)]
    found = service(resources=said)["Other"]
    assert document(found)["Statement"] == [DENY, STATEMENT, STATEMENT]
    assert document(service(resources=said[::-1])["Other"])["Statement"] == [STATEMENT] * 3
    odd = {"Properties": {"Policy": {"Statement": DENY}}}
    found = service(resources=[said[0], resources(Other=odd)])[""]
    assert codes(found) == ["DATA_TYPE_MISMATCH"]
    open_one = {"Properties": "${file(other.yml)}"}
    found = service(resources=[resources(Other=open_one), said[0]])
    assert codes(found["resources"]) == ["UNRESOLVED_REFERENCE"]


def test_parameters_of_later_templates():
    said = {"Type": "String", "Default": "Allow"}
    first = {"Resources": {"Other": rest_api({**STATEMENT, "Effect": {"Ref": "What"}})}}
    parts = [{**first, "Parameters": {"What": said}}, {"Parameters": {"What": {"Default": "Deny"}}}]
    assert document(service(resources=parts)["Other"])["Statement"] == [DENY]


def test_methods_of_later_templates():
    other = part("Method", HttpMethod="PUT", AuthorizationType="NONE", RestApiId={"Ref": "Other"})
    parts = [resources(Other=rest_api(STATEMENT), A=METHOD), resources(B=other)]
    assert service(resources=parts)["Other"].facts.authorizations == {IAM, NONE}
    changed = resources({"A": OPENED}, Other=rest_api(STATEMENT), A=METHOD)
    assert service(resources=changed)["Other"].facts.authorizations == {NONE}
    hidden = {**METHOD, "Properties": {**METHOD["Properties"], "AuthorizationType": "${env:X}"}}
    found = service(resources=resources(Other=rest_api(STATEMENT), A=hidden))["Other"]
    assert found.facts.authorizations == {IAM, NONE}


def test_functions_add_methods_to_their_own_api_in_the_resources():
    method = {**METHOD, "Properties": {**METHOD["Properties"], "RestApiId": OWN_ID}}
    stage = part("Stage", StageName="live", RestApiId=OWN_ID)
    said = resources(ApiGatewayRestApi=rest_api(STATEMENT), M=method, S=stage)
    events = {"http": {"path": "b", "method": "get"}}
    found = service(events, provider={"apiGateway": {}}, resources=said)["ApiGatewayRestApi"]
    assert found.facts.authorizations == {IAM, NONE}
    assert (found.facts.stages, found.facts.routes) == (None, None)
    both = service(events, resources=said)
    assert list(both) == [""]
    assert codes(both[""]) == ["SEVERAL_POLICIES"]


OLD = {"apiGateway": None, "resourcePolicy": [DENY]}


@pytest.mark.parametrize(
    ("version", "old", "new", "both"),
    [
        (None, "NOT_DEPLOYED", "Allow", "Allow"),
        ("3", "NOT_DEPLOYED", "Allow", "Allow"),
        (">=2.0.0", "NOT_DEPLOYED", "Allow", "Allow"),
        ("2 || 3", "NOT_DEPLOYED", "Allow", "Allow"),
        ("2", "Deny", "Allow", "Allow"),
        (2, "Deny", "Allow", "Allow"),
        ("^2.72.0", "Deny", "Allow", "Allow"),
        (">=1.1.0 <3.0.0", "Deny", "Allow", "Allow"),
        ("1.83.3", "Deny", "NOT_DEPLOYED", "Deny"),
        ("<2", "Deny", "NOT_DEPLOYED", "Deny"),
    ],
)
def test_where_a_version_looks_for_the_policy(version, old, new, both):
    """rest-api.js of versions 1.83, 2.72 and 3.40."""
    given = {"frameworkVersion": version} if version else {}

    def effect(**provider):
        found = service(provider=provider, **given)[""]
        return (
            document(found)["Statement"][0]["Effect"]
            if isinstance(found, Policy)
            else codes(found)[0]
        )

    assert effect(**OLD) == old
    assert effect() == new
    assert effect(resourcePolicy=[DENY]) == both


NEVER = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}


def test_a_service_that_makes_no_api():
    """api-gateway/index.js: without http events there is none."""
    assert codes(service({"httpApi": "*"})[""]) == ["NOT_DEPLOYED"]
    assert codes(service(functions={})[""]) == ["NOT_DEPLOYED"]
    assert isinstance(service({"httpApi": "*"}, plugins=["more"])[""], Policy)
    assert isinstance(service(functions="${file(functions.yml)}")[""], Policy)
    said = {**NEVER, "Resources": {"ApiGatewayRestApi": {"Condition": "Never"}}}
    assert codes(service(resources=said)[""]) == ["NOT_DEPLOYED"]


def test_statements_in_another_file():
    found = service(provider={"apiGateway": {"resourcePolicy": "${file(policy.yml)}"}})[""]
    assert codes(found) == ["DEFINITION_ELSEWHERE"]


def http(**said):
    return {"http": {"path": "b", "method": "get", **said}}


ARN = "arn:aws:cognito-idp:us-east-1:111122223333:userpool/x"


@pytest.mark.parametrize(
    ("authorizer", "found"),
    [
        (None, {NONE}),
        ("", {NONE}),
        ("Aws_Iam", {IAM}),
        ("function", {LAMBDA}),
        (ARN, {COGNITO}),
        ({"arn": ARN}, {COGNITO}),
        ({"name": "pool", "type": "cognito_user_pools", "arn": {"Ref": "Pool"}}, {COGNITO}),
        ({"name": "pool", "arn": {"Ref": "Pool"}}, {LAMBDA}),
        ({"name": "pool", "arn": "${cf:pool.Arn}"}, {LAMBDA, COGNITO}),
        ({"type": "COGNITO_USER_POOLS", "authorizerId": {"Ref": "A"}}, {COGNITO}),
        ({"type": "request", "authorizerId": {"Ref": "A"}}, {LAMBDA}),
        ({"type": "AWS_IAM", "authorizerId": {"Ref": "A"}}, {IAM}),
        ({"type": "aws_iam", "authorizerId": {"Ref": "A"}}, {IAM, NONE}),
        (7, {IAM, NONE}),
    ],
)
def test_the_type_of_an_authorizer(authorizer, found):
    """validate.js, getAuthorizer; method/authorization.js."""
    assert facts(http(authorizer=authorizer)).authorizations == found


@pytest.mark.parametrize(
    ("cors", "found"),
    [
        (None, ["GET /b"]),
        (False, ["GET /b"]),
        ("${self:custom.cors.${sls:stage}}", ["GET /b"]),
        (True, ["GET /b", "OPTIONS /b"]),
        ({}, ["GET /b", "OPTIONS /b"]),
        ("false", None),
        ("${env:CORS, false}", None),
    ],
)
def test_preflight_requests(cors, found):
    """validate.js: a value that JavaScript takes for false makes no method; the schema makes the
    word false one."""
    known = facts(http(cors=cors), custom={"cors": {"dev": False}}).routes
    assert found == (known and [str(one) for one in known])


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (http(path="/b/"), ["GET /b"]),
        (http(path="/"), ["GET /"]),
        (http(path="//b"), None),
        (http(path="b "), None),
        (http(path="${env:PATH}/b"), None),
        (http(method="${env:METHOD}"), None),
        (http(method="*"), ["ANY /b"]),
        ({"http": "PUT /b/"}, ["PUT /b"]),
        ({"http": "PUT  /b"}, None),
        ({"http": "*"}, None),
        ({"http": None}, ["GET /a"]),
    ],
)
def test_the_route_of_an_event(event, found):
    """validate.js, getHttp and getHttpPath."""
    events = (event, GET) if event["http"] is None else (event,)
    known = facts(*events).routes
    assert found == (known and [str(one) for one in known])


@pytest.mark.parametrize(
    "pair", [("a.b", "ab"), ("a_b", "ab"), ("users", "Users"), ("1/2", "12"), ("x.y/z", "xy")]
)
def test_paths_with_the_same_logical_id(pair):
    """naming.js, normalizePath: the second takes the place of the first."""
    assert facts(*(http(path=one) for one in pair)).routes is None


@pytest.mark.parametrize("pair", [("a-b", "ab"), ("a/b", "ab"), ("{a}", "a"), ("a/{id}", "a/id")])
def test_paths_with_logical_ids_of_their_own(pair):
    assert len(facts(*(http(path=one) for one in pair)).routes) == 2


@pytest.mark.parametrize(
    ("more", "found", "callers"),
    [
        ([{"http": {"path": "b", "method": "put"}}], ["PUT /b"], {IAM}),
        ([{}, {"http": {"path": "b", "method": "put"}}], ["GET /a", "PUT /b"], {IAM, NONE}),
        ([{"http": {"authorizer": None}}], ["GET /a"], {NONE}),
        (None, None, None),
    ],
)
def test_functions_that_are_listed_twice(more, found, callers):
    """lib/classes/service.js, mergeArrays: the second changes what the first says."""
    functions = [{"a": {"events": [GET]}}, {"a": {"events": more}}, None]
    if more is None:
        assert codes(service(functions=functions)[""]) == ["NOT_DEPLOYED"]
        return
    known = facts(functions=functions)
    assert [str(one) for one in known.routes] == found
    assert known.authorizations == callers


def test_functions_that_are_null():
    """service.js, setFunctionNames: they are left out."""
    assert facts(functions={"a": {"events": [GET]}, "b": None}).authorizations == {IAM}
