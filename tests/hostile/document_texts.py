"""Documents of every format with a policy, and with places where something hostile may stand."""

import json

STATEMENT = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*/GET/pets",
}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
SPEC = """
version: 1
assertions:
  - {id: pets-alone, never_allowed: {path: /admin}}
"""
"""What is proved of the policy: no verdict depends on what a document says of its API."""

NAME, EXTRA, IN_POLICY = "NAME", "EXTRA", "IN_POLICY"
"""Where the name of the API stands, a further entry beside its properties, and the policy."""

_REST_API = "aws_api_gateway_rest_api"
_TEMPLATE = (
    '{"Resources": {"NAME": {"Type": "AWS::ApiGateway::RestApi",\n'
    ' "Properties": {"Policy": IN_POLICY,\n EXTRA "Name": "x"}}}}'
)
_CDK = (
    '{"Resources": {"NAME": {"Type": "AWS::ApiGateway::RestApi",\n'
    ' "Properties": {"Policy": IN_POLICY, EXTRA "Name": "x"},\n'
    ' "Metadata": {"aws:cdk:path": "Stack/NAME/Resource"}}},\n'
    ' "Parameters": {"BootstrapVersion":'
    ' {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/x/version"}}}'
)
_SAM = (
    '{"Transform": "AWS::Serverless-2016-10-31", "Resources": {"NAME":\n'
    ' {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "prod", EXTRA\n'
    ' "DefinitionBody": {"openapi": "3.0.1", "x-amazon-apigateway-policy": IN_POLICY}}}}}'
)
_OPENAPI = (
    '{"openapi": "3.0.1", "info": {"title": "NAME", "version": "1"}, "paths": {},\n'
    ' EXTRA "x-amazon-apigateway-policy": IN_POLICY}'
)
_ANSWER = '{"id": "NAME", "name": "NAME",\n EXTRA "policy": IN_POLICY}'
_STATE = (
    '{"version": 4, "terraform_version": "1.5.0", EXTRA "resources": [\n'
    f' {{"mode": "managed", "type": "{_REST_API}", "name": "NAME",\n'
    '  "instances": [{"attributes": {"id": "x", "policy": IN_POLICY}}]}]}'
)
_PLAN = (
    '{"format_version": "1.2", EXTRA "planned_values": {"root_module": {"resources": [\n'
    f' {{"address": "{_REST_API}.NAME", "mode": "managed", "type": "{_REST_API}",\n'
    '  "name": "NAME", "values": {"policy": IN_POLICY}}]}}}'
)
_TEMPLATE_YAML = """Resources:
  NAME:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: !Sub "${AWS::StackName}-x"
      EXTRA
      Policy: IN_POLICY
"""
_OPENAPI_YAML = """openapi: 3.0.1
info: {title: "NAME", version: "1"}
paths: {}
EXTRA
x-amazon-apigateway-policy: IN_POLICY
"""
_SERVERLESS = f"""service: "NAME"
provider:
  name: aws
  EXTRA
  apiGateway: {{resourcePolicy: [{json.dumps(STATEMENT)}]}}
"""
_TERRAFORM = f"""resource "{_REST_API}" "NAME" {{
  EXTRA
  policy = IN_POLICY
}}
"""
AS_TEXT = ("answer.json", "state.json", "plan.json", "template.json", "cdk.json")
"""The documents that have the policy as a text, or may have it so."""

JSON = {
    "template.json": _TEMPLATE,
    "cdk.json": _CDK,
    "sam.json": _SAM,
    "openapi.json": _OPENAPI,
    "answer.json": _ANSWER,
    "state.json": _STATE,
    "plan.json": _PLAN,
}
YAML = {
    "template.yaml": _TEMPLATE_YAML,
    "openapi.yaml": _OPENAPI_YAML,
    "serverless.yml": _SERVERLESS,
}
HCL = {"main.tf": _TERRAFORM}


def document(form, name="api", extra="", policy=None):
    """A document; ``extra`` is written as its format writes an entry, ``policy`` as a value."""
    text = {**JSON, **YAML, **HCL}[form]
    if policy is None:
        policy = POLICY if form not in AS_TEXT else json.dumps(POLICY)
        policy = f"jsonencode({policy})" if form in HCL else policy
    if form in JSON and extra:
        extra += ","
    return text.replace(NAME, name).replace(EXTRA, extra).replace(IN_POLICY, policy)
