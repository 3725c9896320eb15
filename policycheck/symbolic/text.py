"""Texts as formulas: membership of a concatenation of literals and symbols in a glob's language.

A glob over a concatenation is the disjunction over all ways to cut the glob along it, so that the
atoms that remain ask about one symbol each (the concrete twin walks over the characters instead).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import assert_never

import z3

from policycheck.model.reading import Reading
from policycheck.model.text import (
    Pattern,
    TextEquals,
    TextEqualsIgnoreCase,
    TextLike,
    TextRelation,
    Variable,
    Wildcard,
)
from policycheck.symbolic.automata import compiled, contains, spellings
from policycheck.symbolic.boolean import both, either, false, negation, true
from policycheck.symbolic.request import Request
from policycheck.symbolic.symbols import Atoms, Domain, Glob, Text, TextSymbol, Token, WordEquation
from policycheck.symbolic.values import Alternatives

GroundPattern = tuple[str | Wildcard | TextSymbol, ...]
"""A pattern whose variables have been replaced by what they stand for."""


def matches(actual: Alternatives, wanted: TextRelation, request: Request) -> z3.BoolRef:
    """The text stands in the relation to ``wanted``.

    Rules: B3-text-equals, B3-text-ignore-case, B3-text-like.
    """
    match wanted:
        case TextEquals(pattern) | TextLike(pattern):
            return pattern_matches(actual, pattern, request)
        case TextEqualsIgnoreCase(pattern):
            return pattern_matches(actual, pattern, request, ignore_case=True)
    assert_never(wanted)


def pattern_matches(
    actual: Alternatives, wanted: Pattern, request: Request, *, ignore_case: bool = False
) -> z3.BoolRef:
    """The text is in the language of the pattern, with its variables replaced."""
    return either(
        both(
            is_actual, is_wanted, text_matches(text, ground, request.atoms, ignore_case=ignore_case)
        )
        for is_wanted, ground in resolve(wanted, request)
        for is_actual, text in actual
    )


def text_matches(
    actual: Text, wanted: GroundPattern, atoms: Atoms, *, ignore_case: bool = False
) -> z3.BoolRef:
    """The concatenation is in the language of the pattern."""
    glob = Glob(tuple(_tokens(wanted)), ignore_case)
    if _can_be_cut(actual, glob):
        return glob_matches(actual, glob, atoms)
    return _equation(WordEquation(actual, wanted, ignore_case), atoms)


def _can_be_cut(actual: Text, wanted: Glob) -> bool:
    """Whether each cut of the pattern along the text falls beside the pattern's symbols.

    It does if no symbol of the pattern can hold a character of the text's literals, or be empty,
    and a literal stands between any two symbols of the text.
    """
    symbols = [token for token in wanted.tokens if isinstance(token, TextSymbol)]
    if not symbols:
        return True
    literals = {char for piece in actual if isinstance(piece, str) for char in piece}
    pieces = [piece for piece in actual if piece != ""]
    apart = all(isinstance(one, str) or isinstance(two, str) for one, two in pairwise(pieces))
    return apart and all(
        symbol.domain.choices is None
        and symbol.domain.shortest > 0
        and not any(map(symbol.domain.admits_char, literals))
        for symbol in symbols
    )


def _pieces(tokens: tuple[Token, ...]) -> GroundPattern:
    pieces: list[str | Wildcard | TextSymbol] = []
    for token in tokens:
        if isinstance(token, str) and pieces and isinstance(pieces[-1], str):
            pieces[-1] += token
        else:
            pieces.append(token)
    return tuple(pieces)


def glob_of(wanted: Pattern) -> Glob:
    """The language of a pattern without variables.

    Escapes, and ``${...}`` in an older policy, are literal already (B6-escape,
    A2-version-variables).
    """
    return Glob(tuple(_tokens(p for p in wanted.pieces if not isinstance(p, Variable))))


def _equation(equation: WordEquation, atoms: Atoms) -> z3.BoolRef:
    """The equation, with what it asks of the text alone, which as a glob is quicker to decide."""
    if equation.text == equation.pattern:
        return true()
    return both(glob_matches(equation.text, outline(equation), atoms), atoms.solves(equation))


def outline(equation: WordEquation) -> Glob:
    """What the equation asks of its text alone: its pattern, with wildcards for its symbols."""
    return Glob(tuple(_outlined(equation.pattern)), equation.ignore_case)


def _outlined(pattern: GroundPattern) -> Iterator[Token]:
    for piece in pattern:
        match piece:
            case TextSymbol(domain=Domain(shortest=0)):
                yield Wildcard.RUN
            case TextSymbol():
                yield from (Wildcard.ONE, Wildcard.RUN)
            case _:
                yield from _tokens((piece,))


def _tokens(pieces: Iterable[str | Wildcard | TextSymbol]) -> Iterator[Token]:
    """The tokens: literals are taken apart into their characters."""
    for piece in pieces:
        yield from piece if isinstance(piece, str) else (piece,)


def resolve(wanted: Pattern, request: Request) -> Iterator[tuple[z3.BoolRef, GroundPattern]]:
    """Each way in which the pattern's variables can be replaced, with its condition.

    Where no condition holds some variable has no value, and the pattern matches nothing
    (B6-variable-absent, B6-variable-resource).
    """
    found: list[tuple[z3.BoolRef, GroundPattern]] = [(true(), ())]
    for piece in wanted.pieces:
        if isinstance(piece, Variable):
            values = list(variable_values(piece, request))
            found = [
                (both(guard, is_value), (*done, *text))
                for guard, done in found
                for is_value, text in values
            ]
        else:
            found = [(guard, (*done, piece)) for guard, done in found]
    yield from found


def variable_values(variable: Variable, request: Request) -> Iterator[tuple[z3.BoolRef, Text]]:
    """What the variable stands for, with the condition of each.

    Rules: B6-variable, B6-variable-literal, B6-variable-empty, B6-default.
    """
    present = request.has_one_value(variable.key)
    for guard, text in request.spelling(variable.key):
        yield both(present, guard, negation(_emptied(text, request))), text
    if variable.default is not None:
        yield _lacks_value(variable, request), ((variable.default,) if variable.default else ())


def missing(variable: Variable, request: Request) -> z3.BoolRef:
    """The variable has no value (B6-variable-void)."""
    return false() if variable.default is not None else _lacks_value(variable, request)


def _lacks_value(variable: Variable, request: Request) -> z3.BoolRef:
    """The variable's key has no value for it (B6-variable-multivalued, B6-variable-empty)."""
    spelled = request.spelling(variable.key)
    emptied = (both(guard, _emptied(text, request)) for guard, text in spelled)
    return either((negation(request.has_one_value(variable.key)), *emptied))


def _emptied(actual: Text, request: Request) -> z3.BoolRef:
    """The key's value is the empty text, which counts as none (B6-variable-empty)."""
    empty = text_matches(actual, (), request.atoms)
    if z3.is_false(empty):
        return empty
    return both(request.reading(Reading.EMPTY_VARIABLE_HAS_NO_VALUE), empty)


def glob_matches(actual: Text, wanted: Glob, atoms: Atoms) -> z3.BoolRef:
    """The concatenation is in the glob's language: a disjunction over the cuts of the glob.

    Policies say the same of the same text in many statements: each formula is made once.
    """
    found = atoms.matched.get((actual, wanted))
    if found is None:
        found = atoms.matched[actual, wanted] = _cut(actual, wanted, atoms)
    return found


def _cut(actual: Text, wanted: Glob, atoms: Atoms) -> z3.BoolRef:
    reached: dict[int, z3.BoolRef] = {0: true()}
    pieces = [piece for piece in actual if piece != ""]
    for index, piece in enumerate(pieces):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        steps = _steps(piece, following, wanted, reached, atoms)
        reached = _merged(steps)
    return either(
        guard
        for start, guard in reached.items()
        if _skip_runs(wanted.tokens, start) == len(wanted.tokens)
    )


def _merged(steps: Iterable[tuple[int, z3.BoolRef]]) -> dict[int, z3.BoolRef]:
    merged: dict[int, list[z3.BoolRef]] = {}
    for end, guard in steps:
        merged.setdefault(end, []).append(guard)
    joined = {end: either(guards) for end, guards in merged.items()}
    return {end: guard for end, guard in joined.items() if not z3.is_false(guard)}


def _steps(
    piece: str | TextSymbol,
    following: str | TextSymbol | None,
    wanted: Glob,
    reached: dict[int, z3.BoolRef],
    atoms: Atoms,
) -> Iterator[tuple[int, z3.BoolRef]]:
    """Where in the glob one may stand after the piece, and on what condition."""
    for start, guard in reached.items():
        if isinstance(piece, str):
            yield from ((end, guard) for end in after_literal(piece, wanted, start))
            continue
        for end in _ends(piece, following, wanted, start):
            part = Glob(_slice(wanted.tokens, start, end), wanted.ignore_case)
            yield end, both(guard, symbol_matches(piece, part, atoms))


def _slice(tokens: tuple[Token, ...], start: int, end: int) -> tuple[Token, ...]:
    """What lies between two places; a run at the end is shared with what comes after."""
    stop = end + 1 if end < len(tokens) and tokens[end] is Wildcard.RUN else end
    return tokens[start:stop]


def _ends(
    symbol: TextSymbol, following: str | TextSymbol | None, wanted: Glob, start: int
) -> Iterator[int]:
    """The places at which the symbol's part of the glob can end."""
    tokens = wanted.tokens
    if following is None:
        yield len(tokens)
        return
    longest, needed = _longest(symbol), 0
    for end in range(start, len(tokens) + 1):
        after_run = end > start and tokens[end - 1] is Wildcard.RUN
        if not after_run and _can_follow(following, wanted, end):
            yield end
        if end == len(tokens) or not _can_hold(symbol, tokens[end], wanted.ignore_case):
            return
        needed += _takes_one(tokens[end])
        if longest is not None and needed > longest:
            return


def _takes_one(token: Token) -> bool:
    """The token stands for exactly one character."""
    return isinstance(token, str) or token is Wildcard.ONE


def _longest(symbol: TextSymbol) -> int | None:
    """How many characters the symbol has at most; None if there is no bound."""
    if symbol.domain.choices is not None:
        return max(map(len, symbol.domain.choices), default=0)
    return symbol.domain.longest


def _can_hold(symbol: TextSymbol, token: Token, ignore_case: bool) -> bool:
    if not isinstance(token, str):
        return True
    chars = spellings(token, ignore_case)
    if symbol.domain.choices is not None:
        return any(char in choice for char in chars for choice in symbol.domain.choices)
    return any(map(symbol.domain.admits_char, chars))


def _can_follow(following: str | TextSymbol, wanted: Glob, end: int) -> bool:
    return isinstance(following, TextSymbol) or bool(after_literal(following, wanted, end))


def after_literal(literal: str, wanted: Glob, start: int) -> frozenset[int]:
    """The places where one may stand after the glob has read the literal from ``start``."""
    automaton = compiled(wanted)
    places = automaton.read(automaton.at(start), literal)
    ahead = places & ~((places & automaton.runs) << 1)
    return frozenset(place for place in range(ahead.bit_length()) if ahead >> place & 1)


def _skip_runs(tokens: tuple[Token, ...], place: int) -> int:
    while place < len(tokens) and tokens[place] is Wildcard.RUN:
        place += 1
    return place


def symbol_matches(actual: TextSymbol, wanted: Glob, atoms: Atoms) -> z3.BoolRef:
    """The symbol is in the glob's language; decided here where its domain alone decides."""
    domain, tokens = actual.domain, wanted.tokens
    if any(isinstance(token, TextSymbol) for token in tokens):
        return _equation(WordEquation((actual,), _pieces(tokens), wanted.ignore_case), atoms)
    if domain.choices is not None:
        fitting = [c for c in domain.choices if _has_room(c, wanted)]
        chosen = [c for c in fitting if contains(wanted, c)]
        if len(chosen) == len(domain.choices):
            return true()
        return either(atoms.equals(actual, choice) for choice in chosen)
    needed = sum(token is not Wildcard.RUN for token in tokens)
    if domain.longest is not None and needed > domain.longest:
        return false()
    if not all(_can_hold(actual, token, wanted.ignore_case) for token in tokens):
        return false()
    if tokens == (Wildcard.RUN,) or _only_asks_length(tokens, domain.shortest):
        return true()
    return atoms.member(actual, wanted)


def _only_asks_length(tokens: tuple[Token, ...], shortest: int) -> bool:
    """The tokens are wildcards with a run among them, and ask for no more than the shortest."""
    ones = sum(token is Wildcard.ONE for token in tokens)
    is_open = Wildcard.RUN in tokens
    return is_open and ones <= shortest and all(isinstance(token, Wildcard) for token in tokens)


def _has_room(actual: str, wanted: Glob) -> bool:
    """The text has enough characters for the glob; to count is quicker than to read it."""
    return len(actual) >= sum(map(_takes_one, wanted.tokens))


def ground_glob(equation: WordEquation, texts: Mapping[TextSymbol, str]) -> Glob:
    """The language of the equation's pattern with known texts for its symbols."""
    ground = (texts[p] if isinstance(p, TextSymbol) else p for p in equation.pattern)
    return Glob(tuple(_tokens(ground)), equation.ignore_case)


def is_solved(equation: WordEquation, texts: Mapping[TextSymbol, str]) -> bool:
    """Whether the equation holds of known texts."""
    actual = "".join(texts[p] if isinstance(p, TextSymbol) else p for p in equation.text)
    return contains(ground_glob(equation, texts), actual)
