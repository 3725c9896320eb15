"""What is seen of two globs without a product is what the product of their automata says."""

from itertools import product
from random import Random

import pytest

from policycheck.model.text import Wildcard
from policycheck.solve.clashes import meets
from policycheck.solve.globs import shortest_text
from policycheck.solve.product import Demand
from policycheck.solve.relations import known_to_leave, known_to_meet, lies_in, samples
from policycheck.symbolic.automata import contains
from policycheck.symbolic.symbols import Domain, Glob

TOKENS = ("a", "B", Wildcard.ONE, Wildcard.RUN)
DOMAINS = (
    Domain(),
    Domain(forbidden=frozenset("/")),
    Domain(allowed=frozenset("aAbB")),
    Domain(shortest=2, longest=4),
)
STATES = 20_000


def by_product(domain, one, other, both):
    inside = frozenset({one, other}) if both else frozenset({one})
    outside = frozenset() if both else frozenset({other})
    return shortest_text(Demand(domain, inside, outside), STATES) is not None


def check(domain, one, other):
    """How many of the two relations were seen at once."""
    seen = 0
    for known, both in ((known_to_meet, True), (known_to_leave, False)):
        answer = known(domain, one, other)
        expected = by_product(domain, one, other, both)
        assert answer in {None, expected}, (domain, one, other, both)
        assert meets(domain, one, other, both, STATES) is expected
        seen += answer is not None
    return seen


def test_every_pair_of_short_globs():
    short = [Glob(tokens) for length in range(4) for tokens in product(TOKENS, repeat=length)]
    pairs = list(product(short, repeat=2))
    assert len(pairs) == 7225
    seen = sum(check(DOMAINS[0], one, other) for one, other in pairs[::3])
    assert seen > 0.9 * 2 * len(pairs[::3])


@pytest.mark.parametrize("seed", range(4))
def test_longer_globs_of_either_case_in_every_domain(seed):
    random = Random(seed)
    for _ in range(600):
        one, other = (
            Glob(
                tuple(random.choice((*TOKENS, "A", "/", "é")) for _ in range(random.randint(0, 7))),
                ignore_case=random.random() < 0.4,
            )
            for _ in range(2)
        )
        check(random.choice(DOMAINS), one, other)


def test_samples_are_texts_of_their_glob():
    for tokens in product(TOKENS, repeat=4):
        glob = Glob(tokens)
        assert all(contains(glob, text) for text in samples(glob))


def test_a_glob_of_every_character_has_samples():
    tokens = (*map(chr, range(0x20, 0x7F)), Wildcard.RUN)
    assert all(contains(Glob(tokens), text) for text in samples(Glob(tokens)))


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ("abc", "a*", True),
        ("a*c", "a*", True),
        ("a*b*c", "a*c", True),
        ("*a*b*c*", "*a*c*", True),
        ("?a", "*", True),
        ("*", "?*", False),
        ("a*", "a*b", False),
        ("a?", "aa", False),
    ],
)
def test_plain_inclusions(inner, outer, expected):
    assert lies_in(glob_of(inner), glob_of(outer)) is expected


@pytest.mark.parametrize(
    ("inner", "outer", "expected"),
    [
        ("a", "a", False),
        ("a", "A", False),
        ("A", "a", False),
        ("A", "A", False),
        ("x/a*", "x/a*", False),
        ("a", "?", True),
        ("-1*", "-*", True),
        ("é", "é", True),
        ("é", "É", False),
    ],
)
def test_inclusions_of_globs_of_either_case(inner, outer, expected):
    assert lies_in(glob_of(inner, ignore_case=True), glob_of(outer)) is expected
    assert lies_in(glob_of(inner), glob_of(inner, ignore_case=True))


def glob_of(text, *, ignore_case=False):
    wildcards = {"*": Wildcard.RUN, "?": Wildcard.ONE}
    return Glob(tuple(wildcards.get(char, char) for char in text), ignore_case)
