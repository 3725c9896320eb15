"""A glob over a concatenation is cut along it without gain or loss."""

from __future__ import annotations

from itertools import product

import z3
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policycheck.model.text import Wildcard
from policycheck.symbolic.automata import contains
from policycheck.symbolic.symbols import Atoms, Domain, TextSymbol, WordEquation
from policycheck.symbolic.text import is_solved, text_matches

RUN, ONE = Wildcard.RUN, Wildcard.ONE
SYMBOLS = (
    TextSymbol("open", Domain()),
    TextSymbol("segment", Domain(forbidden=frozenset("/"), shortest=1)),
    TextSymbol("letters", Domain(allowed=frozenset("ab"), shortest=1, longest=2)),
    TextSymbol("choice", Domain(choices=("a", "ab"))),
)
SAMPLES = {
    symbol: [text for text in ("", "a", "b", "ab", "a/b", "ba", "A") if symbol.domain.admits(text)]
    for symbol in SYMBOLS
}
PIECES = st.sampled_from(["/", "a", "ab", "b/a", *SYMBOLS])
TEXTS = st.lists(PIECES, max_size=4).map(tuple)
PATTERNS = st.lists(st.sampled_from(["/", "a", "ab", RUN, RUN, ONE, *SYMBOLS]), max_size=5).map(
    tuple
)


def assignments(pieces):
    used = sorted({p for p in pieces if isinstance(p, TextSymbol)}, key=lambda one: one.name)
    for texts in product(*(SAMPLES[symbol] for symbol in used)):
        yield dict(zip(used, texts, strict=True))


def at(formula, atoms, texts):
    """The truth of the formula where the symbols are these texts."""
    pairs = []
    for symbol, asked in atoms.by_symbol.items():
        text = texts.get(symbol, "")
        pairs += [(atom, z3.BoolVal(text == one)) for one, atom in asked.literals.items()]
        pairs += [(atom, z3.BoolVal(contains(g, text))) for g, atom in asked.globs.items()]
    for equation, atom in atoms.equations.items():
        pairs.append((atom, z3.BoolVal(is_solved(equation, texts))))
    return z3.is_true(z3.simplify(z3.substitute(formula, *pairs)))


OPEN, SEGMENT, LETTERS, CHOICE = SYMBOLS


@settings(deadline=None, derandomize=True, max_examples=400)
@example(("a", OPEN, "/", SEGMENT), (RUN, "/", RUN), False)
@example((SEGMENT, "/", OPEN), (LETTERS, RUN, "/", ONE), False)
@example((SEGMENT, "/", OPEN), (RUN, LETTERS, RUN), False)
@example((OPEN,), ("a", RUN, RUN, "b"), False)
@example((SEGMENT, "/", LETTERS), (LETTERS, "/", SEGMENT), False)
@given(TEXTS, PATTERNS, st.booleans())
def test_the_formula_says_what_the_texts_say(text, pattern, ignore_case):
    atoms = Atoms()
    formula = text_matches(text, pattern, atoms, ignore_case=ignore_case)
    equation = WordEquation(text, pattern, ignore_case)
    for texts in list(assignments((*text, *pattern)))[:60]:
        assert at(formula, atoms, texts) is is_solved(equation, texts), (texts, formula)
