"""Patterns: texts with wildcards and policy variables (semantics A6, B3, B6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.model.arn import FIELDS
from policycheck.model.text import Pattern, Piece, Variable, Wildcard, pattern
from policycheck.read.literal_error import LiteralError

_PIECE = re.compile(
    r"\$\{(?:(?P<escape>[*?$])|(?P<key>[^\s{}$'\",]+)(?:, '(?P<default>[^']*)')?)\}"
    r"|(?P<open>\$\{)|(?P<wildcard>[*?])|(?P<literal>[^$*?]+|\$)"
)
_VARIABLE_OR_COLON = r"\$\{[^\s{}$'\",]+(?:, '[^']*')?\}|:"
_HELP = "write ${key} or ${key, 'default'}"


def parse_pattern(text: str, *, variables: bool, wildcards: bool = True) -> Pattern:
    """The pattern that ``text`` is.

    With ``variables`` (Version 2012-10-17) ``${key}`` is a policy variable and ``${*}``, ``${?}``,
    ``${$}`` are the characters themselves; without, all of these are literal text. Without
    ``wildcards`` a ``*`` or ``?`` is an ordinary character. Raises LiteralError for a variable
    that is not well formed. Source: IAM/reference_policies_variables.
    """
    if variables:
        return pattern(_pieces(text, wildcards=wildcards))
    return pattern(_wildcard(char) if wildcards else char for char in text)


def _wildcard(char: str) -> Piece:
    return Wildcard(char) if char in {"*", "?"} else char


def _pieces(text: str, *, wildcards: bool) -> Iterator[Piece]:
    for match in _PIECE.finditer(text):
        if match["key"]:
            yield _variable(match)
        elif match["open"]:
            raise _malformed(text, match.start())
        elif match["wildcard"]:
            yield _wildcard(match["wildcard"]) if wildcards else match["wildcard"]
        else:
            yield match["escape"] or match["literal"]


def _variable(match: re.Match[str]) -> Variable:
    key = match["key"]
    if not all(key.partition(":")):
        raise LiteralError(
            f"${{{key}}} names no condition key",
            help="write a key with its prefix, like ${aws:PrincipalAccount}; "
            "a reference of a template must be filled in first",
            code="INVALID_CONDITION_KEY_FORMAT",
            part=match.span(),
        )
    return Variable(key.lower(), match["default"])


def _malformed(text: str, start: int) -> LiteralError:
    end = text.find("}", start)
    following = text.find("${", start + 2)
    if end < 0 or 0 <= following < end:
        stop = following if following >= 0 else len(text)
        return _wrong("MISSING_BRACE_IN_VARIABLE", "a variable is not closed by }", start, stop)
    body, part = text[start + 2 : end], (start, end + 1)
    if not body.strip():
        return _wrong("EMPTY_VARIABLE", "a variable without a name", *part)
    if "'" in body or '"' in body:
        message = "the default of a variable is not in single quotes after a comma and a space"
        return _wrong("MISSING_QUOTE_IN_VARIABLE", message, *part)
    if "," in body:
        message = "the default of a variable needs single quotes"
        return _wrong("MISSING_QUOTE_IN_VARIABLE", message, *part)
    if any(char.isspace() for char in body):
        return _wrong("UNSUPPORTED_SPACE_IN_VARIABLE", "a variable with a space in it", *part)
    return _wrong("MISSING_BRACE_IN_VARIABLE", "a variable that is not well formed", *part)


def _wrong(code: str, message: str, start: int, end: int) -> LiteralError:
    return LiteralError(message, help=_HELP, code=code, part=(start, end))


def split_arn(text: str, *, variables: bool) -> tuple[str, ...]:
    """The fields of an ARN: at most six, the last one keeps its colons (semantics A6).

    With ``variables`` a colon inside ``${...}`` parts nothing.
    """
    if not variables or "${" not in text:
        return tuple(text.split(":", FIELDS - 1))
    fields: list[str] = []
    start = 0
    for match in re.finditer(_VARIABLE_OR_COLON, text):
        if match.group() == ":" and len(fields) < FIELDS - 1:
            fields.append(text[start : match.start()])
            start = match.end()
    return (*fields, text[start:])


def parse_arn_pattern(text: str, *, variables: bool) -> tuple[Pattern, ...]:
    """The patterns of the six fields of an ARN, as the Arn operators take it (semantics B3).

    Raises LiteralError if there are fewer, or if it can be no ARN.
    """
    fields = split_arn(text, variables=variables)
    if len(fields) < FIELDS:
        raise LiteralError(
            f'"{text}" has {len(fields)} of the six fields of an ARN',
            help="write arn:partition:service:region:account:resource; a field may be * or empty",
            code="MISSING_ARN_FIELD",
        )
    patterns = tuple(_fields(fields, variables=variables))
    if patterns[0].literal not in {None, "arn"}:
        raise LiteralError(
            f'an ARN begins with "arn:", not with "{fields[0]}:"',
            help="write arn:partition:service:region:account:resource",
            code="INVALID_ARN_PREFIX",
            part=(0, len(fields[0])),
        )
    return patterns


def _fields(fields: tuple[str, ...], *, variables: bool) -> Iterator[Pattern]:
    start = 0
    for one in fields:
        try:
            yield parse_pattern(one, variables=variables)
        except LiteralError as error:
            raise error.moved(start) from None
        start += len(one) + 1
