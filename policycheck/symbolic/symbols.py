"""Text symbols: the unknown texts of a request, and the questions that formulas ask of them.

Z3 sees no text. Each question "is this symbol in the language of that glob" is one Boolean, an
atom; the atoms of one symbol are decided together in ``solve``. A literal is a glob like any other,
but all literals of a symbol share one number, so that two of them are never true at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from itertools import count

import z3

from policycheck.dataclass import dataclass
from policycheck.model.text import Wildcard
from policycheck.symbolic.boolean import false

CODE_BITS = 24
OTHER = 0
"""The code of a text that is none of the symbol's literals."""


@dataclass(frozen=True)
class Domain:
    """The texts that a symbol can hold: characters allowed (None: all) and forbidden, lengths in
    characters, or a closed list of choices."""

    allowed: frozenset[str] | None = None
    forbidden: frozenset[str] = frozenset()
    shortest: int = 0
    longest: int | None = None
    choices: tuple[str, ...] | None = None

    def admits_char(self, char: str) -> bool:
        """Whether the character may occur."""
        return char not in self.forbidden and (self.allowed is None or char in self.allowed)

    def admits(self, text: str) -> bool:
        """Whether the symbol can hold the text."""
        if self.choices is not None:
            return text in self.choices
        return (
            self.shortest <= len(text)
            and (self.longest is None or len(text) <= self.longest)
            and all(map(self.admits_char, text))
        )


@dataclass(frozen=True)
class TextSymbol:
    """An unknown text. ``loose``: the symbol stands for the spelling of a value that is not a text
    (an address, say) and is not tied to it, so a model that hangs on it may be impossible."""

    name: str
    domain: Domain = field(default=Domain(), compare=False)
    loose: bool = field(default=False, compare=False)


Token = str | Wildcard | TextSymbol
"""One character, a wildcard, or a symbol that a policy variable stands for."""

Text = tuple[str | TextSymbol, ...]
"""Literal texts and symbols, one after the other."""


@dataclass(frozen=True)
class Glob:
    """A language over characters; ``ignore_case`` folds ASCII letters."""

    tokens: tuple[Token, ...]
    ignore_case: bool = False

    @property
    def literal(self) -> str | None:
        """The only text of the language, or None if there may be more."""
        if self.ignore_case and any(_has_case(token) for token in self.tokens):
            return None
        if not all(isinstance(token, str) for token in self.tokens):
            return None
        return "".join(map(str, self.tokens))


def _has_case(token: Token) -> bool:
    return isinstance(token, str) and token.isascii() and token.isalpha()


@dataclass(frozen=True)
class WordEquation:
    """The question whether ``text`` is in the language of ``pattern``, which holds symbols too."""

    text: Text
    pattern: tuple[str | Wildcard | TextSymbol, ...]
    ignore_case: bool = False

    @property
    def symbols(self) -> frozenset[TextSymbol]:
        """The symbols that the question ties together."""
        return frozenset(p for p in (*self.text, *self.pattern) if isinstance(p, TextSymbol))


@dataclass
class SymbolAtoms:
    """What is asked of one symbol."""

    symbol: TextSymbol
    code: z3.BitVecRef
    literals: dict[str, int] = field(default_factory=dict)
    globs: dict[Glob, z3.BoolRef] = field(default_factory=dict)


class Atoms:
    """All the questions about texts that some formulas ask."""

    def __init__(self) -> None:
        self.by_symbol: dict[TextSymbol, SymbolAtoms] = {}
        self.equations: dict[WordEquation, z3.BoolRef] = {}
        self._globs = count()

    def of(self, symbol: TextSymbol) -> SymbolAtoms:
        """What is asked of the symbol so far."""
        found = self.by_symbol.get(symbol)
        if found is None:
            found = SymbolAtoms(symbol, z3.BitVec(f"code {symbol.name}", CODE_BITS))
            for choice in symbol.domain.choices or ():
                found.literals[choice] = len(found.literals) + 1
            self.by_symbol[symbol] = found
        return found

    def equals(self, symbol: TextSymbol, text: str) -> z3.BoolRef:
        """The symbol is the text."""
        if not symbol.domain.admits(text):
            return false()
        atoms = self.of(symbol)
        code = atoms.literals.setdefault(text, len(atoms.literals) + 1)
        return atoms.code == z3.BitVecVal(code, CODE_BITS)

    def member(self, symbol: TextSymbol, glob: Glob) -> z3.BoolRef:
        """The symbol is in the language of the glob."""
        if (literal := glob.literal) is not None:
            return self.equals(symbol, literal)
        globs = self.of(symbol).globs
        if glob not in globs:
            number = next(self._globs)
            globs[glob] = z3.Bool(f"glob {number}: {symbol.name} ~ {spell(glob)}")
        return globs[glob]

    def solves(self, equation: WordEquation) -> z3.BoolRef:
        """The text of the equation is in the language of its pattern."""
        for symbol in equation.symbols:
            self.of(symbol)
        name = f"word {len(self.equations)}"
        return self.equations.setdefault(equation, z3.Bool(name))

    def ranges(self) -> Iterator[z3.BoolRef]:
        """What holds of the codes: each is that of a literal, or OTHER unless choices close it."""
        for atoms in self.by_symbol.values():
            most = z3.BitVecVal(len(atoms.literals), CODE_BITS)
            yield z3.ULE(atoms.code, most)
            if atoms.symbol.domain.choices is not None:
                yield z3.Not(atoms.code == OTHER)


def spell(glob: Glob) -> str:
    """The glob as text, for the names of atoms."""
    return "".join(map(_spell_token, glob.tokens))


def _spell_token(token: Token) -> str:
    match token:
        case str():
            return token
        case Wildcard():
            return token.value
        case TextSymbol(name):
            return "{" + name + "}"
