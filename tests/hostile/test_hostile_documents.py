"""Documents that are what they should be, with something hostile inside.

Each gives one error whose place is in that thing, or the right answer, in bounded time and memory.
"""

import json
import re
import unicodedata

import pytest
from document_texts import AS_TEXT, HCL, JSON, POLICY, SPEC, STATEMENT, YAML, document

PLACE = re.compile(r" --> (\S+?):([1-9]\d*):([1-9]\d*)$", re.MULTILINE)
CODE = re.compile(r"error\[(\w+)\]")
LOCALS = 'locals {\n a = local.c\n c = local.a\n b = ["x"]\n}\n'
DEEP = 20_000


def moving(text):
    """The characters that move a cursor or turn the direction of writing."""
    return {one for one in text if one != "\n" and unicodedata.category(one) in {"Cc", "Cf", "Cs"}}


@pytest.fixture
def judged(folder, run):
    """Proves the spec of each document; ``rows`` are (document, text, thing, code of its error).

    The place of an error is in the thing, which stands in the text; None is no error.
    """

    def judging(rows):
        (folder / "spec.yaml").write_text(SPEC)
        lines = []
        for number, (name, text, *_) in enumerate(rows):
            place = folder / str(number)
            place.mkdir()
            (place / name).write_bytes(text.encode("utf-8"))
            lines.append(("prove", f"{number}/{name}", "spec.yaml"))
        for done, row in zip(run(*lines, seconds=10), rows, strict=True):
            check(done, *row)

    return judging


def check(done, name, text, thing, code):
    about = (name, thing[:60], done.code, done.text[:400])
    assert done.code == (2 if code else 0), about
    assert not moving(done.text), about
    assert len(done.text) < 20_000, about
    assert done.kibibytes < 512 * 1024, about
    if code is not None:
        error = done.text[done.text.index("error[") :]
        assert CODE.findall(error)[0] == code, about
        path, line, column = PLACE.findall(error)[0]
        assert path == done.arguments[1]
        lines = text.split("\n")[: int(line) - 1]
        offset = sum(len(one) + 1 for one in lines) + int(column) - 1
        assert text.index(thing) <= offset <= text.index(thing) + len(thing), about


IN_JSON = {
    '"Z": ' + "[" * DEEP: "NESTING_TOO_DEEP",
    '"Z": ' + '{"a":' * DEEP: "NESTING_TOO_DEEP",
    '"Z": "a\0b"': "JSON_SYNTAX_ERROR",
    '"Z": "a\x1b[31m"': "JSON_SYNTAX_ERROR",
    '"Z": "\\ud800"': "JSON_SYNTAX_ERROR",
    '"Z": "\\udc00\\ud800"': "JSON_SYNTAX_ERROR",
    '"Z": 1, "Z": 2': "DUPLICATE_KEY",
    r'"Z": 1, "\u005a": 2': "DUPLICATE_KEY",
    '"z": 1, "Z": 2': None,
    '"Z": "a\\u0000b"': None,
    '"Z": "a\u202e\u2066b\u009b2J"': None,
    '"\\u001b[31m\\u202e": "\\u001b[31m"': None,
    f'"Z": {"9" * 100_000}': None,
    '"Z": 1e999999999': None,
}
"""Entries beside what is read."""

IN_YAML = {
    "z: " + "[" * DEEP: "YAML_TOO_DEEP",
    "z: " + '{"a":' * DEEP: "YAML_TOO_DEEP",
    'z: "a\0b"': "YAML_SYNTAX_ERROR",
    'z: "a\x1b[31m"': "YAML_SYNTAX_ERROR",
    r'z: "\ud800"': "YAML_SYNTAX_ERROR",
    "z: 1\nz: 2": "DUPLICATE_KEY",
    '"z": 1\n"\\x7a": 2': "DUPLICATE_KEY",
    "z: &a [*a]": "YAML_UNKNOWN_ALIAS",
    "z: *b": "YAML_UNKNOWN_ALIAS",
    "z0: &a0 [x, x]"
    + "".join(f"\nz{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)): "YAML_TOO_LARGE",
    "<<: {a: 1}": "YAML_MERGE_KEY",
    "z: &m {a: 1}\n<<: *m": "YAML_MERGE_KEY",
    'z: !!python/object/apply:os.system ["touch owned"]': "YAML_TAG",
    "z: !Foo x": "YAML_TAG",
    "? [a, b]\n: c": "KEY_NOT_TEXT",
    "z: 1\nZ: 2": None,
    r'z: "a\0b"': None,
    r'"\e[31m\u202e": "\e[31m\u202e"': None,
    "z: a\u202eb": None,
    f"z: {'9' * 100_000}": None,
    "z: 1e999999999": None,
}

IN_HCL = {
    "z = " + "[" * DEEP: "HCL_SYNTAX_ERROR",
    "z = " + "(" * DEEP: "HCL_SYNTAX_ERROR",
    "z = " + '"${' * DEEP: "HCL_SYNTAX_ERROR",
    'z = "a\0b"': "HCL_SYNTAX_ERROR",
    'z = "a': "HCL_SYNTAX_ERROR",
    "z = 1\n  z = 2": "DUPLICATE_KEY",
    "z = 1\n  Z = 2": None,
    "z = " + "[" * DEEP + "]" * DEEP: None,
    'z = "\u202e\x1b[31m"': None,
    r'z = "\ud800"': None,
    f"z = {'9' * 100_000}": None,
}
ENTRIES = [(form, IN_JSON) for form in JSON] + [(form, IN_YAML) for form in YAML]


@pytest.mark.parametrize(
    ("form", "table"), [*ENTRIES, *((one, IN_HCL) for one in HCL)], ids=lambda one: str(one)[:12]
)
def test_a_hostile_entry(judged, form, table):
    rows = []
    for entry, code in table.items():
        thing = indented(entry, form)
        is_read = code == "YAML_MERGE_KEY" and form == "serverless.yml"
        rows.append((form, document(form, extra=thing), thing, None if is_read else code))
    judged(rows)


def indented(entry, form):
    """An entry whose further lines begin where those of its mapping do."""
    depth = {"template.yaml": 6, "serverless.yml": 2}.get(form, 0)
    return entry.replace("\n", "\n" + " " * depth) if form in YAML else entry


NAMES = ["a" * 5_000, r"a\u202eb\u2066", r"a\u001b[31mb", r"a\u0000b", r"a\r\n::error::b"]


@pytest.mark.parametrize("form", [*JSON, *YAML])
def test_a_hostile_name(judged, form):
    rows = []
    for name in NAMES:
        text = document(form, name=name)
        if form == "template.yaml":
            text = text.replace(f"  {name}:", f'  ? "{name}"\n  :')
        rows.append((form, text, name, None))
    judged(rows)


@pytest.mark.parametrize("form", ["markdown", "github"])
def test_a_hostile_name_in_a_report(folder, run, form):
    (folder / "spec.yaml").write_text(SPEC.replace("/admin", "/pets"))
    names = [*JSON, *YAML]
    for name in names:
        text = document(name, name="".join(NAMES[1:]))
        if name == "template.yaml":
            text = text.replace("  a\\", '  ? "a\\').replace("b:\n", 'b"\n  :\n')
        (folder / name).write_text(text)
    for done in run(*(("prove", one, "spec.yaml", "-f", form) for one in names)):
        assert done.code == 1, done.text[:400]
        assert not moving(done.text), (done.arguments, moving(done.text))
        assert not any(one.startswith("::error::b") for one in done.text.splitlines())


def test_a_hostile_label_of_a_block(judged):
    head = 'resource "aws_api_gateway_rest_api" '
    names = [*NAMES[1:], "a\u202eb", "a\x1b[31mb", "a\u009b2Jb", r"a\u0062", "${a}"]
    rows = [
        ("main.tf", document("main.tf", name=one), f'{head}"{one}"', "INVALID_NAME")
        for one in names
    ]
    judged([*rows, ("main.tf", document("main.tf", name=NAMES[0]), NAMES[0], None)])


def policy(**changes):
    return json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, **changes}]})


INSIDE = {
    "": "JSON_SYNTAX_ERROR",
    " ": "JSON_SYNTAX_ERROR",
    POLICY[:40]: "JSON_SYNTAX_ERROR",
    POLICY.replace('"2012-10-17"', "[" * DEEP): "NESTING_TOO_DEEP",
    POLICY.replace('"Effect"', '"Effect": "Deny", "Effect"'): "DUPLICATE_KEY",
    POLICY.replace('"Effect"', r'"Effect": "Deny", "\u0045ffect"'): "DUPLICATE_KEY",
    POLICY.replace('"Effect"', '"effect": "Deny", "Effect"'): "INVALID_POLICY_ELEMENT",
    POLICY.replace('"Version"', '"a\0b"'): "JSON_SYNTAX_ERROR",
    POLICY.replace('"Version"', '"\x1b[31m"'): "JSON_SYNTAX_ERROR",
    POLICY.replace('"2012-10-17"', '"\\ud800"'): "JSON_SYNTAX_ERROR",
    POLICY.replace('"2012-10-17"', "9" * 50_000): "DATA_TYPE_MISMATCH",
    POLICY.replace('"2012-10-17"', "1e999999999"): "DATA_TYPE_MISMATCH",
    '"x"': "DATA_TYPE_MISMATCH",
    "[1]": "DATA_TYPE_MISMATCH",
    "1": "DATA_TYPE_MISMATCH",
    policy(Sid="a\0b\x1b[31m\u202e"): None,
}
"""Policies that stand in a text."""

WITHOUT_POLICY = {"state.json", "plan.json", "main.tf"}
"""The documents in which a blank text is no policy."""


@pytest.mark.parametrize("form", [*AS_TEXT, "main.tf"])
def test_a_policy_in_a_text_is_hostile(judged, form):
    rows = []
    for inside, code in INSIDE.items():
        thing = json.dumps(inside)
        text = document(form, policy=thing)
        if not inside.strip() and form in WITHOUT_POLICY:
            rows.append((form, text, text, "NO_POLICY_IN_DOCUMENT"))
        else:
            rows.append((form, text, thing, code))
    judged(rows)


FUNCTIONS = {
    '{"Ref": ["x"]}': "INVALID_FUNCTION",
    '{"Ref": "None"}': "UNKNOWN_REFERENCE",
    '{"Ref": "Api\\u202e"}': "UNKNOWN_REFERENCE",
    '{"Fn::Sub": [1, 2]}': "INVALID_FUNCTION",
    f'{{"Fn::Sub": "{"${A}" * 20_000}"}}': "UNKNOWN_REFERENCE",
    f'{{"Fn::Sub": "{"${" * 50_000}"}}': "INVALID_ARN_PREFIX",
    '{"Fn::Join": "x"}': "INVALID_FUNCTION",
    f'{{"Fn::Join": ["{"x" * 1_000}", {json.dumps(["y"] * 9_000)}]}}': "EXPANSION_TOO_LARGE",
    '{"Fn::Join": ["", [' * 30 + '"x"' + "]]}" * 30: "TOO_DEEP",
    '{"Fn::If": ["C"]}': "INVALID_FUNCTION",
    '{"Fn::If": ["None", 1, 2]}': "UNKNOWN_CONDITION",
    '{"Fn::Select": [5, ["a"]]}': "INVALID_FUNCTION",
    '{"Fn::Split": ["", {"x": 1}]}': "INVALID_FUNCTION",
    '{"Fn::FindInMap": ["a", "b", "c"]}': "UNKNOWN_REFERENCE",
    '{"Fn::GetAtt": ["api"]}': "INVALID_FUNCTION",
    '{"Fn::Nothing": 1}': "UNSUPPORTED_FUNCTION",
}


@pytest.mark.parametrize("form", ["template.json", "cdk.json", "sam.json", "template.yaml"])
def test_a_function_of_cloudformation_is_hostile(judged, form):
    too_deep = "YAML_TOO_DEEP" if form in YAML else "NESTING_TOO_DEEP"
    rows = []
    for thing, code in FUNCTIONS.items():
        text = document(form, policy=POLICY.replace('"execute-api:/*/GET/pets"', thing))
        rows.append((form, text, thing, too_deep if code == "TOO_DEEP" else code))
    judged(rows)


SHORT = {
    "!Ref [x]": "INVALID_FUNCTION",
    "!Sub [1, 2]": "INVALID_FUNCTION",
    "!Join x": "INVALID_FUNCTION",
    "!Select [5, [a]]": "INVALID_FUNCTION",
    "!If [None, 1, 2]": "UNKNOWN_CONDITION",
    "!GetAtt None.Arn": "UNKNOWN_REFERENCE",
    "!Nothing x": "YAML_TAG",
    "!Sub '${!}'": "INVALID_ARN_PREFIX",
}


def test_a_short_form_of_cloudformation_is_hostile(judged):
    form = "template.yaml"
    texts = {one: POLICY.replace('"execute-api:/*/GET/pets"', one) for one in SHORT}
    judged([(form, document(form, policy=texts[one]), one, code) for one, code in SHORT.items()])


CIRCLE = """Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
"""


def test_conditions_in_a_circle(judged):
    text = document("template.yaml").replace("    Type:", "    Condition: A\n    Type:")
    judged([("template.yaml", text + CIRCLE, CIRCLE, "TEMPLATE_TOO_DEEP")])


VARIABLES = {
    '"${self:provider.a}"': "CIRCULAR_REFERENCE",
    f'"{"${self:service}" * 5_000}"': "INVALID_ARN_PREFIX",
    f'"{"${" * 50_000}"': "INVALID_ARN_PREFIX",
    f'"{"${self:" * 200}x{"}" * 200}"': "UNRESOLVED_REFERENCE",
    r'"${self:\e[31m\u202e}"': "UNRESOLVED_REFERENCE",
    '[["${self:provider.a}"]]': "CIRCULAR_REFERENCE",
}


def test_a_variable_of_the_serverless_framework_is_hostile(judged):
    form = "serverless.yml"
    rows = []
    for thing, code in VARIABLES.items():
        text = document(form, extra=f"a: {thing}")
        text = text.replace("execute-api:/*/GET/pets", "${self:provider.a}")
        rows.append((form, text, text if code == "UNRESOLVED_REFERENCE" else thing, code))
    judged(rows)


EXPRESSIONS = {
    f'join("{"x" * 2_000}", {json.dumps(["y"] * 3_000)})': "EXPANSION_TOO_LARGE",
    'join("x", [for x in local.b : "y"])': "INVALID_ARN_PREFIX",
    'join({}, ["x"])': "UNSUPPORTED_EXPRESSION",
    'format("%s%s", "x")': "UNRESOLVED_REFERENCE",
    "[for x in 1 : x]": "UNRESOLVED_REFERENCE",
    "local.none": "UNRESOLVED_REFERENCE",
    "local.b[99]": "UNRESOLVED_REFERENCE",
    "local.b[-1]": "UNRESOLVED_REFERENCE",
    'file("/etc/passwd")': "UNRESOLVED_REFERENCE",
    "null": "DATA_TYPE_MISMATCH",
    "9" * 5_000: "UNSUPPORTED_EXPRESSION",
    "{ (null) = 1 }": "UNSUPPORTED_EXPRESSION",
    '{ a = 1, "a" = 2 }': "DUPLICATE_KEY",
    "[" * 100 + "]" * 100: "UNSUPPORTED_EXPRESSION",
    r'"\ud800"': "UNSUPPORTED_EXPRESSION",
}


def test_an_expression_of_terraform_is_hostile(judged):
    rows = []
    for thing, code in EXPRESSIONS.items():
        text = document("main.tf").replace('"execute-api:/*/GET/pets"', thing)
        rows.append(("main.tf", LOCALS + text, thing, code))
    text = document("main.tf").replace('"execute-api:/*/GET/pets"', "local.a")
    rows.append(("main.tf", LOCALS + text, "local.c", "CIRCULAR_REFERENCE"))
    judged(rows)


OPEN = json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, "Resource": "*"}]})


def test_two_resources_of_one_name(judged):
    topic = '"api": {"Type": "AWS::SNS::Topic"}, "api"'
    rows = [
        (form, document(form).replace('"api"', topic, 1), topic, "DUPLICATE_KEY")
        for form in ("template.json", "cdk.json", "sam.json")
    ]
    twice = "  api: {Type: x}\n  api:"
    text = document("template.yaml").replace("  api:", twice, 1)
    rows.append(("template.yaml", text, twice, "DUPLICATE_KEY"))
    second = "#\n" + document("main.tf")
    rows.append(("main.tf", document("main.tf") + second, second, "DUPLICATE_KEY"))
    judged(rows)


@pytest.mark.parametrize("form", ["answer.json", "state.json", "plan.json"])
def test_of_two_entries_of_one_name_both_are_judged(folder, run, form):
    (folder / "spec.yaml").write_text(SPEC)
    good, bad = document(form), document(form, policy=json.dumps(OPEN))
    for number, (one, other) in enumerate([(good, bad), (bad, good)]):
        (folder / f"{number}{form}").write_text(both(one, other))
        (done,) = run(("prove", f"{number}{form}", "spec.yaml"))
        assert done.code == 1, done.text


def both(one, other):
    """A document with what two of its format hold."""
    first, second = json.loads(one), json.loads(other)
    if "resources" in first:
        first["resources"] += second["resources"]
    elif "planned_values" in first:
        modules = [each["planned_values"]["root_module"] for each in (first, second)]
        modules[0]["resources"] += modules[1]["resources"]
    else:
        return json.dumps({"items": [first, second]})
    return json.dumps(first)
