"""JSON texts: what parse_json accepts, what it makes of it, and where it says things are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.diagnostics import InputError, Source
from policycheck.read.document import (
    MAX_DEPTH,
    BooleanNode,
    ListNode,
    MapNode,
    Node,
    NullNode,
    NumberNode,
    TextNode,
)
from policycheck.read.json_mistakes import MAX_MISTAKES, mistakes
from policycheck.read.json_text import parse_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def plain(node: Node):
    match node:
        case TextNode(value) | BooleanNode(value):
            return value
        case NumberNode(text):
            return json.loads(text)
        case NullNode():
            return None
        case ListNode(items):
            return [plain(item) for item in items]
        case MapNode(entries):
            return {key.value: plain(value) for key, value in entries}


def parsed(text: str) -> Node:
    return parse_json(Source("x.json", text))


def nodes(node: Node):
    yield node
    match node:
        case ListNode(items):
            for item in items:
                yield from nodes(item)
        case MapNode(entries):
            for key, value in entries:
                yield key
                yield from nodes(value)


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        parsed(text)
    return tuple(one.code for one in caught.value.diagnostics)


@given(VALUES, st.sampled_from([None, 0, 2]), st.booleans())
def test_what_the_standard_library_writes_is_read_as_it_was(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert plain(parsed(text)) == value


@given(VALUES, st.booleans())
def test_every_span_covers_the_text_of_its_node(value, ascii_only):
    text = json.dumps(value, indent=1, ensure_ascii=ascii_only)
    for node in nodes(parsed(text)):
        assert plain(parsed(node.span.text)) == plain(node)


def accepted_by_the_standard_library(text: str) -> bool:
    def unique(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    def refuse(name):
        raise ValueError(name)

    try:
        value = json.loads(text, object_pairs_hook=unique, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


CHARACTERS = "{}[]:,\"'\\/#;= \n\t-+.eE01a\x00\ufeffé"
PIECES = r'// /* */ true null NaN "a" "b": {} [] [1] {"a":1} 1e5 1E+5 0x1 \u00e9 \ud83d \ude00 ${x}'
FRAGMENTS = st.sampled_from([*CHARACTERS, *PIECES.split(), "{{ x }}"])


def accepted(text: str) -> bool:
    try:
        parsed(text)
    except InputError as error:
        return not error.diagnostics
    return True


@given(st.lists(FRAGMENTS, max_size=12).map("".join))
def test_exactly_what_the_standard_library_accepts_is_accepted(text):
    assert accepted(text) == accepted_by_the_standard_library(text)


@given(VALUES, st.data())
def test_a_text_with_one_character_changed_is_read_as_the_standard_library_reads_it(value, data):
    text = json.dumps(value, ensure_ascii=False)
    place = data.draw(st.integers(0, len(text)))
    text = text[:place] + data.draw(FRAGMENTS) + text[place + data.draw(st.integers(0, 1)) :]
    assert accepted(text) == accepted_by_the_standard_library(text)


@given(st.text(max_size=40))
def test_spans_of_mistakes_lie_in_the_text(text):
    for one in mistakes(Source("x", text)):
        assert 0 <= one.span.start <= one.span.end <= len(text)
        assert one.span.line >= 1 <= one.span.column


def test_offsets_count_characters_not_bytes():
    node = parsed('{"ü€😀": ["é", 1]}')
    (key, value), *_ = node.entries
    assert (key.span.text, value.span.text) == ('"ü€😀"', '["é", 1]')
    assert (value.items[1].span.line, value.items[1].span.column) == (1, 15)


def test_numbers_are_kept_as_they_were_written():
    assert parsed("[1.0, 1e+5, -0, 100000000000000000000]") == ListNode(
        tuple(NumberNode(n, None) for n in ("1.0", "1e+5", "-0", "100000000000000000000")), None
    )


@pytest.mark.parametrize("escape", [r"\"", r"\\", r"\/", r"\b", r"\f", r"\n", r"\r", r"\t", r"é"])
def test_every_escape_of_json_is_decoded(escape):
    assert plain(parsed(f'"{escape}"')) == json.loads(f'"{escape}"')


def test_pairs_of_surrogates_make_one_character():
    assert plain(parsed(r'"\ud83d\ude00"')) == "😀"


def test_the_deepest_nesting_that_is_allowed_is_read():
    parsed("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == ("NESTING_TOO_DEEP",)


HOSTILE = ["[", '{"a":', '"', "'\\", "/*", '"\\', '"    ', "${", "\ud800", "{}", "a'", "\\u"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_are_refused_soon(piece):
    assert refused(piece * (300_000 // len(piece)))


def test_a_very_long_number_is_no_danger():
    assert parsed("9" * 100_000) == NumberNode("9" * 100_000, None)


def test_the_number_of_messages_is_limited():
    assert len(refused("[" + "'a'," * 1000 + "1]")) == MAX_MISTAKES


def test_a_repeated_key_says_where_the_first_one_is():
    with pytest.raises(InputError) as caught:
        parsed('{"a": 1,\n "a": 2,\n "a": 3}')
    assert [(one.span.line, one.label) for one in caught.value.diagnostics] == [
        (2, "already on line 1, column 2"),
        (3, "already on line 1, column 2"),
    ]


def test_keys_that_are_equal_after_decoding_are_repeated():
    assert refused(r'{"a": 1, "\u0061": 2}') == ("DUPLICATE_KEY",)
