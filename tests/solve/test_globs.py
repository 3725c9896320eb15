"""Texts that are in some globs and outside others, against all short texts."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policycheck.model.text import Wildcard
from policycheck.solve.clashes import clashes, meets
from policycheck.solve.globs import search, shortest_text
from policycheck.solve.limits import UndecidedError
from policycheck.solve.product import Demand
from policycheck.symbolic.automata import abreast, contains
from policycheck.symbolic.symbols import Domain, Glob

STATES = 20_000
LETTERS = "abA"
LONGEST = 5
RUN = Wildcard.RUN
WILD = {"*": Wildcard.RUN, "?": Wildcard.ONE}

SHORT_TEXTS = [
    "".join(letters) for length in range(LONGEST + 1) for letters in product(LETTERS, repeat=length)
]
"""Shortest first."""

DOMAINS = st.builds(
    Domain,
    allowed=st.just(frozenset(LETTERS)),
    forbidden=st.sampled_from([frozenset(), frozenset("b")]),
    shortest=st.integers(0, 2),
    longest=st.sampled_from([3, LONGEST]),
)


def glob(text, *, ignore_case=False):
    return Glob(tuple(WILD.get(char, char) for char in text), ignore_case)


def globs(texts):
    return frozenset(map(glob, texts))


GLOBS = st.frozensets(
    st.builds(glob, st.text("abA*?", max_size=4), ignore_case=st.booleans()), max_size=3
)
DEMANDS = st.builds(
    Demand, DOMAINS, GLOBS, GLOBS, st.frozensets(st.text(LETTERS, max_size=2), max_size=4)
)


def demand(*, inside=(), outside=(), excluded=(), domain=Domain()):  # noqa: B008 - frozen
    return Demand(domain, globs(inside), globs(outside), frozenset(excluded))


@cache
def expression(one):
    """The glob as a regular expression: another reading of it than the automaton's."""
    wild = {Wildcard.RUN: ".*", Wildcard.ONE: "."}
    flags = re.DOTALL | (re.IGNORECASE | re.ASCII if one.ignore_case else 0)
    return re.compile("".join(wild.get(t) or re.escape(t) for t in one.tokens), flags)


def text_in_glob(text, one):
    return expression(one).fullmatch(text) is not None


def is_met(asked, text):
    return (
        asked.domain.admits(text)
        and text not in asked.excluded
        and all(text_in_glob(text, one) for one in asked.inside)
        and not any(text_in_glob(text, one) for one in asked.outside)
    )


def brute(asked):
    """A shortest text within the bound of the domain, or None."""
    return next((text for text in SHORT_TEXTS if is_met(asked, text)), None)


def leaves_texts(asked):
    """No glob holds every text of the domain; one that does never reaches the solver."""
    alone = (Demand(asked.domain, frozenset(), frozenset({one})) for one in asked.outside)
    return all(brute(one) is not None for one in alone)


@settings(deadline=None, derandomize=True, max_examples=400)
@example(demand(inside=["*"], excluded=["", "a"], domain=Domain(frozenset(LETTERS), longest=5)))
@given(DEMANDS)
def test_a_shortest_text_is_found_wherever_there_is_one(asked):
    found, known = shortest_text(asked, STATES), brute(asked)
    assert (found is None) is (known is None)
    if found is not None:
        assert is_met(asked, found)
        assert len(found) == len(known)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(DEMANDS)
def test_what_search_blames_is_a_part_of_the_demand_that_nothing_meets(asked):
    found = search(asked, STATES)
    if isinstance(found, Demand):
        assert found.inside <= asked.inside
        assert found.outside <= asked.outside
        assert found.excluded <= asked.excluded
        assert brute(found) is None


@settings(deadline=None, derandomize=True, max_examples=300)
@given(DEMANDS)
def test_a_clash_is_unmeetable_and_minimal(asked):
    if shortest_text(asked, STATES) is not None or not leaves_texts(asked):
        return
    found = clashes(asked, STATES)[0]
    excluded = asked.excluded if found.excluding else frozenset()
    part = Demand(asked.domain, found.inside, found.outside, excluded)
    assert found.inside <= asked.inside
    assert found.outside <= asked.outside
    assert brute(part) is None
    for one in found.inside:
        assert brute(replace(part, inside=part.inside - {one})) is not None
    for one in found.outside:
        assert brute(replace(part, outside=part.outside - {one})) is not None


@settings(deadline=None, derandomize=True)
@given(st.text("abA*?", max_size=5), st.text("abAB", max_size=5), st.booleans())
def test_the_automaton_reads_globs_as_regular_expressions_do(pattern, text, ignore_case):
    one = glob(pattern, ignore_case=ignore_case)
    assert contains(one, text) is text_in_glob(text, one)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(st.builds(glob, st.text("abA*?", max_size=4), ignore_case=st.booleans())))
def test_globs_abreast_read_as_each_alone(asked):
    together = abreast(dict.fromkeys(asked))
    for text in SHORT_TEXTS[:200]:
        assert set(together.containing(text)) == {one for one in asked if contains(one, text)}


@pytest.mark.parametrize(
    ("inside", "outside", "found"),
    [
        (["*"], [], ""),
        (["?*"], [], "a"),
        (["a*", "*b"], [], "ab"),
        (["a*b*c"], [], "abc"),
        (["*ab*", "*ba*"], [], "aba"),
        (["a*"], ["a"], "aa"),
        (["a*"], ["a*"], None),
        (["a*"], ["*"], None),
        (["*a"], ["*b*", "a"], "aa"),
        (["???"], ["a*", "b*"], "caa"),
        (["/prod/*/admin"], ["/prod/GET/*"], "/prod//admin"),
        (["a"], ["A"], "a"),
        (["?"], [], "a"),
        (["\N{GRINNING FACE}*"], [], "\N{GRINNING FACE}"),
    ],
)
def test_known_texts(inside, outside, found):
    assert shortest_text(demand(inside=inside, outside=outside), STATES) == found


def test_ignoring_case_folds_ascii_letters_only():
    upper = Demand(Domain(), frozenset({glob("A", ignore_case=True)}), globs("A"))
    assert shortest_text(upper, STATES) == "a"
    accented = Demand(Domain(), frozenset({glob("É", ignore_case=True)}), globs("É"))
    assert shortest_text(accented, STATES) is None


def test_a_domain_bounds_the_length():
    digits = Domain(frozenset("0123456789"), shortest=12, longest=12)
    assert len(shortest_text(demand(inside=["*1*"], domain=digits), STATES)) == 12
    assert shortest_text(demand(inside=["?????????????*"], domain=digits), STATES) is None


def test_excluded_texts_push_the_text_on():
    only = Domain(frozenset("ab"), longest=1)
    assert shortest_text(demand(excluded=["", "a"], domain=only), STATES) == "b"
    assert shortest_text(demand(excluded=["", "a", "b"], domain=only), STATES) is None
    assert clashes(demand(excluded=["", "a", "b"], domain=only), STATES)[0].excluding


@pytest.mark.parametrize(
    ("one", "other", "both", "outside"),
    [
        ("a*", "*b", True, True),
        ("a*", "b*", False, True),
        ("ab*", "a*", True, False),
        ("*", "?*", True, True),
        ("?*", "*", True, False),
    ],
)
def test_pairs(one, other, both, outside):
    assert meets(Domain(), glob(one), glob(other), True, STATES) is both
    assert meets(Domain(), glob(one), glob(other), False, STATES) is outside


def test_too_many_states_are_undecided_not_none():
    hard = [f"*{a}*{b}*{a}*{b}*" for a, b in product("abcdefgh", repeat=2)]
    with pytest.raises(UndecidedError, match="more than 100"):
        shortest_text(demand(inside=hard), 100)


def test_many_stars_have_a_text_without_the_search_for_the_shortest():
    """Sixteen patterns in any order have 2 ** 16 states; what they ask for one after another is
    in all of them."""
    wanted = frozenset(Glob((RUN, char, "0", RUN)) for char in "abcdefghijklmnop")
    found = search(Demand(Domain(), wanted, frozenset()), 20_000)
    assert isinstance(found, str)
    assert all(contains(glob, found) for glob in wanted)


def test_a_text_in_many_stars_keeps_out_of_others():
    wanted = frozenset(Glob((RUN, char, "0", RUN)) for char in "abcdefghijkl")
    unwanted = frozenset({Glob((RUN, "b", RUN, "a", RUN)), Glob((RUN, "0", "c", RUN))})
    found = search(Demand(Domain(), wanted, unwanted), 20_000)
    assert isinstance(found, str)
    assert all(contains(glob, found) for glob in wanted)
    assert not any(contains(glob, found) for glob in unwanted)


def test_many_stars_that_no_text_can_meet_are_not_guessed():
    wanted = frozenset(Glob((RUN, char, "0", RUN)) for char in "abcdefghi")
    none = Glob((RUN, "a", "0", RUN))
    asked = Demand(Domain(), wanted, frozenset({none}))
    assert isinstance(search(asked, 200_000), Demand)
