"""Globs against regular expressions; folding and variables."""

from __future__ import annotations

import re
from itertools import product

import pytest
from drawn import globs, texts
from hypothesis import given
from hypothesis import strategies as st

from policycheck.concrete.text import fold, glob_matches, resolve
from policycheck.model.reading import DEFAULT_READINGS
from policycheck.model.text import Variable, Wildcard, glob, pattern


def as_expression(wanted):
    signs = {Wildcard.RUN: ".*", Wildcard.ONE: "."}
    return "".join(signs.get(piece) or re.escape(piece) for piece in wanted.pieces)


@given(texts, globs)
def test_a_glob_matches_as_the_regular_expression_does(actual, wanted):
    expected = re.fullmatch(as_expression(wanted), actual, re.DOTALL) is not None
    assert glob_matches(actual, wanted) is expected


@given(texts, globs, st.data())
def test_a_glob_matches_each_text_that_fills_it(actual, wanted, data):
    filled = "".join(
        piece
        if isinstance(piece, str)
        else data.draw(
            texts if piece is Wildcard.RUN else st.text("abA/:\n", min_size=1, max_size=1)
        )
        for piece in wanted.pieces
    )
    assert glob_matches(filled, wanted)


@given(texts)
def test_a_text_matches_itself_and_every_run(actual):
    assert glob_matches(actual, pattern([actual]))
    assert glob_matches(actual, glob("*"))


def test_a_glob_of_many_runs_is_matched_in_reasonable_time():
    assert not glob_matches("a" * 1600, glob("*a" * 50 + "b"))


@given(st.text())
def test_folding_is_lower_case_of_ascii_and_nothing_else(text):
    expected = "".join(char.lower() if "A" <= char <= "Z" else char for char in text)
    assert fold(text) == expected


@given(st.text("ab*?", max_size=5), globs)
def test_a_variable_stands_for_literal_text(value, rest):
    wanted = pattern([Variable("k"), *rest.pieces])
    resolved = resolve(wanted, {"k": (value,)}, DEFAULT_READINGS)
    assert resolved == pattern([value, *rest.pieces])


@pytest.mark.parametrize("values", [(), ("a", "b")])
def test_a_variable_without_one_value_resolves_to_nothing(values):
    assert resolve(pattern(["a", Variable("k")]), {"k": values}, DEFAULT_READINGS) is None


def test_a_pattern_without_variables_is_itself():
    wanted = glob("a*")
    assert resolve(wanted, {}, DEFAULT_READINGS) is wanted


def test_a_run_that_finds_nothing_further_does_not_begin_anew():
    assert not glob_matches("a", glob("*a?*"))
    assert glob_matches("aa", glob("*a?*"))


def test_every_short_glob_matches_as_its_regular_expression_does():
    """Rule B3-text-like. What follows the last run is the end of the text, and no more of it."""
    short = ["".join(one) for n in range(6) for one in product("ab", repeat=n)]
    for signs in ("".join(one) for n in range(6) for one in product("ab*?", repeat=n)):
        wanted = glob(signs)
        expected = re.compile(signs.replace("?", ".").replace("*", ".*"))
        for text in short:
            assert glob_matches(text, wanted) is bool(expected.fullmatch(text)), (signs, text)
    assert not glob_matches("aaab", glob("aaa*ab"))
