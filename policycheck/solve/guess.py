"""Plain texts for equations, guessed: fast and readable where a guess fits, silent where none does.

The symbols that variables stand for get a text first; what the equations then ask of the others is
globs again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product

from policycheck.solve.demands import chosen, may_be
from policycheck.solve.globs import search
from policycheck.solve.limits import UndecidedError
from policycheck.solve.plain import plain_texts
from policycheck.solve.product import Demand, meets_demand
from policycheck.solve.relevance import Choice
from policycheck.symbolic.symbols import Atoms, Glob, TextSymbol, WordEquation
from policycheck.symbolic.text import after_literal, ground_glob, is_solved

_COMBINATIONS = 16
_STATES = 2_000

Texts = dict[TextSymbol, str]
Branch = tuple[TextSymbol, Glob]
"""A symbol, and a glob that it may be in to solve an equation."""


def guessed(
    wanted: Mapping[WordEquation, bool], atoms: Atoms, choice: Choice, texts: Texts
) -> Texts | None:
    """Texts that solve the equations as wanted and keep to the choice, or None."""
    sources = {p for equation in wanted for p in equation.pattern if isinstance(p, TextSymbol)}
    for start in _starts(sources, wanted, atoms, choice, texts):
        found = _from(start, sources, wanted, atoms, choice)
        if found is not None:
            return found
    return None


def _starts(
    sources: set[TextSymbol],
    wanted: Mapping[WordEquation, bool],
    atoms: Atoms,
    choice: Choice,
    texts: Texts,
) -> Iterator[Texts]:
    """Plain texts for the symbols of which little is asked: for those that variables stand for,
    then for the others, with variables that stand for just these; then the texts there are."""
    plain = texts | _plain(sources, atoms, choice)
    yield plain
    others = {p for equation in wanted for p in equation.text if isinstance(p, TextSymbol)}
    yield _copied(wanted, atoms, choice, texts | _plain(others - sources, atoms, choice))
    yield texts


def _plain(symbols: set[TextSymbol], atoms: Atoms, choice: Choice) -> Texts:
    """Plain texts for those of the symbols that may have one."""
    found: Texts = {}
    for symbol in sorted(symbols, key=lambda one: one.name):
        asked = chosen(atoms.of(symbol), choice)
        if isinstance(asked, Demand):
            fitting = (text for text in plain_texts(symbol) if meets_demand(asked, text))
            found.update((symbol, text) for text in islice(fitting, 1))
    return found


def _copied(
    wanted: Mapping[WordEquation, bool], atoms: Atoms, choice: Choice, texts: Texts
) -> Texts:
    """The texts, but for a pattern that is one symbol the text that it has to be, if it may be."""
    found = dict(texts)
    for equation, holds in wanted.items():
        match equation.pattern:
            case (TextSymbol() as symbol,) if holds:
                text = "".join(p if isinstance(p, str) else texts[p] for p in equation.text)
                if may_be(atoms.of(symbol), choice, text):
                    found[symbol] = text
    return found


def _from(
    start: Texts,
    sources: set[TextSymbol],
    wanted: Mapping[WordEquation, bool],
    atoms: Atoms,
    choice: Choice,
) -> Texts | None:
    demands: dict[TextSymbol, Demand] = {}
    branches: list[list[Branch]] = []
    for equation, holds in wanted.items():
        target = equation.text[-1] if equation.text else ""
        asked = (
            chosen(atoms.of(target), choice)
            if isinstance(target, TextSymbol) and target not in sources
            else ""
        )
        if not isinstance(target, TextSymbol) or isinstance(asked, str):
            if is_solved(equation, start) != holds:
                return None
            continue
        demand = demands.setdefault(target, asked)
        rests = _rests(equation, start)
        if holds:
            branches.append([(target, rest) for rest in rests])
        else:
            demands[target] = replace(demand, outside=demand.outside | frozenset(rests))
    for branch in islice(product(*branches), _COMBINATIONS):
        found = _solved(start, demands, branch)
        if found is not None and all(is_solved(e, found) == h for e, h in wanted.items()):
            return found
    return None


def _rests(equation: WordEquation, texts: Texts) -> list[Glob]:
    """What is left of the equation's pattern for the last symbol of its text."""
    pattern = ground_glob(equation, texts)
    prefix = "".join(texts[p] if isinstance(p, TextSymbol) else p for p in equation.text[:-1])
    places = sorted(after_literal(prefix, pattern, 0), reverse=True)
    return [Glob(pattern.tokens[place:], pattern.ignore_case) for place in places]


def _solved(
    start: Texts, demands: Mapping[TextSymbol, Demand], branch: tuple[Branch, ...]
) -> Texts | None:
    found = dict(start)
    for symbol, demand in demands.items():
        inside = frozenset(glob for target, glob in branch if target == symbol)
        try:
            text = search(replace(demand, inside=demand.inside | inside), _STATES)
        except UndecidedError:
            return None
        if not isinstance(text, str):
            return None
        found[symbol] = text
    return found
