"""What a Terraform file says and what is deployed: where these may differ, nothing is read.

Sources: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle (and count,
for_each), the AWS provider's internal/service/apigateway/rest_api.go (an argument ``policy`` that
is not empty counts before the policy of ``body``).
"""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

from policycheck.model.environment import Authorization, Endpoint

POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
TEXT = """
variable "enabled" { default = false }
resource "aws_api_gateway_rest_api" "a" {
  policy = jsonencode(%s)
  endpoint_configuration {
    types = ["PRIVATE"]
  }
  %s
}
%s
"""
IAM = """
resource "aws_api_gateway_method" "m" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  resource_id   = aws_api_gateway_rest_api.a.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}
"""


def found(inside, more="", **parameters):
    (one,) = read(TEXT % (POLICY, inside, more), "main.tf", **parameters).values()
    return one


@pytest.mark.parametrize("names", ["[policy]", "all", '["policy"]', "[name, policy]"])
def test_a_policy_that_is_set_once_may_be_another_one(names):
    assert codes(found(f"lifecycle {{\n ignore_changes = {names}\n}}")) == ["IGNORED_CHANGES"]


def test_other_arguments_may_be_set_once():
    one = found("lifecycle {\n ignore_changes = [body, policy_id, endpoint_configuration]\n}")
    assert document(one)["Statement"] == [STATEMENT]
    assert one.facts.endpoint is None
    assert found("").facts.endpoint is Endpoint.PRIVATE


@pytest.mark.parametrize(
    "none", ["count = 0", "count = var.enabled ? 1 : 0", "for_each = {}", "for_each = toset([])"]
)
def test_what_is_made_no_times_has_no_policy(none):
    assert codes(found(none)) == ["NOT_DEPLOYED"]


@pytest.mark.parametrize("some", ["count = 1", "for_each = var.names", 'for_each = toset(["x"])'])
def test_what_may_be_made_has_one(some):
    assert document(found(some))["Statement"] == [STATEMENT]
    assert document(found("count = var.enabled ? 1 : 0", **{"var.enabled": "true"}))


@pytest.mark.parametrize("own", ['policy = ""', "policy = null", ""])
def test_an_empty_policy_leaves_that_of_the_definition(own):
    text = f"""
resource "aws_api_gateway_rest_api" "a" {{
  {own}
  body = jsonencode({{ openapi = "3.0.1", x-amazon-apigateway-policy = {POLICY} }})
}}
"""
    (one,) = read(text, "main.tf").values()
    assert document(one)["Statement"] == [STATEMENT]
    ignored = text.replace("body", "lifecycle {\n ignore_changes = [body]\n}\nbody", 1)
    assert codes(*read(ignored, "main.tf").values()) == ["IGNORED_CHANGES"]


@pytest.mark.parametrize(
    "body", ["jsonencode(merge({}, var.api))", "jsonencode(var.api)", 'file("api.json")']
)
def test_a_definition_that_is_not_known_may_have_a_policy(body):
    text = f'resource "aws_api_gateway_rest_api" "a" {{\n  body = {body}\n}}\n'
    assert codes(*read(text, "main.tf").values()) == ["DEFINITION_ELSEWHERE"]


BODY = 'body = jsonencode({ openapi = "3.0.1", paths = %s })'
SIGNED = '{ "/" = { get = { x-amazon-apigateway-auth = { type = "AWS_IAM" } } } }'


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (BODY % '{ "/" = { get = {} } }', ""),
        ("body = jsonencode(merge({}, var.api))", ""),
        ("body = templatefile(var.file, {})", ""),
        ("", 'module "m" {\n  source = "./m"\n  api = aws_api_gateway_rest_api.a\n}\n'),
        (
            "",
            "locals {\n  x = aws_api_gateway_rest_api.a.id\n}\nmodule m {\n  api = local.x\n}\n",
        ),
        ("", IAM.replace('"m"', '"n"').replace("aws_api_gateway_rest_api.a.id", "local.api")),
    ],
)
def test_a_method_that_is_made_elsewhere_may_have_other_callers(body, more):
    one = found(body, IAM + more)
    assert one.facts.authorizations == {Authorization.IAM, Authorization.NONE}


def test_a_file_that_is_not_read_may_have_methods(tmp_path):
    text = TEXT % (POLICY, "", IAM)
    (tmp_path / "main.tf").write_text(text)
    (alone,) = read(text, str(tmp_path / "main.tf")).values()
    (tmp_path / "other.tf.json").write_text("{}")
    (beside,) = read(text, str(tmp_path / "main.tf")).values()
    assert alone.facts.authorizations == {Authorization.IAM}
    assert beside.facts.authorizations == {Authorization.IAM, Authorization.NONE}


def test_methods_that_are_all_signed_have_one_kind_of_callers(tmp_path):
    text = TEXT % (POLICY, BODY % SIGNED, IAM)
    (tmp_path / "main.tf").write_text(text)
    (one,) = read(text, str(tmp_path / "main.tf")).values()
    assert one.facts.authorizations == {Authorization.IAM}


@pytest.mark.parametrize(
    ("more", "is_open"),
    [
        ("", False),
        (IAM.replace('"m"', '"n"'), False),
        ('output "o" {\n  value = "https://${aws_api_gateway_rest_api.a.id}.example"\n}\n', False),
        ('output "o" {\n  value = aws_api_gateway_rest_api.a.execution_arn\n}\n', False),
        ('output "o" {\n  value = "${aws_api_gateway_rest_api.a.id}"\n}\n', True),
        ('output "o" {\n  value = { id = aws_api_gateway_rest_api.a.id }\n}\n', True),
        (
            'locals {\n  x = aws_api_gateway_rest_api.a.id\n}\nmodule "m" {\n  api = local.x\n}\n',
            True,
        ),
        ('module "m" {\n  other = local.x\n}\n', False),
    ],
)
def test_a_route_that_another_module_may_make(more, is_open, tmp_path):
    path = tmp_path / "main.tf"
    path.write_text(TEXT % (POLICY, "", IAM + more))
    (one,) = read(path.read_text(), str(path)).values()
    assert (one.facts.routes is None) == is_open


def test_paths_that_are_not_known_leave_the_routes_open(tmp_path):
    path = tmp_path / "main.tf"
    for body, is_open in ((BODY % "var.paths", True), (BODY % SIGNED, False)):
        path.write_text(TEXT % (POLICY, body, IAM))
        (one,) = read(path.read_text(), str(path)).values()
        assert (one.facts.routes is None) == is_open


RESOURCE = """
data "aws_partition" "here" {}
resource "aws_api_gateway_rest_api" "a" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Principal = "*", Action = "*", Resource = "%s"
  }] })
}
"""


def test_a_partition_that_is_assumed_is_said():
    """Source: the provider's aws_partition, which tells that of the deployment."""
    written = "arn:${data.aws_partition.here.partition}:execute-api:*:*:*/*"
    (one,) = read(RESOURCE % written, "main.tf").values()
    assert [str(field) for field in one.facts.arn][:3] == ["arn", "aws", "execute-api"]
    (other,) = read(RESOURCE % "arn:aws:execute-api:*:*:*/*", "main.tf").values()
    assert other.facts.arn is None


@pytest.mark.parametrize(
    ("written", "is_other"),
    [("arn:aws:s3:::${var.x}/*", True), ("arn:${var.x}:s3:::bucket/*", False)],
)
def test_a_value_before_the_service_may_bring_another_one(written, is_other):
    """With ``aws:execute-api:*:*:*/prod/GET/`` for var.x it is an ARN of the API."""
    (one,) = read(RESOURCE % written, "main.tf").values()
    if is_other:
        assert document(one)["Statement"][0]["Resource"] == "arn:aws:s3:::this/*"
    else:
        assert codes(one) == ["UNRESOLVED_REFERENCE"]
