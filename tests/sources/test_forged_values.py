"""Nobody writes what stands for a value that only a deployment knows, however it is spelled."""

import json

import pytest
from source_texts import codes, read

from policycheck.diagnostics import InputError, Source
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters

OWN = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:*/*"
RAW = "arn:aws:execute-api:\U000f0000:\U000f0001:*/*"
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": {"Fn::Sub": OWN}}
FORGED = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": RAW}
POLICY = {"Version": "2012-10-17", "Statement": [OPEN, FORGED]}


def template(policy):
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": policy}}
    return {"Resources": {"A": api}}


def in_yaml(text):
    return f"Resources: {json.dumps(json.loads(text)['Resources'])}"


def in_text():
    """The policy as JSON in a text, in which the characters are escaped once more."""
    text = json.dumps({**POLICY, "Statement": [FORGED]})
    return json.dumps(template({"Fn::Sub": text.replace("*/*", "${AWS::Region}*/*")}))


def joined():
    """Escapes that come to be only when two texts are joined."""
    before, after = json.dumps({**POLICY, "Statement": [FORGED]}).split("\\udb80\\udc00")
    parts = [before + "\\ud", "b80\\udc00" + after.replace("\\udb80\\udc01", "*")]
    return json.dumps(template({"Fn::Join": ["", parts]}))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(template(POLICY)),
        json.dumps(template(POLICY), ensure_ascii=False),
        in_yaml(json.dumps(template(POLICY))).replace("\\udb80\\udc0", "\\U000f000"),
        in_text(),
        joined(),
    ],
    ids=["escaped", "raw", "yaml", "text", "joined"],
)
def test_in_templates(text):
    name = "template.yaml" if text.startswith("Resources") else "template.json"
    (found,) = policies_of(Source(name, text), Parameters())
    assert codes(found) == ["PRIVATE_CHARACTER"]


MODULE = r"""
data "aws_region" "here" {}
locals { place = "%s" }
resource "aws_api_gateway_rest_api" "a" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Deny", Principal = "*", Action = "*",
    Resource = "arn:aws:execute-api:${data.aws_region.here.name}:${local.place}:*/*"
  }] })
}
"""


@pytest.mark.parametrize("written", ["\U000f0000", "\\U000f0000", "\\U000F0000"])
def test_in_terraform(written):
    (found,) = read(MODULE % written, "main.tf").values()
    assert codes(found) == ["PRIVATE_CHARACTER"]


def test_in_a_file_beside(tmp_path):
    (tmp_path / "beside.tf").write_text('locals { place = "\\U000f0000" }\n')
    path = tmp_path / "main.tf"
    (found,) = read(MODULE.replace('locals { place = "%s" }', ""), str(path)).values()
    assert set(codes(found)) == {"UNRESOLVED_REFERENCE"}
    path.write_text("")
    (found,) = read(MODULE.replace('locals { place = "%s" }', ""), str(path)).values()
    assert codes(found) == ["PRIVATE_CHARACTER"]


def test_in_a_service():
    provider = {"apiGateway": {"resourcePolicy": [FORGED]}}
    text = json.dumps({"service": "s", "provider": provider, "functions": {}})
    (found,) = policies_of(Source("serverless.json", text), Parameters())
    assert codes(found) == ["PRIVATE_CHARACTER"]


def test_in_a_parameter():
    with pytest.raises(InputError, match="PRIVATE_CHARACTER"):
        Parameters({"Place": "\U000f0000"})
    text = MODULE.replace('locals { place = "%s" }', 'variable "x" {}').replace(
        "local.place", "var.x[0]"
    )
    (found,) = read(text, "main.tf", **{"var.x": '["\\udb80\\udc00"]'}).values()
    assert codes(found) == ["PRIVATE_CHARACTER"]


@pytest.mark.parametrize("written", [r"\ud800", r"\udb80\udc00", r"\U00110000", r"\Uffffffff"])
def test_an_escape_of_terraform_that_stands_for_no_character(written):
    (found,) = read(MODULE % written, "main.tf").values()
    assert codes(found) == ["UNSUPPORTED_EXPRESSION"]


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceVpce": "${policycheck:1.Other}"}},
        {"StringEquals": {"aws:SourceVpce": "${ PolicyChec\u212a:1.Other }"}},
        {"Null": {"policycheck:1.Other": "false"}},
    ],
)
def test_a_policy_does_not_name_what_stays_open(condition):
    condition_ = {"StringEquals": {"aws:SourceVpce": {"Ref": "Other"}}}
    allow = {**OPEN, "Resource": "execute-api:/*", "Condition": condition_}
    deny = {**FORGED, "Resource": "execute-api:/*", "Condition": condition}
    document = template({**POLICY, "Statement": [allow, deny]})
    document["Resources"]["Other"] = {"Type": "AWS::EC2::VPCEndpoint"}
    source = Source("template.json", json.dumps(document))
    (found,) = policies_of(source, Parameters(leave_open=True))
    assert codes(found) == ["RESERVED_NAME"]


def test_a_list_as_parameter_is_read_however_long_its_numbers_and_deep_its_lists_are():
    """Neither the digits nor the depth that Python's own reader takes make a text of it."""
    text = MODULE.replace('locals { place = "%s" }', 'variable "x" {}').replace(
        "local.place", "var.x[1]"
    )
    (found,) = read(text, "main.tf", **{"var.x": f'[{"9" * 5000}, "\\udb80\\udc00"]'}).values()
    assert codes(found) == ["PRIVATE_CHARACTER"]
    (found,) = read(text, "main.tf", **{"var.x": "[" * 5000 + "]" * 5000}).values()
    assert codes(found) == ["NESTING_TOO_DEEP"]
