"""A stage that cannot be is an error with its place, whatever the document.

Sources: API Gateway's developer guide, known issues (letters, digits, hyphens and underscores, at
most 128 characters). The Serverless Framework refuses others itself
(lib/plugins/aws/package/compile/events/api-gateway/lib/validate.js).
"""

import json

import pytest
from source_texts import STATEMENT, read

POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
TEXT = json.dumps(json.dumps(POLICY))
MARK = '"STAGE"'
SERVERLESS = (
    "service: s\nprovider:\n  name: aws\n"
    f"  apiGateway: {{resourcePolicy: {json.dumps([STATEMENT])}}}\n  stage: {MARK}\n"
)


def template(kind, **properties):
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": POLICY}}
    stage = {"RestApiId": {"Ref": "A"}, **properties}
    made = {"Type": f"AWS::ApiGateway::{kind}", "Properties": stage}
    return json.dumps({"Resources": {"A": api, "S": made}}, indent=1)


def sam():
    properties = {
        "StageName": "STAGE",
        "Auth": {"ResourcePolicy": {"CustomStatements": [STATEMENT]}},
    }
    return json.dumps(
        {"Resources": {"A": {"Type": "AWS::Serverless::Api", "Properties": properties}}}
    )


def state():
    def resource(kind, **attributes):
        instances = [{"attributes": attributes}]
        return {"mode": "managed", "type": kind, "name": "a", "instances": instances}

    api = resource("aws_api_gateway_rest_api", id="x", policy=json.dumps(POLICY))
    stage = resource("aws_api_gateway_stage", rest_api_id="x", stage_name="STAGE")
    return json.dumps({"version": 4, "terraform_version": "1.5.0", "resources": [api, stage]})


TERRAFORM = f"""
resource "aws_api_gateway_rest_api" "a" {{
  policy = {TEXT}
}}
resource "aws_api_gateway_stage" "s" {{
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = {MARK}
}}
"""
DOCUMENTS = {
    "stage.json": template("Stage", StageName="STAGE"),
    "deployment.json": template("Deployment", StageName="STAGE"),
    "sam.json": sam(),
    "serverless.yml": SERVERLESS,
    "main.tf": TERRAFORM,
    "state.json": state(),
}
NAMES = ["a b", "a/b", "*", "a\u202eb", "a\u001b[31m", "x" * 129, "größe"]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_stage_that_cannot_be_is_an_error(document, name):
    text = DOCUMENTS[document].replace(MARK, json.dumps(name))
    (one,) = read(text, document).values()
    (found,) = one.diagnostics
    assert (found.code, found.span.text) == ("INVALID_STAGE", json.dumps(name))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_stage_that_can_be_is_a_fact(document, tmp_path):
    text = DOCUMENTS[document].replace(MARK, '"v-1_A"')
    (tmp_path / document).write_text(text)
    (one,) = read(text, str(tmp_path / document)).values()
    assert one.facts.stages[0] == "v-1_A"
    assert set(one.facts.stages) <= {"v-1_A", "Stage"}


@pytest.mark.parametrize("written", [r"a\0b", r"a\e[31m\u202eb", "a\u202eb", r"a\u00e9"])
def test_an_escape_in_yaml_writes_no_stage(written):
    (one,) = read(SERVERLESS.replace("STAGE", written), "serverless.yml").values()
    (found,) = one.diagnostics
    assert (found.code, str(found.span)) == ("INVALID_STAGE", "serverless.yml:5:10")


DEPLOYMENT = """
resource "aws_api_gateway_deployment" "d" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = WRITTEN
}
"""
OTHER_STAGE = """
resource "aws_api_gateway_stage" "o" {
  rest_api_id = local.api
  stage_name  = "other"
}
"""
LOOP = """
resource "aws_api_gateway_stage" "o" {
  for_each    = { x = "a" }
  rest_api_id = aws_api_gateway_rest_api.a[each.key].id
  stage_name  = "other"
}
"""
PASSED_ON = 'module "m" {\n  source = "./m"\n  api    = aws_api_gateway_rest_api.a.id\n}\n'


@pytest.mark.parametrize(
    "more, beside, stages",
    [
        ("", {}, ("prod",)),
        (DEPLOYMENT.replace("WRITTEN", '"dev"'), {}, ("prod", "dev")),
        (DEPLOYMENT.replace("WRITTEN", '""'), {}, ("prod",)),
        (DEPLOYMENT.replace("WRITTEN", "local.none"), {}, None),
        (OTHER_STAGE, {}, None),
        (PASSED_ON, {}, None),
        (LOOP, {}, None),
        ("", {"other.tf.json": "{}"}, None),
        ("", {"other.tf": "resource {{"}, None),
    ],
)
def test_a_stage_that_may_stand_elsewhere_leaves_them_open(more, beside, stages, tmp_path):
    text = TERRAFORM.replace("STAGE", "prod") + more
    for name, other in {"main.tf": text, **beside}.items():
        (tmp_path / name).write_text(other)
    (one,) = read(text, str(tmp_path / "main.tf")).values()
    assert one.facts.stages == stages


def parts(**resources):
    return {"Resources": resources}


def stage_of(api, kind="Stage"):
    return {"Type": f"AWS::ApiGateway::{kind}", "Properties": {"RestApiId": api, "StageName": "o"}}


def output(value):
    return {"Outputs": {"O": {"Value": value, "Export": {"Name": "n"}}}}


SERVERLESS_TRANSFORM = {"Transform": "AWS::Serverless-2016-10-31"}
NESTED = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "u"}}
GIVEN = {**NESTED, "Properties": {"TemplateURL": "u", "Parameters": {"Api": {"Ref": "A"}}}}


@pytest.mark.parametrize(
    "more, others",
    [
        ({}, ()),
        (parts(T=stage_of({"Ref": "A"})), ("o",)),
        (parts(T=stage_of({"Ref": "A"}, "Deployment")), ("o",)),
        (parts(T=stage_of({"Ref": "B"})), ()),
        (parts(T=stage_of({"Fn::GetAtt": ["A", "RestApiId"]})), ("o",)),
        (parts(T=stage_of({"Fn::GetAtt": ["Nested", "Outputs.Api"]})), None),
        (parts(T=stage_of({"Fn::Sub": "${A}"})), None),
        (parts(T=NESTED), ()),
        (parts(T=GIVEN), None),
        (output({"Ref": "A"}), None),
        (output({"Fn::Sub": "${A}"}), None),
        (output({"Fn::Sub": "https://${A}.example.com"}), ()),
        (output({"Ref": "S"}), ()),
        ({"Transform": ["AWS::Serverless-2016-10-31", {"Name": "AWS::Include"}]}, None),
        (parts(**{"Fn::ForEach::More": ["X", ["a"], {}]}), None),
    ],
)
@pytest.mark.parametrize(
    "text, own", [(template("Stage", StageName="STAGE"), ("prod",)), (sam(), ("prod", "Stage"))]
)
def test_a_stage_that_another_template_may_make_leaves_them_open(text, own, more, others):
    document = {**json.loads(text.replace("STAGE", "prod")), **SERVERLESS_TRANSFORM, **more}
    document["Resources"] |= json.loads(text.replace("STAGE", "prod"))["Resources"]
    (one,) = read(json.dumps(document)).values()
    if others is None:
        assert one.facts.stages is None
    else:
        assert sorted(one.facts.stages) == sorted((*own, *others))


def test_a_deployment_in_a_state_makes_a_stage():
    found = json.loads(state().replace("STAGE", "prod"))
    attributes = {"rest_api_id": "x", "stage_name": "dev"}
    made = {**found["resources"][1], "type": "aws_api_gateway_deployment"}
    found["resources"].append({**made, "instances": [{"attributes": attributes}]})
    (one,) = read(json.dumps(found)).values()
    assert one.facts.stages == ("prod", "dev")
