"""The routes that documents have, and documents that leave one open and thus say nothing."""

import json
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber
from source_texts import STATEMENT, read

import policycheck as pc
from policycheck.diagnostics import Source
from policycheck.model.environment import Authorization, Environment
from policycheck.model.policy import Policy
from policycheck.read.sources import live
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters

POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}


def shown(found):
    assert isinstance(found, Policy), found
    routes = found.facts.routes
    return routes and sorted(map(str, routes))


def openapi(paths, **others):
    policy = {"x-amazon-apigateway-policy": POLICY}
    (found,) = read(json.dumps({"openapi": "3.0.1", "paths": paths, **policy, **others})).values()
    return shown(found)


PATHS = {
    "/": {"get": {}},
    "/pets/{petId}": {"GET": {}, "parameters": [], "x-amazon-apigateway-any-method": {}},
    "/none": {},
    "/null": None,
    "x-note": {"get": {}},
}


def test_openapi():
    assert openapi(PATHS) == ["ANY /pets/{petId}", "GET /", "GET /pets/{petId}"]
    assert openapi({}) is None


def test_a_base_path_may_stand_before_each_path():
    one = {"/pets": {"get": {}}}
    assert openapi(one, basePath="/") == ["GET /pets"]
    assert openapi(one, basePath="/v1/shop/") == [
        "GET /pets",
        "GET /shop/pets",
        "GET /v1/shop/pets",
    ]
    stage = {"url": "https://x.example.com/{basePath}", "variables": {"basePath": {"default": "b"}}}
    assert openapi(one, servers=[stage]) == ["GET /b/pets", "GET /pets"]
    assert openapi({"/": {"get": {}}}, servers=[{"url": "/b"}]) == ["GET /", "GET /b"]


@pytest.mark.parametrize(
    ("paths", "others"),
    [
        ({"/a": {"$ref": "other.yaml"}}, {}),
        ({"/a": "text"}, {}),
        ({"/a b": {"get": {}}}, {}),
        ({"Fn::Include": {"get": {}}}, {}),
        ({"/a": {"get": {}}}, {"basePath": ["/a"]}),
        ({"/a": {"get": {}}}, {"servers": [{"url": "https://example.com/{unknown}"}]}),
        ({"/a": {"get": {}}}, {"servers": ["text"]}),
    ],
)
def test_openapi_that_leaves_a_route_open(paths, others):
    assert openapi({"/b": {"get": {}}, **paths}, **others) is None


API = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": POLICY}}
ROOT_ID = {"Fn::GetAtt": ["Api", "RootResourceId"]}


def resource(part, parent):
    said = {"RestApiId": {"Ref": "Api"}, "PathPart": part, "ParentId": parent}
    return {"Type": "AWS::ApiGateway::Resource", "Properties": said}


def method(verb, place, api="Api"):
    said = {"RestApiId": {"Ref": api}, "HttpMethod": verb, "ResourceId": place}
    return {"Type": "AWS::ApiGateway::Method", "Properties": said}


RESOURCES = {
    "Api": API,
    "Pets": resource("pets", ROOT_ID),
    "Pet": resource("{petId}", {"Ref": "Pets"}),
    "GetRoot": method("GET", ROOT_ID),
    "AnyPet": method("ANY", {"Ref": "Pet"}),
    "Other": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "other"}},
    "OfOther": method("PUT", {"Fn::GetAtt": "Other.RootResourceId"}, "Other"),
}


def template(resources, **others):
    return shown(read(json.dumps({"Resources": {**RESOURCES, **resources}, **others}))["Api"])


def test_a_template_of_resources_and_methods():
    assert template({}) == ["ANY /pets/{petId}", "GET /"]
    body = {"swagger": "2.0", "paths": {"/b": {"post": {}}}}
    both = {"Type": API["Type"], "Properties": {"Policy": POLICY, "Body": body}}
    assert template({"Api": both}) == ["ANY /pets/{petId}", "GET /", "POST /b"]


def with_properties(**more):
    return {"Type": API["Type"], "Properties": {"Policy": POLICY, **more}}


@pytest.mark.parametrize(
    ("resources", "others"),
    [
        ({"M": method({"Ref": "Verb"}, ROOT_ID)}, {}),
        ({"M": method("GET", {"Fn::ImportValue": "resource"})}, {}),
        ({"M": method("GET", {"Ref": "Unknown"})}, {}),
        ({"M": method("GET", {"Ref": "R"}), "R": resource({"Ref": "Part"}, ROOT_ID)}, {}),
        ({"M": method("GET", {"Ref": "R"}), "R": resource("r", {"Ref": "R"})}, {}),
        (
            {"M": {"Type": "AWS::ApiGateway::Method", "Properties": {"RestApiId": {"Fn::If": []}}}},
            {},
        ),
        ({"Fn::ForEach::Methods": ["N", ["a"], {"M": method("GET", ROOT_ID)}]}, {}),
        ({"S": {"Type": "AWS::CloudFormation::Stack", "Properties": {"P": {"Ref": "Api"}}}}, {}),
        ({"Api": with_properties(CloneFrom="abc")}, {}),
        ({"Api": with_properties(Body={"paths": {"/a": {"Fn::Transform": {}}}})}, {}),
        ({}, {"Transform": [{"Name": "AWS::Include", "Parameters": {"Location": "s3://a/b"}}]}),
        ({}, {"Outputs": {"Id": {"Value": {"Ref": "Api"}, "Export": {"Name": "api"}}}}),
        ({}, {"Outputs": {"Root": {"Value": ROOT_ID, "Export": {"Name": "root"}}}}),
    ],
)
def test_a_template_that_leaves_a_route_open(resources, others):
    assert template(resources, **others) is None


def test_an_output_for_people_gives_nothing_away():
    url = {"Value": {"Fn::Sub": "https://${Api}.example.com"}, "Export": {"Name": "url"}}
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"P": {"Ref": "ApiRole"}}}
    found = template({"S": stack}, Outputs={"Url": url})
    assert found == ["ANY /pets/{petId}", "GET /"]


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth: {{ResourcePolicy: {{CustomStatements: {statements}}}}}
      {api}
  Handler:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        List: {{Type: Api, Properties: {{RestApiId: !Ref Api, Path: /pets, Method: get}}}}
        Queue: {{Type: SQS, Properties: {{}}}}
        {event}
"""


def sam(api="", event=""):
    text = SAM.format(statements=json.dumps([STATEMENT]), api=api, event=event)
    return shown(read(text, "template.yaml")["Api"])


def test_sam_makes_routes_of_events_and_of_the_definition():
    assert sam() == ["GET /pets"]
    other = "Add: {Type: Api, Properties: {RestApiId: !Ref Other, Path: /b, Method: any}}"
    assert sam(event=other) == ["GET /pets"]
    assert sam(event=other.replace("!Ref Other", "!Ref Api")) == ["ANY /b", "GET /pets"]
    body = "DefinitionBody: {swagger: '2.0', paths: {/c: {put: {}}}}"
    assert sam(body) == ["GET /pets", "PUT /c"]


def test_cors_makes_preflight_routes():
    assert sam("Cors: \"'*'\"") == ["GET /pets", "OPTIONS /pets"]


@pytest.mark.parametrize(
    ("api", "event"),
    [
        (
            "",
            "Add: {Type: Api, Properties: {RestApiId: !Ref Api, Path: !Ref X, Method: any}}",
        ),
        ("", "Add: {Type: Api, Properties: {RestApiId: !ImportValue x, Path: /b, Method: any}}"),
        ("", "Fn::If: [A, {Type: Api, Properties: {}}, !Ref AWS::NoValue]"),
        ("DefinitionUri: api.yaml", ""),
    ],
)
def test_sam_that_leaves_a_route_open(api, event):
    text = SAM.format(statements=json.dumps([STATEMENT]), api=api, event=event)
    found = read(text, "template.yaml")["Api"]
    assert getattr(found, "facts", None) is None or found.facts.routes is None


SERVERLESS = """
service: shop
provider:
  name: aws
  apiGateway: {{resourcePolicy: {statements}}}
{more}
functions:
  list: {{handler: a.b, events: [{{http: GET pets}}, {{sqs: "arn:x"}}]}}
  {function}
"""


def serverless(function="", more=""):
    text = SERVERLESS.format(statements=json.dumps([STATEMENT]), function=function, more=more)
    return shown(read(text, "serverless.yml")[""])


def test_serverless():
    assert serverless() == ["GET /pets"]
    spelled = 'add: {events: [{http: {path: "/", method: any}}, {http: "* {all+}"}]}'
    assert serverless(spelled) == ["ANY /", "ANY /{all+}", "GET /pets"]
    cors = "add: {events: [{http: {path: a, method: post, cors: %s}}]}"
    assert serverless(cors % "true") == ["GET /pets", "OPTIONS /a", "POST /a"]
    assert serverless(cors % "false") == ["GET /pets", "POST /a"]


@pytest.mark.parametrize(
    ("function", "more"),
    [
        ("add: ${file(add.yml)}", ""),
        ("add: {events: '${file(events.yml)}'}", ""),
        ("add: {events: ['${file(event.yml)}']}", ""),
        ("add: {events: [{http: {path: '${opt:path}', method: get}}]}", ""),
        ("", "plugins: [serverless-apigateway-service-proxy]"),
        ("", "resources: {Resources: {M: {Type: 'AWS::ApiGateway::Method'}}}"),
    ],
)
def test_serverless_that_leaves_a_route_open(function, more):
    assert serverless(function, more) is None


TERRAFORM = """
resource "aws_api_gateway_rest_api" "shop" {
  name   = "shop"
  policy = jsonencode(%s)
}
resource "aws_api_gateway_resource" "pets" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  parent_id   = aws_api_gateway_rest_api.shop.root_resource_id
  path_part   = "pets"
}
resource "aws_api_gateway_resource" "pet" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  parent_id   = aws_api_gateway_resource.pets.id
  path_part   = var.part
}
variable "part" { default = "{petId}" }
resource "aws_api_gateway_method" "root" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_rest_api.shop.root_resource_id
  http_method   = "GET"
  authorization = "NONE"
}
resource "aws_api_gateway_method" "pet" {
  rest_api_id   = aws_api_gateway_rest_api.shop.id
  resource_id   = aws_api_gateway_resource.pet.id
  http_method   = "ANY"
  authorization = "NONE"
}
output "url" { value = "https://${aws_api_gateway_rest_api.shop.id}.example.com" }
"""


def terraform(folder, more="", **files):
    path = folder / "main.tf"
    path.write_text(TERRAFORM.replace("%s", json.dumps(POLICY)) + more)
    for name, text in files.items():
        (folder / name.replace("_", ".", 1)).write_text(text)
    (found,) = policies_of(Source(str(path), path.read_text()), Parameters({}))
    return shown(found)


def test_terraform(tmp_path):
    assert terraform(tmp_path) == ["ANY /pets/{petId}", "GET /"]
    beside = MEMBER % ("aws_api_gateway_rest_api.shop.id", "")
    assert terraform(tmp_path, other_tf=beside) == [
        "ANY /pets/{petId}",
        "GET /",
        "PUT /pets/{petId}",
    ]


def test_terraform_from_a_pipe_may_have_files_beside_it():
    (found,) = read(TERRAFORM.replace("%s", json.dumps(POLICY)), "main.tf").values()
    assert shown(found) is None


MEMBER = """resource "aws_api_gateway_method" "more" {
  rest_api_id   = %s
  resource_id   = aws_api_gateway_resource.pet.id
  http_method   = "PUT"
  authorization = "NONE"
  %s
}
"""


@pytest.mark.parametrize(
    ("more", "files"),
    [
        (MEMBER % ("aws_api_gateway_rest_api.shop.id", "for_each = var.methods"), {}),
        (MEMBER % ("local.api", ""), {}),
        ('module "m" {\n  api = aws_api_gateway_rest_api.shop.id\n}\n', {}),
        ('output "api" { value = aws_api_gateway_rest_api.shop.id }\n', {}),
        ("", {"broken_tf": "resource {"}),
        ("", {"other_tf.json": "{}"}),
    ],
)
def test_terraform_that_leaves_a_route_open(tmp_path, more, files):
    assert terraform(tmp_path, more, **files) is None


def state(*resources):
    api = {
        "address": "aws_api_gateway_rest_api.a",
        "type": "aws_api_gateway_rest_api",
        "values": {"id": "abc", "root_resource_id": "r", "policy": json.dumps(POLICY)},
    }
    module = {"resources": [api, *resources]}
    return shown(
        *read(json.dumps({"format_version": "1.0", "values": {"root_module": module}})).values()
    )


def member(kind, **values):
    return {"address": f"{kind}.{values}", "type": f"aws_api_gateway_{kind}", "values": values}


def test_terraform_state():
    pets = member("resource", id="p", rest_api_id="abc", path="/pets")
    get = member("method", rest_api_id="abc", resource_id="p", http_method="GET")
    root = member("method", rest_api_id="abc", resource_id="r", http_method="ANY")
    other = member("method", rest_api_id="other", resource_id="x", http_method="ANY")
    assert state(pets, get, root, other) == ["ANY /", "GET /pets"]
    assert state(get, root) is None
    assert state(root, member("method", http_method="GET")) is None
    assert state() is None


def answers(summary):
    client = boto3.client(
        "apigateway",
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )
    stub = Stubber(client)
    stub.add_response(
        "get_stages",
        {"item": [{"stageName": "prod", "deploymentId": "d1", "canarySettings": {}}]},
        {"restApiId": "abc"},
    )
    stub.add_response(
        "get_deployment",
        {"id": "d1", **summary},
        {"restApiId": "abc", "deploymentId": "d1", "embed": ["apisummary"]},
    )
    stub.add_response("get_resources", {"items": []})
    stub.activate()
    return live._facts({"id": "abc"}, client)


def test_a_live_api_has_the_routes_of_what_its_stages_serve():
    methods = {"GET": {"authorizationType": "AWS_IAM"}, "ANY": {"authorizationType": "AWS_IAM"}}
    facts = answers({"apiSummary": {"/pets/{id}": methods}})
    assert sorted(map(str, facts.routes)) == ["ANY /pets/{id}", "GET /pets/{id}"]
    assert facts.authorization is Authorization.IAM
    assert answers({}).routes is None


TEMPLATE = json.dumps({"Resources": RESOURCES})
SPEC = """
version: 1
{api}
assertions:
  - {{id: closed, never_allowed: {{path: /admin}}}}
"""


@pytest.mark.parametrize(
    ("api", "status"),
    [
        ("", pc.Status.VACUOUS),
        ("api: {routes: any}", pc.Status.VIOLATED),
        ("api: {routes: GET /admin}", pc.Status.VIOLATED),
    ],
)
def test_the_routes_of_a_document_count_unless_the_spec_says_otherwise(api, status):
    (policy,) = (one for one in policies_of(Source("t", TEMPLATE), Parameters({})))
    (verdict,) = pc.prove(policy, pc.parse_spec(Source("s", SPEC.format(api=api)), Path())).verdicts
    assert verdict.status is status


def test_what_both_documents_have():
    (policy,) = policies_of(Source("t", TEMPLATE), Parameters({}))
    assert policy.facts.common(policy.facts).routes == policy.facts.routes
    assert policy.facts.common(pc.ApiFacts()).routes is None
    assert policy.facts.fill(Environment()).routes == policy.facts.routes
