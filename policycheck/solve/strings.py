"""Questions about texts in Z3's native theory of strings: for texts that policy variables tie to
each other, and for the export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import z3

from policycheck.model.text import Wildcard
from policycheck.solve.limits import UndecidedError
from policycheck.symbolic.boolean import both, either, every
from policycheck.symbolic.symbols import Glob, TextSymbol, Token, WordEquation


def _any_text() -> z3.ReSortRef:
    return z3.ReSort(z3.StringSort())


def string(symbol: TextSymbol) -> z3.SeqRef:
    """The string constant that stands for the symbol."""
    return z3.String(f"text {symbol.name}")


def in_domain(symbol: TextSymbol) -> Iterator[z3.BoolRef]:
    """What holds of the symbol by its domain."""
    yield from of_characters(symbol)
    yield from beside_characters(symbol)


def of_characters(symbol: TextSymbol) -> Iterator[z3.BoolRef]:
    """That the symbol's text is made of the characters that its domain allows."""
    allowed = symbol.domain.allowed
    if symbol.domain.choices is None and allowed is not None:
        yield z3.InRe(string(symbol), z3.Star(_any_of(allowed)))


def beside_characters(symbol: TextSymbol) -> Iterator[z3.BoolRef]:
    """What else holds of the symbol by its domain."""
    text, domain = string(symbol), symbol.domain
    if domain.choices is not None:
        yield either(text == value(choice) for choice in domain.choices)
        return
    for char in sorted(domain.forbidden):
        yield z3.Not(z3.InRe(text, z3.Concat(_full(), z3.Re(_escaped(char)), _full())))
    if domain.shortest:
        yield z3.Length(text) >= domain.shortest
    if domain.longest is not None:
        yield z3.Length(text) <= domain.longest


def _any_of(chars: Iterable[str]) -> z3.ReRef:
    languages = [_range(first, last) for first, last in _stretches(chars)]
    return z3.Union(*languages) if len(languages) > 1 else languages[0]


def _range(first: str, last: str) -> z3.ReRef:
    if first == last:
        return z3.Re(_escaped(first))
    return z3.Range(_escaped(first), _escaped(last))


def _stretches(chars: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The first and the last of the characters that follow each other without a gap."""
    codes = sorted(map(ord, chars))
    ends = [at for at, code in enumerate(codes) if code + 1 not in codes[at + 1 : at + 2]]
    for before, end in zip([-1, *ends], ends, strict=False):
        yield chr(codes[before + 1]), chr(codes[end])


def _full() -> z3.ReRef:
    return z3.Full(_any_text())


def _escaped(text: str) -> str:
    """The text with what SMT-LIB 2.6 reads as an escape spelled out."""
    return "".join(
        char if 0x20 <= ord(char) < 0x7F and char != "\\" else f"\\u{{{ord(char):x}}}"
        for char in text
    )


def value(text: str) -> z3.SeqRef:
    """The string literal of the text."""
    return z3.StringVal(_escaped(text))


def language(glob: Glob) -> z3.ReRef:
    """The regular expression of the glob."""
    parts = [_token(token, glob.ignore_case) for token in glob.tokens]
    if not parts:
        return z3.Re("")
    return z3.Concat(*parts) if len(parts) > 1 else parts[0]


def _token(token: Token, ignore_case: bool) -> z3.ReRef:
    if token is Wildcard.RUN:
        return _full()
    if token is Wildcard.ONE:
        return z3.AllChar(_any_text())
    char = str(token)
    return _any_of({char.lower(), char.upper()} if ignore_case and char.isascii() else {char})


def member(symbol: TextSymbol, glob: Glob) -> z3.BoolRef:
    """The symbol is in the glob's language."""
    return z3.InRe(string(symbol), language(glob))


def concatenation(pieces: Iterable[str | TextSymbol | z3.SeqRef]) -> z3.SeqRef:
    """The pieces as one string."""
    strings: list[Any] = []
    for piece in pieces:
        match piece:
            case TextSymbol():
                strings.append(string(piece))
            case str():
                strings.append(value(piece))
            case _:
                strings.append(piece)
    if not strings:
        return z3.StringVal("")
    joined: z3.SeqRef = z3.Concat(*strings) if len(strings) > 1 else strings[0]
    return joined


def solves(equation: WordEquation, fresh: Iterator[int]) -> z3.BoolRef:
    """The text is in the language of the pattern, with fresh strings for the wildcards, numbered by
    what ``fresh`` gives: one sequence for all that is asserted together.

    Right where the equation is asserted; its negation would need a quantifier. Raises
    UndecidedError if case does not matter.
    """
    if equation.ignore_case:
        raise UndecidedError("a variable under StringEqualsIgnoreCase cannot be decided")
    pieces: list[str | TextSymbol | z3.SeqRef] = []
    sides: list[z3.BoolRef] = []
    for piece in equation.pattern:
        if isinstance(piece, Wildcard):
            gap = z3.String(f"gap {next(fresh)}")
            sides.extend([z3.Length(gap) == 1] if piece is Wildcard.ONE else [])
            pieces.append(gap)
        else:
            pieces.append(piece)
    return both(concatenation(equation.text) == concatenation(pieces), *sides)


def leftmost(equation: WordEquation) -> z3.BoolRef:
    """The same without fresh strings, right under negation too: each part between two ``*`` is
    found at its leftmost place.

    Raises UndecidedError for a pattern with both ``?`` and ``*``.
    """
    parts = _between_runs(equation)
    text = concatenation(equation.text)
    if len(parts) == 1:
        return text == concatenation(parts[0])
    head, last = concatenation(parts[0]), concatenation(parts[-1])
    holds = [z3.PrefixOf(head, text)]
    place: Any = z3.Length(head)
    for part in parts[1:-1]:
        found = z3.IndexOf(text, concatenation(part), place)
        holds.append(found >= 0)
        place = found + z3.Length(concatenation(part))
    holds += [z3.SuffixOf(last, text), z3.Length(text) >= place + z3.Length(last)]
    return every(holds)


def _between_runs(equation: WordEquation) -> list[list[str | TextSymbol]]:
    if equation.ignore_case:
        raise UndecidedError("a variable under StringEqualsIgnoreCase cannot be decided")
    parts: list[list[str | TextSymbol]] = [[]]
    for piece in equation.pattern:
        match piece:
            case Wildcard.RUN:
                parts.append([])
            case Wildcard.ONE:
                raise UndecidedError("a pattern with a variable and a ? cannot be decided")
            case TextSymbol() | str():
                parts[-1].append(piece)
    return parts


def read(model: z3.ModelRef, symbol: TextSymbol) -> str:
    """The symbol's text in the model."""
    term: z3.SeqRef = model.eval(string(symbol), model_completion=True)
    return _unescaped(term.as_string())


def _unescaped(text: str) -> str:
    parts = text.split("\\u{")
    out = [parts[0]]
    for part in parts[1:]:
        code, rest = part.split("}", 1)
        out.append(chr(int(code, 16)) + rest)
    return "".join(out)
