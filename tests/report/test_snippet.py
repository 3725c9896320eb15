import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting import diagnostic

from policycheck.diagnostics import Source, Span
from policycheck.report.characters import width
from policycheck.report.page import Page, Style
from policycheck.report.snippet import snippet


def drawn(text, part, label="", columns=80):
    return snippet(diagnostic(text, part).span, label, Style.BAD, Page(columns))


def underlined(lines):
    """The characters above the carets, counted in columns."""
    source, marks = lines[1], lines[2]
    start, end = marks.index("^"), marks.rindex("^") + 1
    cells = "".join(char * max(width(char), 1) for char in source)
    return cells[start:end]


def test_the_line_its_number_and_the_carets():
    lines = drawn('{\n  "Effect": "Alow"\n}', '"Alow"', "no effect")
    assert lines == [
        "  |",
        '2 |   "Effect": "Alow"',
        "  |             ^^^^^^ no effect",
    ]


@pytest.mark.parametrize("before", ["", "\t", "\t\t ", "日本語", "é", "\u202e"])
def test_carets_stand_under_the_text_whatever_is_before_it(before):
    assert underlined(drawn(f"{before}here after", "here")) == "here"


@pytest.mark.parametrize("count", [70, 200, 5000])
def test_a_wide_line_is_cut_around_the_text(count):
    lines = drawn("a" * count + "here" + "b" * count, "here")
    assert underlined(lines) == "here"
    assert lines[1].startswith("1 | ...a")
    assert lines[1].endswith("b...")


def test_a_text_wider_than_the_page_is_underlined_to_the_edge():
    lines = drawn("x" * 500, "x" * 500)
    assert max(map(width, lines)) <= 80
    assert lines[2].count("^") > 20


def test_a_label_that_does_not_fit_stands_below():
    lines = drawn("x" * 70 + "here", "here", "a label of some length")
    assert lines[2].endswith("^^^^")
    assert lines[3].endswith("a label of some length")


def test_of_several_lines_the_first_is_shown():
    assert underlined(drawn("a: [1,  \n 2]", "[1,  \n 2]")) == "[1,"


def test_the_end_of_a_text_gets_one_caret():
    source = Source("x", "{")
    assert snippet(Span(source, 1, 1), "", Style.BAD, Page())[2] == "  |  ^"


def test_an_empty_text_gets_one_caret():
    assert snippet(Span(Source("x", ""), 0, 0), "", Style.BAD, Page()) == ["  |", "1 |", "  | ^"]


@given(st.text(), st.data(), st.integers(40, 100), st.text(max_size=100))
def test_every_line_fits_and_no_escape_is_raw(text, data, columns, label):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lines = snippet(Span(Source("x", text), start, end), label, Style.BAD, Page(columns))
    assert all(width(line) <= columns for line in lines)
    assert not any(char in "".join(lines) for char in "\x1b\r\x00\u202e")
