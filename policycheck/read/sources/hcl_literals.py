"""The characters that the literal parts of Terraform's templates stand for.

Source: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.sources.mapped import Place
from policycheck.read.sources.private import is_private, private

_DIGITS = {"u": 4, "U": 8}
_LONGEST_ESCAPE = 10
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def literal(span: Span, dropped: frozenset[int], *, quoted: bool) -> Iterator[tuple[str, Place]]:
    """The characters that a part of a template writes, with the place of each; but for those at
    the places that are ``dropped``. Raises InputError for what stands for no character."""
    text, at = span.text, 0
    while at < len(text):
        if span.start + at in dropped:
            at += 1
            continue
        length, piece = 1, text[at]
        if text[at : at + 3] in {"$${", "%%{"}:
            length, piece = 3, text[at + 1 : at + 3]
        elif quoted and text[at] == "\\" and at + 1 < len(text):
            length, piece = _escape(text[at : at + _LONGEST_ESCAPE])
        place = span.start + at, span.start + at + length
        _check(piece, Span(span.source, *place))
        yield piece, place
        at += length


def _escape(text: str) -> tuple[int, str]:
    """How long an escape is, and what it stands for; nothing, if that is no character."""
    code = text[1]
    digits = _DIGITS.get(code)
    if digits is None:
        return 2, _ESCAPES.get(code, code)
    number = int(text[2 : 2 + digits], 16)
    return 2 + digits, chr(number) if number <= sys.maxunicode else ""


def _check(piece: str, span: Span) -> None:
    if not piece or unicodedata.category(piece[0]) == "Cs":
        message = f"{span.text} stands for no character"
        raise InputError([Diagnostic("UNSUPPORTED_EXPRESSION", message, span)])
    if is_private(piece):
        raise private(piece, span)
