"""What is not resolved is refused, with the place and the parameter that resolves it."""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

TEMPLATE = """
Parameters:
  Block: {Type: String}
  Ssm: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b}
Conditions:
  Known: !Equals [a, a]
  Open: !Equals [!Ref Block, a]
Resources:
  Other: {Type: "AWS::EC2::VPCEndpoint"}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Policy:
        Version: "2012-10-17"
        Statement:
          - Effect: EFFECT
            Principal: PRINCIPAL
            Action: execute-api:Invoke
            Resource: RESOURCE
            Condition: CONDITION
"""
DEFAULTS = {
    "EFFECT": "Allow",
    "PRINCIPAL": '"*"',
    "RESOURCE": "execute-api:/*",
    "CONDITION": '{StringEquals: {"aws:SourceVpce": vpce-0123456789abcdef0}}',
}


def template(**changes):
    text = TEMPLATE
    for name, value in {**DEFAULTS, **changes}.items():
        text = text.replace(f" {name}\n", f" {value}\n")
    return text


@pytest.mark.parametrize(
    "changes, code, advice",
    [
        ({"EFFECT": "!Ref Block"}, "UNRESOLVED_REFERENCE", "'Block=VALUE'"),
        ({"PRINCIPAL": "{AWS: !Ref AWS::AccountId}"}, "UNRESOLVED_REFERENCE", "AWS::AccountId="),
        ({"PRINCIPAL": "{AWS: !GetAtt Other.Arn}"}, "UNRESOLVED_REFERENCE", "'Other.Arn=VALUE'"),
        ({"RESOURCE": "!Sub 'execute-api:/${Block}/*'"}, "UNRESOLVED_REFERENCE", "'Block=VALUE'"),
        (
            {"RESOURCE": "!Sub 'arn:aws:execute-api:${Block}:1:2/*'"},
            "UNRESOLVED_REFERENCE",
            "Block",
        ),
        ({"RESOURCE": "!Join ['', ['execute-api:', !Ref Ssm]]"}, "UNRESOLVED_REFERENCE", "Ssm="),
        (
            {"CONDITION": '{IpAddress: {"aws:SourceIp": !Ref Block}}'},
            "UNRESOLVED_REFERENCE",
            "Block",
        ),
        ({"CONDITION": "!If [Open, {}, {}]"}, "UNRESOLVED_CONDITION", "'Block=VALUE'"),
        ({"CONDITION": "!If [Missing, {}, {}]"}, "UNKNOWN_CONDITION", "Conditions"),
        ({"RESOURCE": "!Ref Nothing"}, "UNKNOWN_REFERENCE", "spelling"),
        ({"RESOURCE": "!Cidr [a, 1, 2]"}, "UNSUPPORTED_FUNCTION", "write the value"),
        ({"RESOURCE": "!Select [3, [a]]"}, "INVALID_FUNCTION", "count"),
        ({"RESOURCE": "!Select [0, !Split [',', !Ref Block]]"}, "UNRESOLVED_REFERENCE", "Block"),
        ({"RESOURCE": "'{{resolve:ssm:/a}}'"}, "UNRESOLVED_REFERENCE", "resolve:ssm"),
    ],
)
def test_a_value_that_is_not_known_is_an_error_that_names_it(changes, code, advice):
    text = template(**changes)
    found = read(text, "template.yaml")["Api"]
    assert codes(found) == [code]
    (one,) = found.diagnostics
    assert advice in one.help
    (name,) = changes
    assert one.span.line == template(**{name: "HERE"}).split("HERE")[0].count("\n") + 1


def test_an_unknown_tag_is_an_error():
    assert codes(read(template(RESOURCE="!Reff Block"))[""]) == ["YAML_TAG"]


def test_an_endpoint_that_is_given_is_read():
    condition = '{StringEquals: {"aws:SourceVpce": !Ref Other}}'
    given = read(template(CONDITION=condition), Other="vpce-0123456789abcdef0")["Api"]
    value = document(given)["Statement"][0]["Condition"]["StringEquals"]["aws:SourceVpce"]
    assert value == "vpce-0123456789abcdef0"


@pytest.mark.parametrize(
    "body, code",
    [
        ('policy = templatefile("p.json", {})', "UNRESOLVED_REFERENCE"),
        ("policy = jsonencode(var.policy)", "UNRESOLVED_REFERENCE"),
        ('body = file("api.json")', "DEFINITION_ELSEWHERE"),
        ("policy = data.aws_iam_policy_document.merged.json", "UNSUPPORTED_DOCUMENT"),
        ("policy = data.aws_iam_policy_document.dynamic.json", "UNSUPPORTED_DOCUMENT"),
        ("policy = local.circle", "CIRCULAR_REFERENCE"),
        ("policy = <<EOF\n%{ if true }{}%{ endif }\nEOF", "UNSUPPORTED_EXPRESSION"),
    ],
)
def test_what_terraform_would_have_to_work_out_is_an_error(body, code):
    text = f"""
locals {{ circle = local.circle }}
data "aws_iam_policy_document" "merged" {{ source_policy_documents = ["{{}}"] }}
data "aws_iam_policy_document" "dynamic" {{
  dynamic "statement" {{
    for_each = []
    content {{}}
  }}
}}
resource "aws_api_gateway_rest_api" "a" {{
  {body}
}}
"""
    assert codes(read(text, "main.tf")["aws_api_gateway_rest_api.a"]) == [code]


def test_an_api_that_a_loop_makes_is_an_error():
    api = {"Api${x}": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": {}}}}
    text = json.dumps({"Resources": {"Fn::ForEach::Apis": ["x", ["A"], api]}})
    assert codes(read(text)["Fn::ForEach::Apis"]) == ["UNSUPPORTED_FUNCTION"]


def test_another_api_of_the_same_resource_is_not_the_own_one():
    text = """
resource "aws_api_gateway_rest_api" "a" { count = 2 }
resource "aws_api_gateway_rest_api_policy" "p" {
  rest_api_id = aws_api_gateway_rest_api.a[0].id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Principal = "*", Action = "*",
    Resource = "${aws_api_gateway_rest_api.a[INDEX].execution_arn}/*"
  }] })
}
"""
    name = "aws_api_gateway_rest_api_policy.p"
    own = read(text.replace("INDEX", "0"), "main.tf")[name]
    assert document(own)["Statement"][0]["Resource"] == "execute-api:/*"
    assert codes(read(text.replace("INDEX", "1"), "main.tf")[name]) == ["UNRESOLVED_REFERENCE"]
    assert codes(read(text.replace("INDEX", "*"), "main.tf")[name]) == ["UNRESOLVED_REFERENCE"]


def test_a_region_of_another_provider_is_not_the_own_one():
    text = """
data "aws_region" "other" { provider = aws.other }
data "aws_region" "here" {}
resource "aws_api_gateway_rest_api" "a" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Principal = "*", Action = "*",
    Resource = "arn:aws:execute-api:${data.aws_region.WHICH.name}:*:*/prod/*"
  }] })
}
"""
    name = "aws_api_gateway_rest_api.a"
    here = read(text.replace("WHICH", "here"), "main.tf")[name]
    assert document(here)["Statement"][0]["Resource"] == "arn:aws:execute-api:*:*:*/prod/*"
    assert codes(read(text.replace("WHICH", "other"), "main.tf")[name]) == ["UNRESOLVED_REFERENCE"]


@pytest.mark.parametrize(
    ("data", "api"),
    [
        ('name = "us-west-2"', ""),
        ('endpoint = "ec2.us-west-2.amazonaws.com"', ""),
        ('region = "us-west-2"', ""),
        ("", 'region = "us-west-2"'),
    ],
)
def test_a_region_that_is_asked_for_is_not_the_own_one(data, api):
    """Sources: the provider's documentation of aws_region (name, endpoint), and of the argument
    region that every resource has since version 6."""
    text = """
data "aws_region" "r" {
  %s
}
resource "aws_api_gateway_rest_api" "a" {
  %s
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Deny", Principal = "*", Action = "*",
    Resource = "arn:aws:execute-api:${data.aws_region.r.name}:*:*/prod/*"
  }] })
}
"""
    (here,) = read(text % ("", ""), "main.tf").values()
    assert document(here)["Statement"][0]["Resource"] == "arn:aws:execute-api:*:*:*/prod/*"
    assert codes(*read(text % (data, api), "main.tf").values()) == ["UNRESOLVED_REFERENCE"]


@pytest.mark.parametrize(
    ("key", "is_own"), [("each.key", True), ('"one"', False), ("each.value", False)]
)
def test_a_document_that_a_loop_makes_names_its_own_apis(key, is_own):
    """Source: https://developer.hashicorp.com/terraform/language/meta-arguments/for_each (each is
    that of the block that it stands in)."""
    text = """
resource "aws_api_gateway_rest_api" "a" {
  for_each = var.names
}
data "aws_iam_policy_document" "d" {
  for_each = var.names
  statement {
    effect    = "Deny"
    actions   = ["execute-api:Invoke"]
    resources = ["${aws_api_gateway_rest_api.a[each.key].execution_arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_api_gateway_rest_api_policy" "p" {
  for_each    = var.names
  rest_api_id = aws_api_gateway_rest_api.a[each.key].id
  policy      = data.aws_iam_policy_document.d[%s].json
}
"""
    (one,) = read(text % key, "main.tf").values()
    if is_own:
        assert document(one)["Statement"][0]["Resource"] == ["execute-api:/*"]
    else:
        assert codes(one) == ["UNRESOLVED_REFERENCE"]


def test_globals_that_an_api_ignores_are_not_its_own():
    policy = {"ResourcePolicy": {"CustomStatements": [STATEMENT]}}
    api = {"Type": "AWS::Serverless::Api", "Properties": {"StageName": "prod"}}
    document_ = {"Globals": {"Api": {"Auth": policy}}, "Resources": {"A": api}}
    assert document(read(json.dumps(document_))["A"])["Statement"] == [STATEMENT]
    api["IgnoreGlobals"] = ["Auth"]
    assert codes(read(json.dumps(document_))[""]) == ["NO_POLICY_IN_DOCUMENT"]


def test_a_mistake_of_syntax_in_a_terraform_file():
    (found,) = read('resource "a" "b" {\n  x = [1,\n', "main.tf")[""].diagnostics
    assert found.code == "HCL_SYNTAX_ERROR"


@pytest.mark.parametrize("inner", ["{}", "nested {{\n{}}}\n"])
def test_an_argument_that_a_terraform_file_sets_twice(inner):
    policies = "".join(f"  policy = jsonencode({{a = {one}}})\n" for one in (1, 2))
    text = 'resource "aws_api_gateway_rest_api" "b" {\n' + inner.format(policies) + "}\n"
    (found,) = read(text, "main.tf")[""].diagnostics
    line = text.splitlines().index("  policy = jsonencode({a = 2})") + 1
    assert (found.code, str(found.span)) == ("DUPLICATE_KEY", f"main.tf:{line}:3")


def test_a_definition_in_another_file_may_hold_a_policy():
    api = {"Type": "AWS::Serverless::Api", "Properties": {"DefinitionUri": "a.yaml"}}
    text = json.dumps({"Resources": {"A": api}})
    assert codes(read(text)["A"]) == ["DEFINITION_ELSEWHERE"]


def test_two_policies_of_one_api_are_an_error():
    policy = {"Version": "2012-10-17", "Statement": [STATEMENT]}
    properties = {"Policy": policy, "Body": {"x-amazon-apigateway-policy": policy}}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": properties}
    assert codes(read(json.dumps({"Resources": {"A": api}}))["A"]) == ["SEVERAL_POLICIES"]


def test_a_template_without_a_policy_names_its_apis():
    text = '{"Resources": {"A": {"Type": "AWS::ApiGateway::RestApi"}}}'
    (found,) = read(text)[""].diagnostics
    assert found.code == "NO_POLICY_IN_DOCUMENT"
    assert found.help.endswith(": A")


def test_private_characters_do_not_pass_for_references():
    text = template(RESOURCE='"execute-api:/\U000f0000/*"')
    assert codes(*read(text).values()) == ["PRIVATE_CHARACTER"]
