"""The truth of formulas over known texts, each question answered by the concrete globs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import product

import z3

from policycheck.concrete.text import fold, glob_matches
from policycheck.model.text import pattern
from policycheck.symbolic.symbols import Atoms, Glob, TextSymbol, WordEquation

Truths = Mapping[str, bool]
_TRUTH = {
    z3.Z3_OP_TRUE: lambda _: True,
    z3.Z3_OP_FALSE: lambda _: False,
    z3.Z3_OP_AND: all,
    z3.Z3_OP_OR: any,
    z3.Z3_OP_NOT: lambda parts: not next(parts),
    z3.Z3_OP_EQ: lambda parts: next(parts) is next(parts),
}


def evaluator(formula: z3.BoolRef) -> Callable[[Truths], bool]:
    """The formula's truth as a function of its atoms'."""
    kind = formula.decl().kind()
    if kind == z3.Z3_OP_UNINTERPRETED:
        name = formula.decl().name()
        return lambda truths: truths[name]
    parts, joined = [evaluator(part) for part in formula.children()], _TRUTH[kind]
    return lambda truths: joined(part(truths) for part in parts)


def truths(atoms: Atoms, texts: Mapping[TextSymbol, str]) -> Truths:
    """What each atom is where the symbols hold the texts."""
    found = {}
    for symbol, asked in atoms.by_symbol.items():
        text = texts[symbol]
        for literal, atom in asked.literals.items():
            found[str(atom)] = text == literal
        for glob, atom in asked.globs.items():
            found[str(atom)] = in_glob(text, glob)
    for equation, atom in atoms.equations.items():
        found[str(atom)] = solves(equation, texts)
    return found


@cache
def in_glob(text: str, glob: Glob) -> bool:
    """Whether the text is in the glob's language."""
    return says(text, glob.tokens, glob.ignore_case)


def solves(equation: WordEquation, texts: Mapping[TextSymbol, str]) -> bool:
    """Whether the equation's text matches its pattern."""
    return says(filled(equation.text, texts), ground(equation.pattern, texts), equation.ignore_case)


def says(text, pieces, ignore_case=False) -> bool:
    """Whether the text matches the pieces of a pattern without symbols."""
    if ignore_case:
        text, pieces = fold(text), [fold(p) if isinstance(p, str) else p for p in pieces]
    return glob_matches(text, pattern(pieces))


def ground(pieces, texts):
    """The pieces with texts for their symbols."""
    return tuple(texts[p] if isinstance(p, TextSymbol) else p for p in pieces)


def filled(text, texts) -> str:
    """A text of literals and symbols, with texts for its symbols."""
    return "".join(ground(text, texts))


def assignments(symbols, words) -> Iterator[dict[TextSymbol, str]]:
    """Every way in which the symbols can hold some of the words."""
    ordered = sorted(symbols, key=lambda one: one.name)
    held = [[word for word in words if symbol.domain.admits(word)] for symbol in ordered]
    return (dict(zip(ordered, row, strict=True)) for row in product(*held))


def words(letters: str, longest: int) -> list[str]:
    """Every text over the letters, up to a length."""
    return ["".join(w) for n in range(longest + 1) for w in product(letters, repeat=n)]
