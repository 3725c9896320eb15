"""Texts and the patterns that policies compare them with."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span


class Wildcard(enum.Enum):
    """``*`` (any run of characters, also none) and ``?`` (exactly one character)."""

    RUN = "*"
    ONE = "?"


@dataclass(frozen=True)
class Variable:
    """A policy variable ``${key}`` or ``${key, 'default'}``; ``key`` is in lower case.

    Source: IAM/reference_policies_variables.
    """

    key: str
    default: str | None = None


Piece = str | Wildcard | Variable


@dataclass(frozen=True)
class Pattern:
    """A sequence of literal texts, wildcards and variables.

    No two neighbours are both literal or both ``Wildcard.RUN``, and no literal is empty:
    build patterns with :func:`pattern` to have that.
    """

    pieces: tuple[Piece, ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that occur, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Variable))

    @property
    def literal(self) -> str | None:
        """The only text that the pattern matches, or None if it has a wildcard or variable."""
        match self.pieces:
            case ():
                return ""
            case (str(text),):
                return text
            case _:
                return None

    def __str__(self) -> str:
        return "".join(map(_spell, self.pieces))


def _spell(piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Wildcard():
            return piece.value
        case Variable(key, None):
            return "${" + key + "}"
        case Variable(key, default):
            return "${" + key + ", '" + str(default) + "'}"


def pattern(pieces: Iterable[Piece]) -> Pattern:
    """The normal form of a sequence of pieces: neighbouring literals and runs are merged."""
    return Pattern(tuple(_merged(pieces)))


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    literal = ""
    previous: Piece | None = None
    for piece in pieces:
        if isinstance(piece, str):
            literal += piece
            continue
        if literal:
            yield literal
            literal, previous = "", None
        if not (piece is Wildcard.RUN and previous is Wildcard.RUN):
            yield piece
        previous = piece
    if literal:
        yield literal


def glob(text: str) -> Pattern:
    """The pattern of ``text`` with ``*`` and ``?`` as wildcards and no variables."""
    return pattern(_glob_pieces(text))


def _glob_pieces(text: str) -> Iterator[Piece]:
    for char in text:
        match char:
            case "*":
                yield Wildcard.RUN
            case "?":
                yield Wildcard.ONE
            case _:
                yield char


@dataclass(frozen=True)
class TextEquals:
    """StringEquals: identical code points; ``wanted`` holds no wildcard (semantics B3)."""

    wanted: Pattern
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class TextEqualsIgnoreCase:
    """StringEqualsIgnoreCase: equal after folding ASCII letters only (semantics B3)."""

    wanted: Pattern
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class TextLike:
    """StringLike: a case-sensitive glob over the whole value (semantics B3)."""

    wanted: Pattern
    span: Span | None = field(default=None, compare=False, repr=False)


TextRelation = TextEquals | TextEqualsIgnoreCase | TextLike
