import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.report.characters import chunks, printable, shorten, width, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ~!", "plain text, ~!"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\tb\r\nc\x00\x7f", "a\\x09b\\x0d\\x0ac\\x00\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202eevil\u202c", "\\u202eevil\\u202c"),
        ("\u2066x\u2069\u200b\ufeff\u061c", "\\u2066x\\u2069\\u200b\\ufeff\\u061c"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("日本語 é Ω", "日本語 é Ω"),
    ],
)
def test_what_moves_or_hides_is_escaped(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("日本", 4), ("é", 1), ("e\u0301", 1), ("\uff21", 2), ("😀", 2)],
)
def test_wide_characters_take_two_columns_and_accents_none(text, columns):
    assert width(text) == columns


@given(st.text(), st.integers(2, 40))
def test_chunks_lose_nothing_and_fit(text, columns):
    parts = list(chunks(text, columns))
    assert "".join(parts) == text
    assert all(width(part) <= columns for part in parts)


@given(st.text(st.characters(categories=["L", "P", "Zs"])), st.integers(2, 40), st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_only_blanks(text, columns, first):
    lines = wrap(text, columns, min(first, columns))
    assert width(lines[0]) <= min(first, columns)
    assert all(width(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_lines_break_between_words():
    assert wrap("one two three", 9, 7) == ["one two", "three"]


def test_a_long_word_is_broken():
    assert wrap("see abcdefghijkl now", 8, 8) == ["see abcd", "efghijkl", "now"]


@pytest.mark.parametrize(("text", "most", "short"), [("abc", 3, "abc"), ("x" * 20, 9, "xxx...xxx")])
def test_long_texts_lose_their_middle(text, most, short):
    assert shorten(text, most) == short
