"""What a module declares twice, or under a name that is none, is refused, as Terraform does it.

Source: ``appendFile`` in Terraform's internal/configs/module.go, and hclsyntax.ValidIdentifier.
"""

import json

import pytest
from source_texts import STATEMENT, codes, document, read

API = "aws_api_gateway_rest_api"
ALLOW = {"Version": "2012-10-17", "Statement": [STATEMENT]}
MAIN = f'resource "{API}" "a" {{\n  policy = jsonencode({json.dumps(ALLOW)})\n}}\n'
KINDS = {
    f'resource "{API}" "b" {{\n}}\n': "{path}:{line}:1",
    'data "aws_region" "b" {\n}\n': "{path}:{line}:1",
    'variable "b" {\n}\n': "{path}:{line}:1",
    'output "b" {\n  value = 1\n}\n': "{path}:{line}:1",
    'module "b" {\n  source = "./b"\n}\n': "{path}:{line}:1",
    "locals {\n  b = 1\n}\n": "{path}:{after}:3",
}


def refused(text, path="main.tf"):
    (found,) = read(text, str(path))[""].diagnostics
    return found


@pytest.mark.parametrize("block", KINDS)
def test_a_name_that_one_file_declares_twice(block):
    text = MAIN + block + "# between\n" + block
    found = refused(text)
    line = text[: text.rindex(block)].count("\n") + 1
    expected = KINDS[block].format(path="main.tf", line=line, after=line + 1)
    assert (found.code, str(found.span)) == ("DUPLICATE_KEY", expected)
    assert found.label.startswith("already on line ")


@pytest.mark.parametrize("block", KINDS)
@pytest.mark.parametrize("other", ["a.tf", "z.tf"])
def test_a_name_that_two_files_declare(block, other, tmp_path):
    path, beside = tmp_path / "main.tf", tmp_path / other
    path.write_text(MAIN + block)
    beside.write_text(block)
    found = refused(MAIN + block, path)
    line = MAIN.count("\n") + 1
    expected = KINDS[block].format(path=path, line=line, after=line + 1)
    assert (found.code, str(found.span)) == ("DUPLICATE_KEY", expected)
    assert str(beside) in found.label


OTHERS = {
    'variable "x" {\n  default = "y"\n}\n': ("var.x", "1:1"),
    'locals {\n  x = "y"\n}\n': ("local.x", "2:3"),
    'data "aws_iam_policy_document" "x" {\n}\n': ("data.aws_iam_policy_document.x.json", "1:1"),
}


@pytest.mark.parametrize("block", OTHERS)
def test_a_name_that_two_other_files_declare(block, tmp_path):
    name, place = OTHERS[block]
    path = tmp_path / "main.tf"
    text = MAIN + f'resource "{API}" "needs" {{\n  policy = {name}\n}}\n'
    path.write_text(text)
    for beside in ("b.tf", "c.tf"):
        (tmp_path / beside).write_text(block)
    found = read(text, str(path))
    assert document(found[f"{API}.a"]) == ALLOW
    (one,) = found[f"{API}.needs"].diagnostics
    assert (one.code, str(one.span)) == ("DUPLICATE_KEY", f"{tmp_path / 'c.tf'}:{place}")


def test_two_policies_of_one_name_are_not_offered():
    (found,) = read(MAIN + MAIN, "main.tf").values()
    assert codes(found) == ["DUPLICATE_KEY"]


def test_equal_names_of_different_kinds_are_no_mistake():
    text = MAIN + "".join(KINDS).replace('"b"', '"a"').replace(f'"{API}"', '"aws_vpc"')
    (found,) = read(text, "main.tf").values()
    assert document(found) == ALLOW


def test_what_an_override_file_declares_is_not_twice(tmp_path):
    path = tmp_path / "main.tf"
    text = MAIN + 'output "b" {\n  value = 1\n}\n'
    path.write_text(text)
    (tmp_path / "override.tf").write_text('output "b" {\n  value = 2\n}\n')
    (found,) = read(text, str(path)).values()
    assert document(found) == ALLOW
    (tmp_path / "override.tf").write_text(f'resource "{API}" "a" {{\n}}\n')
    (found,) = read(text, str(path)).values()
    assert codes(found) == ["OVERRIDE_FILE"]


@pytest.mark.parametrize(
    "name", ["a\u202eb", "a\x1b[31m", r"a\u0062", "1a", "-a", "a.b", "a b", "${x}", ""]
)
def test_a_label_that_is_no_name(name):
    found = refused(MAIN.replace('"a"', f'"{name}"'))
    assert (found.code, str(found.span)) == ("INVALID_NAME", "main.tf:1:1")


@pytest.mark.parametrize("name", ["a-b", "_a", "größe", "a1"])
def test_a_label_that_is_a_name(name):
    (found,) = read(MAIN.replace('"a"', f'"{name}"'), "main.tf").values()
    assert document(found) == ALLOW
