"""Globs that are read one by one and abreast, against the concrete globs."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from valued import in_glob, words

from policycheck.model.text import Wildcard
from policycheck.symbolic.automata import abreast, compiled, contains, longer_first, spellings
from policycheck.symbolic.symbols import Glob

RUN, ONCE = Wildcard.RUN, Wildcard.ONE
TOKENS = [(), (RUN,), (ONCE,), ("a",), ("a", RUN), (RUN, "A"), (ONCE, "b", RUN), (RUN, "a", ONCE)]
GLOBS = [Glob(tokens, folded) for tokens in TOKENS for folded in (False, True)]
TEXTS = words("aAb", 3)


def test_a_glob_contains_what_the_evaluator_says():
    """Rules B3-text-like, B3-text-ignore-case."""
    for glob, text in product(GLOBS, TEXTS):
        assert contains(glob, text) is in_glob(text, glob)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_globs_abreast_contain_what_each_contains(count):
    for globs in combinations(GLOBS, count):
        automata = abreast(globs)
        assert automata.automaton.open_end == 0
        for text in TEXTS if count < 3 else TEXTS[::7]:
            found = list(automata.containing(text))
            assert len(found) == len(set(found))
            assert set(found) == {glob for glob in set(globs) if in_glob(text, glob)}


def test_what_a_state_awaits_is_what_it_alone_moves_on():
    automaton = compiled(Glob(("a", "b", RUN, "c", ONCE)))
    assert list(automaton.awaited(automaton.at(0))) == ["a"]
    assert list(automaton.awaited(automaton.at(1))) == ["b"]
    assert list(automaton.awaited(automaton.at(2))) == ["c"]
    assert list(automaton.awaited(automaton.at(4))) == []
    assert list(automaton.awaited(automaton.at(0) | automaton.at(1))) == ["a", "b"]


def test_only_a_glob_with_a_run_at_its_end_is_open():
    assert compiled(Glob(("a", RUN))).open_end == compiled(Glob(("a", RUN))).at(1) & 0b10
    assert compiled(Glob((RUN,))).open_end == 1
    for tokens in [(), ("a",), (RUN, "a"), (ONCE,)]:
        assert compiled(Glob(tokens)).open_end == 0


def test_how_a_character_may_be_spelled():
    """Rule B3-text-ignore-case."""
    assert spellings("a", True) == spellings("A", True) == {"a", "A"}
    assert spellings("a", False) == {"a"}
    assert spellings("A", False) == {"A"}
    assert spellings("1", True) == {"1"}
    for folded in (False, True):
        assert spellings("É", folded) == {"É"}


def test_longer_globs_come_first_and_equally_long_ones_by_their_letters():
    globs = [Glob(tuple(text)) for text in ("b", "", "aa", "a", "abc")]
    assert [one.literal for one in sorted(globs, key=longer_first)] == ["abc", "aa", "a", "b", ""]
