"""Formulas over texts against the concrete globs: every short pattern at every short text."""

from __future__ import annotations

from itertools import product

import pytest
from valued import assignments, evaluator, filled, ground, in_glob, says, solves, truths, words

from policycheck.model.text import Variable, Wildcard, pattern
from policycheck.symbolic.boolean import constant
from policycheck.symbolic.symbols import Atoms, Domain, Glob, TextSymbol
from policycheck.symbolic.text import (
    glob_matches,
    glob_of,
    ground_glob,
    is_solved,
    symbol_matches,
    text_matches,
)

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
ONLY = TextSymbol("only", Domain(choices=("aA",)))
NEVER = TextSymbol("never", Domain(choices=()))

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
    (ONLY, ":"),
    (NEVER, ":", ANY),
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
    (":", OPEN, ":"),
]
COMPARED = [
    *(("aA",), (ANY,), ("b", ANY), (ANY, ":"), (ANY, "::"), (PART, ":", NO_A), (PART, OTHER)),
    *((NO_A, PART), (PART, "", OTHER)),
]


@pytest.mark.parametrize("ignore_case", [False, True])
@pytest.mark.parametrize("text", COMPARED)
def test_a_pattern_of_symbols_matches_where_their_characters_do(text, ignore_case):
    """Rule B6-variable-literal."""
    for wanted in WITH_SYMBOLS:
        assert_right(text, wanted, ignore_case)


def test_a_pattern_without_symbols_asks_of_one_symbol_each():
    for text, wanted in product(TEXTS, LONGER):
        atoms = Atoms()
        text_matches(text, wanted, atoms)
        assert not atoms.equations


CUTS = [
    ((":", PART), (":", ONE), True),
    (("c", PART), (ONE, RUN), False),
    ((PART, ":", ANY), (ONE, ":", RUN), True),
    ((PART, "", ":", ANY), (ONE, ":", RUN), True),
    ((PART, ":", "b", ANY), (ONE, ":b", RUN), True),
    ((PART, ":", ANY), (CHOSEN, ":", RUN), False),
    ((PART, ":", ANY), (OPEN, ":", RUN), False),
    ((PART, "a", ANY), (ONE, "a", RUN), False),
    ((PART, ANY), (ONE, RUN), False),
    ((PART, "", ANY), (ONE, RUN), False),
]


@pytest.mark.parametrize(("text", "wanted", "is_cut"), CUTS)
def test_a_pattern_of_symbols_is_cut_where_each_cut_falls_beside_them(text, wanted, is_cut):
    """Rule B6-variable-literal. What is cut asks of one symbol of the text each."""
    atoms = Atoms()
    text_matches(text, wanted, atoms)
    assert atoms.equations
    assert all(len(one.text) == 1 for one in atoms.equations) is is_cut


def test_what_an_equation_asks_of_its_text_alone_is_a_glob():
    atoms = Atoms()
    text_matches((ANY,), ("ab", OTHER, ":", PART), atoms)
    assert list(atoms.of(ANY).globs) == [Glob(("a", "b", RUN, ":", ONCE, RUN))]
    assert len(atoms.equations) == 1


def test_letters_are_folded_only_where_that_is_asked_for():
    """Rules B3-text-like, B3-text-ignore-case."""
    atoms = Atoms()
    text_matches((ANY,), ("a", RUN), atoms)
    text_matches((ANY,), ("a", RUN), atoms, ignore_case=True)
    assert list(atoms.of(ANY).globs) == [Glob(("a", RUN)), Glob(("a", RUN), ignore_case=True)]


DECIDED = [
    (NO_A, ("a", RUN), False),
    (PAIR, (ONCE, ONCE, ONCE), False),
    (PAIR, ("b", RUN), False),
    (ANY, (RUN,), True),
    (PART, (ONCE, RUN), True),
    (PART, (RUN, ONCE), True),
    (PAIR, (ONCE, ONCE, RUN), True),
    (ONLY, ("a", ONCE), True),
    (ONLY, ("b", RUN), False),
    (NEVER, (RUN,), True),
]


@pytest.mark.parametrize(("symbol", "tokens", "holds"), DECIDED)
def test_what_a_domain_decides_is_not_asked(symbol, tokens, holds):
    atoms = Atoms()
    assert symbol_matches(symbol, Glob(tokens), atoms).eq(constant(holds))
    assert not atoms.by_symbol


@pytest.mark.parametrize(
    ("symbol", "tokens"),
    [(PART, (ONCE, ONCE, RUN)), (ANY, (RUN, ONCE)), (PAIR, ("a", RUN)), (ONE, (ONCE,))],
)
def test_what_a_domain_leaves_open_is_asked(symbol, tokens):
    atoms = Atoms()
    formula = symbol_matches(symbol, Glob(tokens), atoms)
    assert atoms.of(symbol).globs == {Glob(tokens): formula}


def test_a_formula_of_the_same_text_and_glob_is_made_once():
    atoms, wanted = Atoms(), Glob(("a", RUN, ":", RUN))
    formula = glob_matches((PART, ":", ANY), wanted, atoms)
    assert glob_matches((PART, ":", ANY), wanted, atoms) is formula
    assert glob_matches((ANY,), wanted, atoms) is not formula


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
