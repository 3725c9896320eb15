"""Formulas over texts against the concrete globs: every short pattern at every short text."""

from __future__ import annotations

from itertools import product

import pytest
from valued import assignments, evaluator, filled, ground, in_glob, says, solves, truths, words

from policycheck.model.text import Variable, Wildcard, pattern
from policycheck.symbolic.symbols import Atoms, Domain, Glob, TextSymbol
from policycheck.symbolic.text import glob_of, ground_glob, is_solved, text_matches

ANY = TextSymbol("any")
OTHER = TextSymbol("other")
PART = TextSymbol("part", Domain(forbidden=frozenset(":"), shortest=1))
NO_A = TextSymbol("no a", Domain(forbidden=frozenset("a")))
PAIR = TextSymbol("pair", Domain(allowed=frozenset("aA"), shortest=2, longest=2))
SHORT = TextSymbol("short", Domain(longest=1))
ONE = TextSymbol("one", Domain(forbidden=frozenset(":b"), shortest=1, longest=1))
CHOSEN = TextSymbol("chosen", Domain(choices=("a", "bA")))
EMPTY_TOO = TextSymbol("empty too", Domain(choices=("", "a")))
OPEN = TextSymbol("open", Domain(forbidden=frozenset("Ab:"), shortest=0))

RUN, ONCE = Wildcard.RUN, Wildcard.ONE
WORDS = words("aAb:", 2)
TEXTS = [
    (),
    ("",),
    ("aA",),
    (ANY,),
    (PAIR,),
    (CHOSEN,),
    ("a", ANY),
    (ANY, "a"),
    (ANY, "", "a"),
    ("a", PART, ":", ANY),
    (PART, ":", PAIR),
    (PART, "aA", SHORT),
    (CHOSEN, ":", SHORT),
    (CHOSEN, NO_A),
    (NO_A, "a", PART),
    (EMPTY_TOO, ANY),
    (ANY, OTHER),
]
GLOBS = [tuple(row) for n in range(4) for row in product(("a", "b", ":", RUN, ONCE), repeat=n)]
LONGER = [
    ("a", RUN, ":", RUN, "a"),
    (RUN, "a", RUN, "b", RUN),
    (ONCE, ONCE, ONCE, ONCE),
    (RUN, ONCE, ":", ONCE, ONCE),
    ("a", "A", "a", "A"),
    (RUN, ":", "a", "A", RUN),
    ("A", RUN, "B", RUN, "A"),
    (RUN, RUN, "a"),
    ("a", ":", "A", ":", RUN),
]


def symbols_of(*texts):
    return {piece for text in texts for piece in text if isinstance(piece, TextSymbol)}


FEWER = [*words("aA:", 1), "aA", "a:", ":A", "bb"]


def short(symbols):
    """The texts to try: fewer of each if there are several symbols."""
    return (WORDS, WORDS, FEWER, words("aA:", 1))[min(len(symbols), 3)]


def assert_right(text, wanted, ignore_case):
    atoms = Atoms()
    holds = evaluator(text_matches(text, wanted, atoms, ignore_case=ignore_case))
    symbols = symbols_of(text, wanted)
    for texts in assignments(symbols, short(symbols)):
        expected = says(filled(text, texts), ground(wanted, texts), ignore_case)
        assert holds(truths(atoms, texts)) is expected, (wanted, texts)


@pytest.mark.parametrize("ignore_case", [False, True])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_of_symbols_matches_where_its_characters_do(text, ignore_case):
    """Rules B3-text-like, B3-text-ignore-case."""
    for wanted in (*GLOBS, *LONGER):
        assert_right(text, wanted, ignore_case)


WITH_SYMBOLS = [
    (PART,),
    (PART, RUN),
    ("a", ONE),
    (RUN, ONE, ":"),
    (ONE, ":", RUN),
    (ONE, "b", "b"),
    ("a", "b", RUN, PART),
    (NO_A, "a"),
    (CHOSEN, RUN),
    (EMPTY_TOO, "a"),
    (OPEN, "A"),
    (ONE, ONE),
    (ANY, ":", OTHER),
    (RUN, OTHER),
]
COMPARED = [("aA",), (ANY,), ("b", ANY), (ANY, ":"), (PART, ":", NO_A), (PART, OTHER), (NO_A, PART)]


@pytest.mark.parametrize("ignore_case", [False, True])
@pytest.mark.parametrize("text", COMPARED)
def test_a_pattern_of_symbols_matches_where_their_characters_do(text, ignore_case):
    """Rule B6-variable-literal."""
    for wanted in WITH_SYMBOLS:
        assert_right(text, wanted, ignore_case)


def test_a_text_matches_itself_without_a_question():
    for text in [(ANY,), ("a", ANY), (ANY, OTHER)]:
        atoms = Atoms()
        assert evaluator(text_matches(text, text, atoms))({})
        assert not atoms.equations


@pytest.mark.parametrize("ignore_case", [False, True])
def test_an_equation_is_solved_by_texts_that_match(ignore_case):
    for text, wanted in product(COMPARED, WITH_SYMBOLS):
        atoms = Atoms()
        text_matches(text, wanted, atoms, ignore_case=ignore_case)
        for equation in atoms.equations:
            for texts in assignments(equation.symbols, words("aA:", 1)):
                expected = solves(equation, texts)
                assert is_solved(equation, texts) is expected
                actual = filled(equation.text, texts)
                assert in_glob(actual, ground_glob(equation, texts)) is expected


def test_the_characters_of_a_pattern_are_the_tokens_of_its_language():
    wanted = pattern(["ab", RUN, Variable("k"), ONCE])
    assert glob_of(wanted) == Glob(("a", "b", RUN, ONCE))
