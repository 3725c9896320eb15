"""Where a Terraform file leaves the syntax is where the message says."""

import pytest
from source_texts import read

HEAD = 'resource "aws_api_gateway_rest_api" "é" {\n'
TAIL = "\n policy = 1\n}\n"
MISTAKES = {
    "[[[": ("2:8", "this [ is not closed"),
    "[" * 20_000: ("2:20005", "this [ is not closed"),
    "(" * 20_000: ("2:20005", "this ( is not closed"),
    '"${' * 2_000: ("2:6004", "this ${ is not closed"),
    "[1)": ("2:8", "this ) closes nothing"),
    "1]": ("2:7", "this ] closes nothing"),
    "(1": ("2:6", "this ( is not closed"),
    "1 2": ("2:8", "this is not Terraform's syntax"),
    "[1, , 2]": ("2:8", "this is not Terraform's syntax"),
    "'a'": ("2:6", "this is not Terraform's syntax"),
    "\x1b[1]": ("2:6", "this is not Terraform's syntax"),
    '"a': ("2:6", "this text has no quote at its end"),
    '"a${b}': ("2:6", "this text has no quote at its end"),
    "<<E": ("2:6", "this text has no line that ends it"),
    '"a\0b"': ("2:8", "the character U+0000 is not allowed"),
    "1\0": ("2:7", "the character U+0000 is not allowed"),
}


def mistake(text):
    (found,) = read(text, "main.tf")[""].diagnostics
    assert found.code == "HCL_SYNTAX_ERROR"
    return found


@pytest.mark.parametrize("value", MISTAKES, ids=lambda one: one[:5].encode("unicode_escape"))
def test_the_place_of_a_mistake(value):
    found = mistake(f"{HEAD} z = {value}{TAIL}")
    assert (str(found.span), found.message) == (f"main.tf:{MISTAKES[value][0]}", MISTAKES[value][1])


@pytest.mark.parametrize(
    "text, place",
    [
        (HEAD.replace("é", "a\0b") + TAIL, "1:39"),
        (HEAD, "1:41"),
        (HEAD + " x = [1,\n", "2:6"),
        (HEAD + ' x = "a\n y = "b"\n z = jsonencode({"a": 1})\n}\n', "2:6"),
        (HEAD + " x = 1}\n}\n", "3:1"),
        ("= 1\n" + HEAD + "}\n", "1:1"),
    ],
)
def test_the_place_of_a_mistake_outside_of_values(text, place):
    assert str(mistake(text).span) == f"main.tf:{place}"
