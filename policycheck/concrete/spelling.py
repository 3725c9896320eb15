"""The values of a policy as texts, in the form in which they are compared."""

from __future__ import annotations

import base64
import decimal
from fractions import Fraction
from typing import assert_never

from policycheck.model.address import AddressBetween, AddressIn, address_text
from policycheck.model.arn import AnyResource, ApiResource, ArnLike, ArnResource, ResourcePattern
from policycheck.model.condition import Relation
from policycheck.model.order import (
    BytesEqual,
    Comparison,
    Flag,
    InstantCompares,
    NumberCompares,
    OrderRelation,
    Recurs,
    instant_text,
)
from policycheck.model.policy import PrincipalId, PrincipalKind
from policycheck.model.text import Pattern, TextEquals, TextEqualsIgnoreCase, TextLike, Variable

_DIGITS = 400  # twice what a number of 100 characters with an exponent can have
_ESCAPES = str.maketrans({"*": "${*}", "?": "${?}"})


def spell_relation(relation: Relation) -> str:
    """The value that a condition compares with; a block without its host bits."""
    match relation:
        case TextEquals(wanted) | TextEqualsIgnoreCase(wanted):
            return str(wanted)
        case TextLike(wanted):
            return spell_glob(wanted)
        case ArnLike(fields):
            return ":".join(map(spell_glob, fields))
        case AddressIn(family, network, prefix, bare):
            written = address_text(family, network)
            return written if bare else f"{written}/{prefix}"
        case AddressBetween(family, first, last):
            return f"{address_text(family, first)} - {address_text(family, last)}"
        case _:
            return spell_order(relation)


def spell_glob(wanted: Pattern) -> str:
    """A pattern with wildcards; characters that are none although they look so are escaped
    (B6-escape)."""
    return "".join(
        one.translate(_ESCAPES) if isinstance(one, str) else str(Pattern((one,)))
        for one in wanted.pieces
    )


def spell_order(relation: OrderRelation) -> str:
    """The number, instant, time of day, truth value or base64 text that is compared with."""
    match relation:
        case NumberCompares(_, number):
            return spell_number(number)
        case InstantCompares():
            return _spell_date(relation)
        case Recurs(start, end):
            return f"{_clock(start)}-{_clock(end)}"
        case Flag(flag):
            return str(flag).lower()
        case BytesEqual(content):
            return base64.b64encode(content).decode()
    assert_never(relation)


_MATCHES = ("matches", "does not match")
_EQUALS = ("equals", "does not equal")
_LIES_IN = ("lies in", "does not lie in")
_NUMBERS = {
    Comparison.EQUAL: _EQUALS,
    Comparison.LESS: ("is less than", "is not less than"),
    Comparison.LESS_EQUAL: ("is at most", "is more than"),
    Comparison.GREATER: ("is more than", "is not more than"),
    Comparison.GREATER_EQUAL: ("is at least", "is less than"),
}
_INSTANTS = {
    Comparison.EQUAL: ("is", "is not"),
    Comparison.LESS: ("is before", "is not before"),
    Comparison.LESS_EQUAL: ("is not after", "is after"),
    Comparison.GREATER: ("is after", "is not after"),
    Comparison.GREATER_EQUAL: ("is not before", "is before"),
}


def verb(relation: Relation) -> tuple[str, str]:
    """What stands between the request's value and the policy's, if they match and if not."""
    match relation:
        case AddressIn() | AddressBetween() | Recurs():
            return _LIES_IN
        case TextLike() | ArnLike():
            return _MATCHES
        case TextEquals() | TextEqualsIgnoreCase() | Flag() | BytesEqual():
            return _EQUALS
        case NumberCompares(comparison):
            return _NUMBERS[comparison]
        case InstantCompares(comparison):
            return _INSTANTS[comparison]
    assert_never(relation)


def spell_resource(entry: ResourcePattern) -> str:
    """An entry of a Resource element."""
    match entry:
        case AnyResource():
            return "*"
        case ApiResource(tail):
            return f"execute-api:{spell_glob(tail)}"
        case ArnResource(_, whole):
            return spell_glob(whole)
    assert_never(entry)


def spell_variable(variable: Variable) -> str:
    """A policy variable."""
    return str(Pattern((variable,)))


def spell_principal(entry: PrincipalId) -> str:
    """An entry of a Principal element; an account is its id."""
    return "*" if entry.kind is PrincipalKind.EVERYONE else entry.value


def spell_number(number: Fraction) -> str:
    """A number as a decimal fraction, exactly if it was read from a policy."""
    digits = decimal.Context(prec=_DIGITS)
    return f"{digits.divide(number.numerator, number.denominator):f}"


def _spell_date(relation: InstantCompares) -> str:
    """The date of a policy, with the fraction of a second if it has one."""
    start = instant_text(relation.wanted)
    digits = spell_number(relation.fraction).removeprefix("0")
    return f"{start[:-1]}{digits}Z" if relation.fraction else start


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second % 3600 // 60:02}"
