"""Texts against patterns, read directly: the greedy glob, and equality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from policycheck.model.reading import Reading, Readings
from policycheck.model.text import (
    Pattern,
    Piece,
    TextEquals,
    TextEqualsIgnoreCase,
    TextLike,
    TextRelation,
    Variable,
    Wildcard,
    pattern,
)

Context = Mapping[str, tuple[str, ...]]
"""The values of each condition key that a request has, by the key's name in lower case."""

_RUN, _ONE = Wildcard.RUN, Wildcard.ONE  # looking a member up takes longer than matching it
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def matches(actual: str, wanted: TextRelation, context: Context, readings: Readings) -> bool:
    """Whether the request's text stands in the relation to the policy's.

    Rules: B3-text-equals, B3-text-ignore-case, B3-text-like, B6-variable-absent.
    """
    resolved = resolve(wanted.wanted, context, readings)
    if resolved is None:
        return False
    match wanted:
        case TextEquals():
            return actual == resolved.literal
        case TextEqualsIgnoreCase():
            return resolved.literal is not None and fold(actual) == fold(resolved.literal)
        case TextLike():
            return glob_matches(actual, resolved)
    assert_never(wanted)


def fold(text: str) -> str:
    """The text with the ASCII letters in lower case and all else as it is (B3-text-ignore-case)."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def glob_matches(actual: str, wanted: Pattern) -> bool:
    """Whether the whole text matches a pattern without variables (B3-text-like).

    Greedy: on a mismatch only the last ``*`` takes more characters, as an earlier one can gain
    nothing by taking more. What follows the last ``*`` of the pattern is the end of the text.
    """
    pieces = wanted.pieces
    if len(pieces) == 1 and pieces[0] is not _ONE:  # most patterns: a literal, or a lone *
        return pieces[0] is _RUN or pieces[0] == actual
    at = index = 0
    run_at = run_index = -1
    while index < len(pieces) or at < len(actual):
        piece = pieces[index] if index < len(pieces) else None
        if isinstance(piece, str) and actual.startswith(piece, at):
            at += len(piece)
        elif piece is _RUN:
            if index + 1 == len(pieces):
                return True
            run_at, run_index = at, index
            if (length := _length(pieces[index + 1 :])) is not None:
                run_at, at = -1, max(at, len(actual) - length)
        elif piece is _ONE and at < len(actual):
            at += 1
        elif 0 <= run_at < len(actual):
            at = run_at = _further(actual, run_at + 1, pieces[run_index + 1])
            index = run_index
        else:
            return False
        index += 1
    return True


def _length(pieces: Sequence[Piece]) -> int | None:
    """How many characters the pieces stand for; None if there is a ``*`` among them."""
    if _RUN in pieces:
        return None
    return sum(len(piece) if isinstance(piece, str) else 1 for piece in pieces)


def _further(actual: str, start: int, piece: Piece) -> int:
    """The first place from ``start`` on where ``piece``, if it is a literal, can begin."""
    found = actual.find(piece, start) if isinstance(piece, str) else start
    return found if found >= 0 else len(actual)


def resolve(wanted: Pattern, context: Context, readings: Readings) -> Pattern | None:
    """The pattern with its variables replaced, or None if one of them has no value.

    What replaces a variable is literal text, its ``*`` and ``?`` too. Reading the policy has
    decided what is a variable, and what stands for itself (A2-version-variables, B6-escape).
    Rules: B6-variable, B6-variable-literal, B6-variable-absent.
    """
    for piece in wanted.pieces:
        if isinstance(piece, Variable):
            break
    else:
        return wanted
    pieces = tuple(_replaced(wanted, context, readings))
    return None if None in pieces else pattern(piece for piece in pieces if piece is not None)


def _replaced(wanted: Pattern, context: Context, readings: Readings) -> Iterator[Piece | None]:
    for piece in wanted.pieces:
        yield variable_value(piece, context, readings) if isinstance(piece, Variable) else piece


def variable_value(variable: Variable, context: Context, readings: Readings) -> str | None:
    """The text that the variable stands for, or None if it has no value.

    Rules: B6-variable, B6-variable-multivalued, B6-variable-empty, B6-default.
    """
    values = context.get(variable.key, ())
    emptied = values == ("",) and Reading.EMPTY_VARIABLE_HAS_NO_VALUE in readings
    return variable.default if emptied or len(values) != 1 else values[0]
