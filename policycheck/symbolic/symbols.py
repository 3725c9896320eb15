"""The unknown texts and addresses of a request, and the questions that formulas ask of them.

Z3 sees no text. Each question "is this symbol in the language of that glob" is one Boolean, an
atom; the atoms of one symbol are decided together in ``solve``. A literal is a glob like any other,
but Z3 is told that a symbol is at most one of its literals.

Nor does Z3 see an address. Each question "is this address less than that bound" is one Boolean, and
that a smaller bound implies a greater one is all that holds of them: wherever the answers turn from
no to yes, there is an address. Bounds that only addresses part which no request has are one bound.
Source: the order encoding (N. Tamura, A. Taga, S. Kitagawa, M. Banbara: Compiling finite linear CSP
into SAT, Constraints 14, 2009).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from itertools import count, pairwise

import z3

from policycheck.dataclass import dataclass
from policycheck.model.address import AddressBetween, Family
from policycheck.model.text import Wildcard
from policycheck.symbolic.boolean import at_most_one, either, false, iff, implies, proposition, true


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


@dataclass(frozen=True)
class AddressSymbol:
    """An unknown address of one family, as a number.

    ``ranges`` are the only ones that it can be, maximal and in order; None: any of the family.
    """

    name: str
    family: Family
    ranges: tuple[AddressBetween, ...] | None = field(default=None, compare=False)

    def bound(self, wanted: int) -> int:
        """The least bound that the same addresses are less than as are less than ``wanted``.

        That of all addresses is 2**32 or 2**128, that of none 0.
        """
        most = 1 << self.family.width
        if self.ranges is None:
            return min(max(wanted, 0), most)
        below = [min(one.last + 1, wanted) for one in self.ranges if one.first < wanted]
        if not below:
            return 0
        return most if below[-1] == self.ranges[-1].last + 1 else below[-1]

    def admits(self, address: int) -> bool:
        """Whether the symbol can be the address."""
        return self.ranges is None or any(r.first <= address <= r.last for r in self.ranges)

    def least(self, bound: int) -> int:
        """The least address that is not less than a bound of :meth:`bound` that some are not."""
        if self.ranges is None:
            return bound
        return next(max(one.first, bound) for one in self.ranges if bound <= one.last)


Token = str | Wildcard | TextSymbol
"""One character, a wildcard, or a symbol that a policy variable stands for."""

Text = tuple[str | TextSymbol, ...]
"""Literal texts and symbols, one after the other."""


@dataclass(frozen=True)
class Glob:
    """A language over characters; ``ignore_case`` folds ASCII letters.

    A ``*`` that follows another, as an empty default may leave it, adds nothing and is left out.
    """

    tokens: tuple[Token, ...]
    ignore_case: bool = False

    def __post_init__(self) -> None:
        run = Wildcard.RUN
        if any(one is other is run for one, other in pairwise(self.tokens)):
            kept = (t for b, t in pairwise((None, *self.tokens)) if not (t is run and b is run))
            object.__setattr__(self, "tokens", tuple(kept))

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
    """What is asked of one symbol; ``is_literal``: it is one of the literals, or of the choices of
    its domain."""

    symbol: TextSymbol
    is_literal: z3.BoolRef
    literals: dict[str, z3.BoolRef] = field(default_factory=dict)
    globs: dict[Glob, z3.BoolRef] = field(default_factory=dict)


class Atoms:
    """All the questions about texts and addresses that some formulas ask.

    ``bounds`` has for each address the bounds that it is compared with, each with its atom.
    ``matched`` has the formulas that were made for whole texts and globs. Atoms are named by
    numbers, and not by what a policy has: Z3 keeps every name until the process ends.
    """

    def __init__(self) -> None:
        self.by_symbol: dict[TextSymbol, SymbolAtoms] = {}
        self.equations: dict[WordEquation, z3.BoolRef] = {}
        self.bounds: dict[AddressSymbol, dict[int, z3.BoolRef]] = {}
        self.matched: dict[tuple[Text, Glob], z3.BoolRef] = {}
        self._numbers = count()

    def of(self, symbol: TextSymbol) -> SymbolAtoms:
        """What is asked of the symbol so far."""
        found = self.by_symbol.get(symbol)
        if found is None:
            is_open = symbol.domain.choices is None
            is_literal = proposition(f"chosen: {symbol.name}") if is_open else true()
            found = self.by_symbol[symbol] = SymbolAtoms(symbol, is_literal)
        return found

    def equals(self, symbol: TextSymbol, text: str) -> z3.BoolRef:
        """The symbol is the text."""
        if not symbol.domain.admits(text):
            return false()
        literals = self.of(symbol).literals
        if text not in literals:
            literals[text] = self._numbered("literal", symbol)
        return literals[text]

    def _numbered(
        self, kind: str, symbol: TextSymbol | AddressSymbol, weight: int = 0
    ) -> z3.BoolRef:
        return proposition(f"{kind} {next(self._numbers)}: {symbol.name}", weight)

    def member(self, symbol: TextSymbol, glob: Glob) -> z3.BoolRef:
        """The symbol is in the language of the glob."""
        if (literal := glob.literal) is not None:
            return self.equals(symbol, literal)
        globs = self.of(symbol).globs
        if glob not in globs:
            globs[glob] = self._numbered("glob", symbol, weight=1)
        return globs[glob]

    def solves(self, equation: WordEquation) -> z3.BoolRef:
        """The text of the equation is in the language of its pattern."""
        for symbol in sorted(equation.symbols, key=lambda one: one.name):
            self.of(symbol)
            for choice in symbol.domain.choices or ():
                self.equals(symbol, choice)
        name = f"word {len(self.equations)}"
        return self.equations.setdefault(equation, proposition(name, weight=2))

    def below(self, symbol: AddressSymbol, bound: int) -> z3.BoolRef:
        """The address is less than the bound."""
        bound = symbol.bound(bound)
        if bound == 0:
            return false()
        if bound == 1 << symbol.family.width:
            return true()
        bounds = self.bounds.setdefault(symbol, {})
        if bound not in bounds:
            bounds[bound] = self._numbered("bound", symbol)
        return bounds[bound]

    def orders(self) -> Iterator[z3.BoolRef]:
        """What holds of addresses: one that is less than a bound is less than every greater one."""
        for bounds in self.bounds.values():
            for smaller, greater in pairwise(sorted(bounds)):
                yield implies(bounds[smaller], bounds[greater])

    def choices(self) -> Iterator[z3.BoolRef]:
        """What holds of literals: a symbol is at most one of them; where it can be one of a few
        texts only, and all are asked for, it is one."""
        for atoms in self.by_symbol.values():
            literals, choices = list(atoms.literals.values()), atoms.symbol.domain.choices
            if literals if choices is None else len(literals) == len(set(choices)):
                yield iff(atoms.is_literal, either(literals))
            yield at_most_one(literals)


def spell(glob: Glob) -> str:
    """The glob as text, its symbols in braces."""
    return "".join(map(_spell_token, glob.tokens))


def _spell_token(token: Token) -> str:
    match token:
        case str():
            return token
        case Wildcard():
            return token.value
        case TextSymbol(name):
            return "{" + name + "}"
