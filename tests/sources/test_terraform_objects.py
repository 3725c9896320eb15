"""Keys of objects and numbers of Terraform's language.

Sources: hashicorp/hcl, hclsyntax/expression.go, ``ObjectConsExpr.Value``: a key that stands twice
has its last value (``vals[keyStr] = val``), and an object with a key that is not known is not known
(``cty.DynamicVal``); ``ForExpr.Value`` refuses equal keys. zclconf/go-cty, cty/convert: a number
becomes the text that ``big.Float.Text('f', -1)`` gives.
"""

import pytest
from source_texts import codes, document, read

POLICY = 'Principal = "*", Action = "execute-api:Invoke", Resource = "execute-api:/*"'
API = """
variable "key" {{
}}
locals {{
  effect = "Effect"
  {local}
}}
resource "aws_api_gateway_rest_api" "a" {{
  policy = jsonencode({{ Version = "2012-10-17", Statement = [{{ {statement}, %s }}] }})
}}
""" % POLICY.replace("{", "{{")  # noqa: UP031 -- braces are Terraform's here


def one(statement, local=""):
    (found,) = read(API.format(statement=statement, local=local), "main.tf").values()
    return found


@pytest.mark.parametrize(
    "statement, column",
    [
        ('Effect = "Deny", Effect = "Allow"', 81),
        ('Effect = "Deny", "Effect" = "Allow"', 81),
        ('Effect = "Deny", (local.effect) = "Allow"', 81),
        ('Effect = "Deny", "${local.effect}" = "Allow"', 81),
        (r'Effect = "Deny", "\u0045ffect" = "Allow"', 81),
        ('Effect = "Deny", Condition = { Bool = { a = true, a = false } }', 114),
    ],
)
def test_a_key_that_an_object_has_twice(statement, column):
    (found,) = one(statement).diagnostics
    assert (found.code, str(found.span)) == ("DUPLICATE_KEY", f"main.tf:9:{column}")
    assert found.label.startswith("already on line 9, column ")


@pytest.mark.parametrize(
    "statement, local",
    [
        ('Effect = "Deny", (var.key) = "Allow"', ""),
        ("Effect = local.object.a", 'object = { a = "Deny", (var.key) = "Allow" }'),
        ("Effect = local.object.a", 'object = { (var.key) = "Allow", a = "Deny" }'),
    ],
)
def test_a_key_that_is_not_known_may_be_any(statement, local):
    found = one(statement, local)
    assert codes(found) == ["UNRESOLVED_REFERENCE"]
    assert "var.key" in found.diagnostics[0].message


@pytest.mark.parametrize(
    "written, text",
    [
        ("1.10", "1.1"),
        ("1.0", "1"),
        ("10", "10"),
        ("100", "100"),
        ("0.50", "0.5"),
        ("010", "10"),
        ("1.5e3", "1500"),
        ("1.5e-3", "0.0015"),
        ("0", "0"),
    ],
)
def test_a_number_in_a_text(written, text):
    found = one('Effect = "Allow", Sid = "v${local.number}"', f"number = {written}")
    assert document(found)["Statement"][0]["Sid"] == f"v{text}"


@pytest.mark.parametrize("written", ["9" * 101, "1.0e999999999", "0x1f"])
def test_a_number_that_is_not_worked_out(written):
    found = one('Effect = "Allow", Sid = "v${local.number}"', f"number = {written}")
    assert codes(found) == ["UNSUPPORTED_EXPRESSION"]
    assert str(found.diagnostics[0].span) == "main.tf:6:12"
