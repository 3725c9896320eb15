import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.cli import request_texts as module
from policycheck.cli.request_texts import request_texts
from policycheck.diagnostics import InputError


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time, as pipes do."""

    def __init__(self, data, sizes):
        super().__init__(data)
        self.sizes = sizes

    def read1(self, size=-1):
        self.sizes.append(self.sizes.pop(0))
        return super().read(min(size, self.sizes[-1]))


def cut(text, sizes=(7,)):
    data = text if isinstance(text, bytes) else text.encode()
    return [one.text for one in request_texts(Trickle(data, list(sizes)), lambda: None, "r")]


values = st.recursive(
    st.text(max_size=8) | st.integers() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
objects = st.lists(st.dictionaries(st.text(max_size=5), values, max_size=4), max_size=6)
sizes = st.lists(st.integers(1, 40), min_size=1, max_size=5)


@given(objects, sizes, st.sampled_from([None, 1]), st.booleans())
def test_an_array_is_cut_at_its_elements(found, sizes, indent, ascii_only):
    text = json.dumps(found, indent=indent, ensure_ascii=ascii_only)
    assert [json.loads(one) for one in cut(text, sizes)] == found


@given(objects, sizes, st.sampled_from([None, 1]), st.sampled_from(["", "\ufeff", " \n\r\n "]))
def test_each_element_knows_where_it_begins(found, sizes, indent, before):
    """A program that reads the stream as a whole has the same characters at the place."""
    text = before + json.dumps(found, indent=indent, ensure_ascii=False)
    stream = Trickle(text.encode(), list(sizes))
    whole = text.removeprefix("\ufeff").split("\n")
    for one in request_texts(stream, lambda: None, "r"):
        span = one.start
        first = one.text.decode().strip().partition("\n")[0]
        assert str(span) == f"r:{span.line}:{span.column}"
        assert whole[span.line - 1][span.column - 1 :].startswith(first)


@given(objects, sizes)
def test_each_line_knows_its_number(found, sizes):
    text = "\n \n".join(["", *map(json.dumps, found)])
    texts = list(request_texts(Trickle(text.encode(), list(sizes)), lambda: None, "r"))
    assert [one.start.line for one in texts] == list(range(3, 2 * len(found) + 3, 2))
    assert all(one.start.column == 1 for one in texts)


@given(objects, sizes)
def test_lines_are_cut_at_line_breaks(found, sizes):
    text = "\n".join(map(json.dumps, found))
    assert [json.loads(one) for one in cut(text, sizes)] == found


@given(
    st.lists(st.dictionaries(st.text(max_size=5), values, min_size=1), min_size=1, max_size=4),
    sizes,
)
def test_objects_over_several_lines(found, sizes):
    text = "\n".join(json.dumps(one, indent=2) for one in found)
    assert [json.loads(one) for one in cut(text, sizes)] == found


@given(st.text(alphabet='[]{},:"\\ \na1', max_size=40), sizes)
def test_any_text_is_read_to_its_end_however_it_arrives(text, sizes):
    def outcome(sizes):
        found = []
        try:
            found.extend(request_texts(Trickle(text.encode(), list(sizes)), lambda: None, "r"))
        except InputError as error:
            found.append(str(error))
        return found

    assert outcome(sizes) == outcome([1000])


def test_idle_is_called_before_every_read():
    seen = []
    stream = Trickle(b"1\n2\n3\n", [2])
    for one in request_texts(stream, lambda: seen.append(stream.tell()), "r"):
        assert stream.tell() == 2 * int(one.text) + 2 * (one.text == b"1")
    assert seen == [0, 2, 4, 6]


def test_a_line_beyond_the_limit_is_passed_over(monkeypatch):
    monkeypatch.setattr(module, "LIMIT", 20)
    assert cut("1\n" + "x" * 50 + "\n2\n") == [b"1", None, b"2"]
    assert cut("1\n" + "x" * 50) == [b"1", None]


@pytest.mark.parametrize("text", ["[" + "x" * 50 + "]", "{\n" + "x" * 50 + "}"])
def test_an_element_beyond_the_limit_ends_the_reading(monkeypatch, text):
    monkeypatch.setattr(module, "LIMIT", 20)
    with pytest.raises(InputError, match="longer than 20 bytes"):
        cut(text)
