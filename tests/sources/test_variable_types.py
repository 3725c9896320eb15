"""The default of a variable is what its type makes of it.

Sources: https://developer.hashicorp.com/terraform/language/expressions/type-constraints#conversion-of-complex-types
(an object type leaves out what it does not name); the values were printed by ``terraform console``.
"""

import pytest
from source_texts import codes, document, read

TEXT = """
variable "v" {
  type    = %s
  default = %s
}
resource "aws_api_gateway_rest_api" "a" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [%s] })
}
"""
FIELDS = 'Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = "*"'
INSIDE = 'Condition = { StringEquals = { "aws:UserAgent" = %s } }'
OBJECT = "object({ Effect = %s, Principal = string, Action = string, Resource = string })"


def found(constraint, default, statement):
    (one,) = read(TEXT % (constraint, default, statement), "main.tf").values()
    return one


def braced(*parts):
    return "{ " + ", ".join(parts) + " }"


def agent(one):
    return document(one)["Statement"][0]["Condition"]["StringEquals"]["aws:UserAgent"]


def test_an_object_type_leaves_out_what_it_does_not_name():
    default = braced(FIELDS, INSIDE % '"a"')
    (statement,) = document(found(OBJECT % "string", default, "var.v"))["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "*",
    }
    assert agent(found("any", default, "var.v")) == "a"


@pytest.mark.parametrize("effect", ['optional(string, "Deny")', "optional(string)", "string"])
def test_an_attribute_that_is_missing_is_asked_for(effect):
    default = braced(FIELDS.replace('Effect = "Allow",', ""))
    assert codes(found(OBJECT % effect, default, "var.v")) == ["UNRESOLVED_REFERENCE"]


@pytest.mark.parametrize(
    ("constraint", "default", "expression", "value"),
    [
        ("set(string)", '["b", "a", "b"]', 'join(",", var.v)', "a,b"),
        ("list(string)", '["b", "a", "b"]', 'join(",", var.v)', "b,a,b"),
        ("list", '["b"]', "var.v", ["b"]),
        ("map(list(string))", '{ x = ["y"] }', "var.v.x", ["y"]),
        ("object({ x = optional(string) })", '{ x = "y", z = 1 }', "var.v.x", "y"),
        ("map(object({ x = any }))", '{ k = { x = "y" } }', "var.v.k.x", "y"),
        ("string", '"y"', "var.v", "y"),
        ("bool", "true", 'var.v ? "y" : "n"', "y"),
    ],
)
def test_a_default_that_is_read(constraint, default, expression, value):
    assert agent(found(constraint, default, braced(FIELDS, INSIDE % expression))) == value


@pytest.mark.parametrize(
    ("constraint", "default"),
    [
        ("number", '"1.50"'),
        ("bool", '"1"'),
        ("string", "null"),
        ("set(number)", "[2, 1]"),
        ("tuple([string])", '["a"]'),
        ("list(string)", '"a"'),
        ("map(string)", '["a"]'),
        ("object({})", "{}"),
        ('"string"', '"a"'),
        ("list(string, string)", '["a"]'),
    ],
)
def test_a_default_whose_type_is_not_worked_out_is_asked_for(constraint, default):
    one = found(constraint, default, braced(FIELDS, INSIDE % '"x${var.v}"'))
    assert codes(one) == ["UNRESOLVED_REFERENCE"]
