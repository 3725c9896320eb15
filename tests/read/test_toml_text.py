import tomllib

import pytest

from policycheck.diagnostics import InputError, Source
from policycheck.read.document import BooleanNode, ListNode, MapNode, NumberNode, TextNode
from policycheck.read.toml_text import parse_toml_table


def table(text, *name):
    return parse_toml_table(Source("a.toml", text), name or ("t",))


def plain(node):
    match node:
        case MapNode(entries):
            return {key.value: plain(value) for key, value in entries}
        case ListNode(items):
            return [plain(one) for one in items]
        case TextNode(value) | BooleanNode(value):
            return value
        case NumberNode(text):
            return tomllib.loads(f"v = {text}")["v"]


TEXTS = [
    "[t]\na = 'x'\nb = \"y\\u00e9\"\nc = 1_000\nd = -1.5e3\ne = true\nf = 1979-05-27\n",
    "[t]\na = [1, # one\n  2,\n]\nb = [[], ['x']]\nc = {d = 1, e.f = 'g'}\n",
    "[t]\n'quoted key' = 1\n\"dotted.key\" = 2\na.b.c = 3\na.b.d = 4\n",
    "t.a = 1\n[other]\nx = 1\n[t.u]\nb = 2\n[t.u.v]\nc = 3\n",
    "[t.u]\na = 1\n[t]\nb = 2\n",
    "[[t.rows]]\na = 1\n[[t.rows]]\na = 2\n[t.rows.sub]\nb = 3\n",
    "'é' = 'ü'\n[t]\na = 'é' # ö\nb = '''\nlines\n'''\n",
    "[t]\r\na = 1\r\nb = 'x'\r\n",
    "[t]\n",
    "t = {a = 1}\n",
    "[t]\na = [{b = 1}, {b = 2}]\n",
    "[t]\na = inf\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_table_is_what_the_standard_library_reads(text):
    assert plain(table(text)) == tomllib.loads(text)["t"]


def test_names_and_values_know_their_places():
    text = 'x = "é"\n[t.u]\na.b = ["one", "two"]  # there\n'
    found = table(text, "t", "u")
    (key, inner), *_ = found.entries
    assert (key.span.text, key.span.line, key.span.column) == ("a", 3, 1)
    first, second = inner.get("b").items
    assert (first.span.text, first.span.column) == ('"one"', 8)
    assert (second.span.text, second.span.column) == ('"two"', 15)


@pytest.mark.parametrize("text", ["", "a = 1\n", "[tt]\n", "[u.t]\n"])
def test_a_table_that_is_not_there_is_none(text):
    assert table(text) is None


@pytest.mark.parametrize("text", ["t = 1", "[[t]]\n"])
def test_what_is_no_table_is_an_error(text):
    with pytest.raises(InputError, match=r"the table \[t\] cannot be read"):
        table(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[t]\na = \n", (2, 5)),
        ("[t]\na = 'x\n", (3, 1)),
        ("[t", (1, 3)),
        ("[t]\na = 1\na = 2\n", (3, 6)),
    ],
)
def test_what_is_not_toml_is_pointed_at(text, place):
    with pytest.raises(InputError, match="this is not TOML") as caught:
        table(text)
    (found,) = caught.value.diagnostics
    assert (found.span.line, found.span.column) == place


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000])
def test_hostile_texts_are_errors(text):
    with pytest.raises(InputError):
        table(text)
