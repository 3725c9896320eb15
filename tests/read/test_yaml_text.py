"""YAML 1.2 texts become nodes with exact positions; every mistake is told at its place."""

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policycheck.diagnostics import InputError, Source
from policycheck.read.document import (
    MAX_DEPTH,
    BooleanNode,
    ListNode,
    MapNode,
    NullNode,
    NumberNode,
    TextNode,
)
from policycheck.read.json_text import parse_json
from policycheck.read.yaml_text import MAX_CHARACTERS, MAX_NODES, parse_yaml


def parse(text):
    return parse_yaml(Source("spec.yaml", text))


def plain(node):
    """The node without positions; numbers as their text in a tuple."""
    match node:
        case MapNode(entries):
            return {key.value: plain(value) for key, value in entries}
        case ListNode(items):
            return [plain(item) for item in items]
        case NumberNode(text):
            return (text,)
        case NullNode():
            return None
        case TextNode(value) | BooleanNode(value):
            return value


def value_of(text):
    return parse(f"a: {text}").get("a")


def mistakes(text):
    with pytest.raises(InputError) as caught:
        parse(text)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    "text", ["yes", "no", "on", "off", "y", "12:30", "1:30:00", "2026-11-24", "1_000", "0b1", "<<x"]
)
def test_what_yaml_1_1_changes_stays_text(text):
    assert value_of(text) == TextNode(text, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?ro*", "?ro*"),
        ("[?et, ??, p?]", ["?et", "??", "p?"]),
        ("{stage: ?ro*, method: [?ET]}", {"stage": "?ro*", "method": ["?ET"]}),
        ("{? b : c}", {"b": "c"}),
        ("[? b : ?c]", [{"b": "?c"}]),
    ],
)
def test_a_question_mark_begins_a_text_unless_a_space_follows(text, expected):
    assert plain(value_of(text)) == expected


@pytest.mark.parametrize(
    "text", ["{b: ::1}", "{b: ::/0, c: ::1/128}", "[b: ::1]", "{b: {c: ::ffff:0808:0808}}"]
)
def test_an_address_needs_no_quotes(text):
    """Also where long texts before it are read in several steps."""
    quoted = re.sub(r"::[0-9a-f/:]+", lambda found: f'"{found.group()}"', text)
    before = "{a: [not: {any_of: [any_of: [{method: GET, path: /a/*}]]}], x: "
    for one in (text, f"{before}{text}}}", f"{before}\n [d: {text},\n  {text}]}}"):
        wanted = one.replace(text, quoted)
        assert plain(value_of(one)) == plain(value_of(wanted))


@pytest.mark.parametrize("text", ["0", "-7", "+7", "1.5", ".5", "1e3", "0o17", "0xFF", ".inf"])
def test_a_number_keeps_its_text(text):
    assert value_of(text) == NumberNode(text, None)


@pytest.mark.parametrize("text", ["123456789012", "012345678901", "000000000001"])
def test_an_account_id_without_quotes_keeps_its_zeros(text):
    assert value_of(text) == NumberNode(text, None)


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("True", True), ("FALSE", False), ("false", False)]
)
def test_booleans_of_the_core_schema(text, value):
    assert value_of(text) == BooleanNode(value, None)


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_null_of_the_core_schema(text):
    assert isinstance(value_of(text), NullNode)


@pytest.mark.parametrize("text", ['"1"', "'true'", '"null"', "''"])
def test_quotes_make_a_text(text):
    assert value_of(text) == TextNode(text[1:-1], None)


@pytest.mark.parametrize("text", ["", "\n", "# a comment\n", "---\n"])
def test_a_text_without_content_is_null(text):
    assert isinstance(parse(text), NullNode)


SPANS = [
    ("a: b # c\n", "b"),
    ("a: 'it''s'\n", "'it''s'"),
    ('a: "q"', '"q"'),
    ("a: |\n  x\n  y\n\nb: c", "|\n  x\n  y"),
    ("a: {b: 1, c: 2} # d", "{b: 1, c: 2}"),
    ("a: [1, 2]\n", "[1, 2]"),
    ("a:\n  - x\n  - y # z\n\n# end\nb: c", "- x\n  - y"),
    ("a:\n  b: 1\n  c: [2]\n\nd: e", "b: 1\n  c: [2]"),
    ("a: &name b\n", "b"),
    ("a: &name {b: c}\n", "{b: c}"),
    ("é: 😀\n", "😀"),
    ("a:\r\n  b: c\r\n", "b: c"),
]


@pytest.mark.parametrize(("text", "written"), SPANS)
def test_a_span_covers_what_was_written(text, written):
    (_, node), *_ = parse(text).entries
    assert node.span.text == written


@pytest.mark.parametrize(
    ("text", "column"),
    [("a:", 3), ("a:   # x: y\nb: 1", 3), ("{a: , b: 1}", 4), ("'a' :\n\n", 6)],
)
def test_a_missing_value_stands_behind_its_colon(text, column):
    node = parse(text).get("a")
    assert (node.span.line, node.span.column, node.span.text) == (1, column, "")


def test_an_alias_stands_for_its_anchor():
    node = parse("a: &x {b: [1]}\nc: *x\n")
    assert node.get("c") is node.get("a")


@pytest.mark.parametrize("value", ["\N{GRINNING FACE}", "/", "\t", "\u2028", "é"])
def test_escapes_as_json_writes_them(value):
    assert parse(json.dumps([value])) == ListNode((TextNode(value, None),), None)


MISTAKES = [
    ("a: 1\na: 2\n", "DUPLICATE_KEY", 2, 1, "a"),
    ("{a: 1, 'a': 2}", "DUPLICATE_KEY", 1, 8, "'a'"),
    ("1: a\n", "KEY_NOT_TEXT", 1, 1, "1"),
    ("true: a\n", "KEY_NOT_TEXT", 1, 1, "true"),
    ("? [a]\n: b\n", "KEY_NOT_TEXT", 1, 3, "[a]"),
    ("a:\n  <<: {b: 1}\n", "YAML_MERGE_KEY", 2, 3, "<<"),
    ("a: !!str 1\n", "YAML_TAG", 1, 4, "!!str 1"),
    ("a: !!python/object/apply:os.system [ls]\n", "YAML_TAG", 1, 4, "!"),
    ("a: *b\n", "YAML_UNKNOWN_ALIAS", 1, 4, "*b"),
    ("a: &b [*b]\n", "YAML_UNKNOWN_ALIAS", 1, 8, "*b"),
    ("a: 1\n---\nb: 2\n", "YAML_SEVERAL_DOCUMENTS", 2, 1, "---"),
    ("%YAML 1.1\n---\na: on\n", "YAML_DIRECTIVE", 1, 1, "%YAML 1.1"),
    ("%TAG ! x\n--- a\n", "YAML_DIRECTIVE", 1, 1, "%TAG ! x"),
    (f"%YAML 1.{'2' * 5000}\n---\na: on\n", "YAML_SYNTAX_ERROR", 1, 1, "%"),
    ("a:\n\tb: 1\n", "YAML_SYNTAX_ERROR", 2, 1, "\t"),
    ("a: *\n", "YAML_SYNTAX_ERROR", 1, 4, "*"),
    ("a: [*/x]\n", "YAML_UNKNOWN_ALIAS", 1, 5, "*/x"),
    ("a: @b\n", "YAML_SYNTAX_ERROR", 1, 4, "@b"),
    ("a: b: c\n", "YAML_SYNTAX_ERROR", 1, 5, ":"),
    ("a: 'b\n", "YAML_SYNTAX_ERROR", 1, 4, "'"),
    ("a: [1, 2\n", "YAML_SYNTAX_ERROR", 1, 4, "["),
    ("a: {b: 1\n", "YAML_SYNTAX_ERROR", 1, 4, "{"),
    ("a: [1 2: 3 4: 5]", "YAML_SYNTAX_ERROR", 1, 13, ":"),
    ("a: 1\n- b\n", "YAML_SYNTAX_ERROR", 2, 1, "-"),
    ("a:\nb\nc: d\n", "YAML_SYNTAX_ERROR", 2, 1, "b"),
    ('a: "\\q"\n', "YAML_SYNTAX_ERROR", 1, 6, "q"),
    ('a: "\\U00110000"\n', "YAML_SYNTAX_ERROR", 1, 7, "0"),
    ('{a: "b\\UFFFFFFFF", c: 1}\n', "YAML_SYNTAX_ERROR", 1, 9, "F"),
    ('a: "\\uD8"\n', "YAML_SYNTAX_ERROR", 1, 7, "D"),
    ("a: }\n", "YAML_SYNTAX_ERROR", 1, 4, "}"),
    ("a: \x01\n", "YAML_SYNTAX_ERROR", 1, 4, "\x01"),
    ("a: \x85b: c\n", "YAML_SYNTAX_ERROR", 1, 4, "\x85"),
    ("\ufeffa: 1\n", "YAML_SYNTAX_ERROR", 1, 1, "\ufeff"),
    ('a: "\\ud83d"\n', "YAML_SYNTAX_ERROR", 1, 4, '"\\ud83d"'),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "written"), MISTAKES)
def test_a_mistake_is_told_at_its_place(text, code, line, column, written):
    (found,) = mistakes(text)
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert found.span.text.startswith(written)
    assert found.help


def test_all_structural_mistakes_are_told_at_once():
    codes = [one.code for one in mistakes("1: a\nb: !!str c\nd: *e\nb: 2\nf: 'g")]
    assert codes == [
        "KEY_NOT_TEXT",
        "YAML_TAG",
        "YAML_UNKNOWN_ALIAS",
        "DUPLICATE_KEY",
        "YAML_SYNTAX_ERROR",
    ]


def test_an_escape_of_no_character_is_told_as_such():
    assert mistakes('"\\U00110000"')[0].message == "no character has so high a number"
    assert mistakes('"\\U0010FFFG"')[0].message == "an escape has too few hexadecimal digits"
    assert parse('"\\U0010FFFF"').value == "\U0010ffff"


def test_help_for_a_star_without_quotes():
    assert mistakes("stage: *prod")[0].help == 'write "*prod" in quotes if the * is a wildcard'


def test_deep_nesting_is_refused():
    assert isinstance(parse("[" * MAX_DEPTH + "]" * MAX_DEPTH), ListNode)
    assert mistakes("[" * 5000)[0].code == "YAML_TOO_DEEP"


def test_aliases_cannot_blow_a_text_up():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    assert mistakes("\n".join(lines))[0].code == "YAML_TOO_LARGE"


def test_aliases_cannot_nest_deeper_than_text():
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 100)]
    assert mistakes("\n".join(lines))[0].code == "YAML_TOO_DEEP"


def test_long_texts_are_refused():
    assert mistakes("a" * (MAX_CHARACTERS + 1))[0].code == "YAML_TOO_LARGE"
    assert mistakes("- a\n" * (MAX_NODES + 1))[0].code == "YAML_TOO_LARGE"


@given(st.text(st.sampled_from("ab:-,[]{}&*!?|>'\"%@# \n\t1~<.\\é\r"), max_size=40))
@example("&1{} ")
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused(text):
    try:
        spans = [parse(text).span]
    except InputError as error:
        spans = [one.span for one in error.diagnostics]
    assert spans
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@given(json_values, st.sampled_from([None, 1, "\t"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_json_reads_the_same_as_yaml(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    try:
        found = parse(text)
    except InputError:
        assert not ascii_only
    else:
        assert plain(found) == plain(parse_json(Source("spec.json", text)))


def test_the_operator_null_may_be_a_key():
    node = parse("condition: {Null: {aws:Referer: 'true'}}")
    condition = node.get("condition")
    assert [key.value for key, _ in condition.entries] == ["Null"]
