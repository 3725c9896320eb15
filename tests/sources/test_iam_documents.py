"""The data source aws_iam_policy_document, as the provider writes it.

Source: terraform-provider-aws, internal/service/iam/policy_document_data_source.go (which values
are replaced) and policy_model.go (how sets of principals and conditions are written).
"""

import pytest
from source_texts import codes, document

from policycheck.diagnostics import Source
from policycheck.model.verdict import Failure
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters

EVERYBODY = 'principals {\n type = "*"\n identifiers = ["*"]\n}'
NOBODY = 'condition {\n test = "StringEquals"\n variable = "aws:UserAgent"\n values = []\n}'
SOMEBODY = 'condition {\n test = "StringEquals"\n variable = "aws:Referer"\n values = ["a"]\n}'
TEXT = """
variable "list" {}
data "aws_iam_policy_document" "d" {
  statement {
    effect    = "Allow"
    actions   = ["execute-api:Invoke"]
    resources = ["execute-api:/*"]
    %s
  }
}
resource "aws_api_gateway_rest_api" "a" {
  policy = data.aws_iam_policy_document.d.json
}
"""


def found(inside, **parameters):
    (one,) = policies_of(Source("main.tf", TEXT % inside), Parameters(parameters, leave_open=True))
    return one


def test_a_condition_without_values_stays():
    """As the only one of its operator, and beside another that has some."""
    for conditions in (NOBODY, f"{NOBODY}\n{SOMEBODY}"):
        assert codes(found(f"{EVERYBODY}\n{conditions}")) == ["EMPTY_ARRAY_CONDITION"]


@pytest.mark.parametrize("sid", ['""', "null"])
def test_a_sid_without_text_is_left_out(sid):
    """expandPolicyStatements: an attribute that is not set is the empty text."""
    (statement,) = document(found(f"{EVERYBODY}\nsid = {sid}"))["Statement"]
    assert "Sid" not in statement


@pytest.mark.parametrize("identifiers", ['["123456789012"]', '["*", "123456789012"]', '["a"]'])
def test_the_type_of_everybody_does_not_make_everybody_of_others(identifiers):
    one = found(EVERYBODY.replace('["*"]', identifiers))
    assert codes(one) == ["UNSUPPORTED_DOCUMENT"]
    assert one.diagnostics[0].span.line == 8


def test_blocks_that_are_alike_are_one():
    (statement,) = document(found(f"{EVERYBODY}\n{EVERYBODY}"))["Statement"]
    assert statement["Principal"] == "*"


@pytest.mark.parametrize(
    "inside",
    [
        EVERYBODY + SOMEBODY.replace('["a"]', "var.list").replace("condition", "\ncondition"),
        EVERYBODY.replace('["*"]', "var.list"),
    ],
)
def test_a_list_that_is_not_known_is_no_single_text(inside):
    one = found(inside)
    assert codes(one) == ["UNRESOLVED_REFERENCE"]
    assert "var.list" in str(one.diagnostics[0])
    given = found(inside, **{"var.list": '["*"]'})
    assert not isinstance(given, Failure)


def test_an_action_keeps_its_ampersand():
    text = (TEXT % EVERYBODY).replace("execute-api:Invoke", "execute-api:&{x}")
    (one,) = policies_of(Source("main.tf", text), Parameters())
    assert document(one)["Statement"][0]["Action"] == ["execute-api:&{x}"]
