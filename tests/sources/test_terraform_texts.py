"""Texts of Terraform files are those that Terraform makes, or none at all.

The values that are expected were printed by ``terraform console`` (1.11). Sources:
https://developer.hashicorp.com/terraform/language/expressions/strings, hcl's
hclsyntax/parser_template.go, go-cty's cty/convert and cty/function/stdlib.
"""

import json

import pytest
from source_texts import codes, document, read

from policycheck.diagnostics import Source
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters

TEXT = """
resource "aws_api_gateway_rest_api" "a" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*",
    Condition = { StringEquals = { "aws:UserAgent" = %s } }
  }] })
}
"""


def found(expression, **parameters):
    text = TEXT % expression
    (one,) = policies_of(Source("main.tf", text), Parameters(parameters, leave_open=True))
    return one


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('join(",", toset(["b", "a", "b"]))', "a,b"),
        ('join("", [for x in toset(["é", "Z", "a"]) : "${x}."])', "Z.a.é."),
        ('join(",", flatten(["a", [["b", []], "c"], [[["d"]]]]))', "a,b,c,d"),
        ("<<EOT\nfoo\nEOT\n", "foo\n"),
        ("<<EOT\n  foo\n  EOT\n", "  foo\n"),
        ("<<EOT\nEOT\n", ""),
        ('<<EOT\n$${aws:userid} \\n "${"q"}"\nEOT\n', '${aws:userid} \\n "q"\n'),
        ("<<-EOT\n      foo\n    bar ${1}\n\n   ${2} x\n       EOT\n", "   foo\n bar 1\n\n2 x\n"),
        ('<<-EOT\n    ${"  y"}\n  \tz\n    EOT\n', "   y\nz\n"),
        ("<<-EOT\n    a\n   \n    b\n  EOT\n", "a\n   \nb\n"),
        ("<<-EOT\n${1}\n    b\n  EOT\n", "1\n    b\n"),
        ('"v${1.1}/${10}"', "v1.1/10"),
        ('"$$$${aws:userid}"', "$$${aws:userid}"),
        ('"%${1}"', "%1"),
    ],
)
def test_a_text_is_that_of_terraform(expression, text):
    one = found(f'join("", ["x", {expression}])')
    value = document(one)["Statement"][0]["Condition"]["StringEquals"]["aws:UserAgent"]
    assert value == f"x{text}"


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param('"$$${1}"', id="text with $${"),
        pytest.param('"e\u0301"', id="one composed character"),
        pytest.param('"e${"\\u0301"}"', id="composed beyond an interpolation"),
        pytest.param('join("", ["e", "\\u0301"])', id="composed by join"),
    ],
)
def test_a_text_that_terraform_writes_in_another_way_is_refused(expression):
    assert codes(found(expression)) == ["UNSUPPORTED_EXPRESSION"]


@pytest.mark.parametrize(
    "expression", ['jsonencode(["a"])', 'jsonencode("a")', '"${jsonencode("a")}"']
)
def test_json_within_a_policy_is_no_part_of_it(expression):
    """``jsonencode`` makes a text: that of a list is one with brackets, which matches nothing."""
    assert codes(found(expression)) == ["UNRESOLVED_REFERENCE"]
    statement = 'jsonencode([{ Effect = "Allow" }])'
    text = TEXT.replace("[{", f"concat([{statement}], [{{", 1).replace("}] })", "}]) })")
    (one,) = read(text % '"a"', "main.tf").values()
    assert codes(one) == ["UNRESOLVED_REFERENCE"]


@pytest.mark.parametrize("written", ["local.p", '"${local.p}"', "<<EOT\n${local.p}\nEOT\n"])
def test_the_json_of_a_whole_policy_is_read_through_names_and_templates(written):
    policy = TEXT[TEXT.index("jsonencode") : TEXT.rindex("}")] % '"a"'
    text = f"""
locals {{
  p = {policy}
}}
resource "aws_api_gateway_rest_api" "a" {{
  policy = {written}
}}
"""
    (one,) = read(text, "main.tf").values()
    assert document(one)["Statement"][0]["Effect"] == "Allow"


HEREDOC = """
resource "aws_api_gateway_rest_api" "a" {
  policy = <<EOT
%s
EOT
}
"""


@pytest.mark.parametrize(
    ("value", "is_open"), [("aws_vpc.v.id", True), ("var.v", False), ("jsonencode(var.v)", False)]
)
def test_what_may_hold_a_quote_does_not_stay_open_in_json(value, is_open):
    r"""A value such as ``a","b`` makes two texts of one, and one with a brace another statement."""
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"StringEquals": {"aws:SourceVpc": [f"${{{value}}}"]}},
    }
    text = HEREDOC % json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    (one,) = policies_of(Source("main.tf", text), Parameters(leave_open=True))
    if is_open:
        assert [symbol.name for symbol in one.symbols] == [value]
    else:
        assert codes(one) == ["UNRESOLVED_REFERENCE"]
        assert "not known: " in one.diagnostics[0].message
