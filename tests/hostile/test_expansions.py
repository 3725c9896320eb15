"""Documents whose values refer to each other many times over, or that have very many APIs."""

import json

import pytest

TF = 'resource "aws_api_gateway_rest_api" "a" {\n policy = jsonencode(%s)\n}\n'
SLS = "service: s\ncustom:\n%s  a8: x\nprovider: {apiGateway: {resourcePolicy: %s}}\n"
LEVELS, WIDTH = 8, 20


def grown(line, between, one):
    """Lines that name the next one many times each."""
    return "".join(line.format(i, between.join([one.format(i + 1)] * WIDTH)) for i in range(LEVELS))


def module(line, between, one, last):
    values = grown(line, between, one)
    return f"locals {{\n{values}  a8 = {last}\n}}\n{TF % '{ Statement = local.a0 }'}"


def shared():
    """A list that each loop binds to a name, and names many times."""
    text = "y5"
    for i in reversed(range(6)):
        before = f"y{i - 1}" if i else '["z"]'
        text = f"[for y{i} in [concat({', '.join([before] * WIDTH)})] : {text}]"
    return TF % f"{{ Statement = {text} }}"


CONDITIONS = "Conditions:\n" + grown("  C{0}: !And [{1}]\n", ", ", "!Condition C{0}")
API = "A: {Type: AWS::ApiGateway::RestApi, Condition: C0, Properties: {Policy: {Statement: []}}}"
APIS = {
    f"A{i}": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": {}}} for i in range(501)
}
GROWING = {
    "lists.tf": module("  a{0} = [{1}]\n", ", ", "local.a{0}", '"x"'),
    "texts.tf": module('  a{0} = "{1}"\n', "", "${{local.a{0}}}", '"x"'),
    "concat.tf": module("  a{0} = concat({1})\n", ", ", "local.a{0}", '["x"]'),
    "loops.tf": f"locals {{\n  a = [{', '.join(['1'] * 100)}]\n}}\n"
    + TF % "{ Statement = [for x in local.a : [for y in local.a : [for z in local.a : z]]] }",
    "shared.tf": shared(),
    "conditions.yaml": f"{CONDITIONS}  C8: !Equals [a, a]\nResources:\n  {API}\n",
    "texts.yaml": SLS
    % (grown("  a{0}: '{1}'\n", "", "${{self:custom.a{0}}}"), "[{Sid: '${self:custom.a0}'}]"),
    "lists.yaml": SLS
    % (grown("  a{0}: [{1}]\n", ", ", "'${{self:custom.a{0}}}'"), "'${self:custom.a0}'"),
}
MANY = {
    "many.json": json.dumps({"Resources": APIS}),
    "many.tf": "".join(TF.replace('"a"', f'"a{i}"') % "local.x" for i in range(501)),
}


def refused(folder, run, name, text):
    (folder / name).write_text(text)
    (done,) = run(("lint", name))
    assert done.code == 2, (done.code, done.text[:500])
    return done


@pytest.mark.parametrize("name", GROWING)
def test_what_grows_without_end_is_refused(folder, run, name):
    done = refused(folder, run, name, GROWING[name])
    assert b"error[EXPANSION_TOO_LARGE]" in done.err
    assert done.kibibytes < 512 * 1024


@pytest.mark.parametrize("name", MANY)
def test_more_apis_than_a_stack_has_are_refused(folder, run, name):
    done = refused(folder, run, name, MANY[name])
    assert b"error[TOO_MANY_APIS]" in done.err


def test_many_names_in_a_module_take_no_longer_than_their_number(folder, run):
    names = [f"a{i}" for i in range(15_000)]
    values = "".join(f'  {one} = "x"\n' for one in names)
    used = ", ".join(f"local.{one}" for one in names)
    text = f"locals {{\n{values}}}\n{TF % f'{{ Statement = [{used}] }}'}"
    (folder / "names.tf").write_text(text)
    (done,) = run(("lint", "names.tf"))
    assert done.code == 2, (done.code, done.text[:500])


def test_very_many_references_are_one_error(folder, run):
    statements = ", ".join(["a.b"] * 90_000)
    (folder / "references.tf").write_text(TF % f"{{ Statement = [{statements}] }}")
    (done,) = run(("lint", "references.tf"))
    assert done.code == 2, (done.code, done.text[:500])
    assert done.text.count("error[") == 1
    assert b"internal error" not in done.err


@pytest.mark.parametrize("index", ["\u00b2", "9" * 5_000, "-1", "1.0"])
def test_an_index_that_is_none(folder, run, index):
    select = {"Fn::Select": [index, ["a", "b"]]}
    policy = {"Statement": [{"Effect": select}]}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Policy": policy}}
    (folder / "t.json").write_text(json.dumps({"Resources": {"A": api}}))
    (done,) = run(("lint", "t.json"))
    assert done.code == 2, (done.code, done.text[:500])
    assert b"error[INVALID_FUNCTION]" in done.err
