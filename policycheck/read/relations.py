"""From the value of a condition to the relation that it asks for (semantics B3)."""

from __future__ import annotations

from dataclasses import replace

from policycheck.diagnostics import Span
from policycheck.model.arn import ArnLike
from policycheck.model.condition import Relation
from policycheck.model.order import (
    BytesEqual,
    Comparison,
    Flag,
    InstantCompares,
    NumberCompares,
)
from policycheck.model.text import TextEquals, TextEqualsIgnoreCase, TextLike
from policycheck.read.literal_error import LiteralError
from policycheck.read.literals import (
    fraction_of_second,
    parse_bytes,
    parse_cidr,
    parse_flag,
    parse_instant,
    parse_number,
)
from policycheck.read.operators import Base, OperatorFamily
from policycheck.read.patterns import parse_arn_pattern, parse_pattern


def relation(base: Base, text: str, span: Span, *, variables: bool) -> Relation:
    """What the operator ``base`` asks with the value ``text``; not for Null.

    Raises LiteralError if the operator cannot take the value.
    """
    takes_variables = base.family in {OperatorFamily.STRING, OperatorFamily.ARN}
    if variables and "${" in text and not takes_variables:
        raise LiteralError(
            f"{base.name} takes no policy variables",
            help="write the value itself; only String and Arn operators take variables",
            code="INVALID_VARIABLE_FOR_OPERATOR",
        )
    if takes_variables:
        return _textual(base, text, span, variables=variables)
    return _plain(base, text, span)


def _textual(base: Base, text: str, span: Span, *, variables: bool) -> Relation:
    if base.family is OperatorFamily.ARN:
        return ArnLike(parse_arn_pattern(text, variables=variables), span)
    return _text(base, text, span, variables=variables)


def _plain(base: Base, text: str, span: Span) -> Relation:
    match base.family:
        case OperatorFamily.NUMERIC:
            return NumberCompares(_comparison(base), parse_number(text), span)
        case OperatorFamily.DATE:
            fraction = fraction_of_second(text)
            return InstantCompares(_comparison(base), parse_instant(text), span, fraction)
        case OperatorFamily.BOOL:
            return Flag(parse_flag(text), span)
        case OperatorFamily.BINARY:
            return BytesEqual(parse_bytes(text), span)
        case OperatorFamily.IP:
            return replace(parse_cidr(text), span=span)
        case _:
            raise ValueError(base.name)


def _text(
    base: Base, text: str, span: Span, *, variables: bool
) -> TextEquals | TextEqualsIgnoreCase | TextLike:
    like = base.name.endswith("Like")
    wanted = parse_pattern(text, variables=variables, wildcards=like)
    if like:
        return TextLike(wanted, span)
    if base.name.endswith("IgnoreCase"):
        return TextEqualsIgnoreCase(wanted, span)
    return TextEquals(wanted, span)


_COMPARISONS = {
    "LessThan": Comparison.LESS,
    "LessThanEquals": Comparison.LESS_EQUAL,
    "GreaterThan": Comparison.GREATER,
    "GreaterThanEquals": Comparison.GREATER_EQUAL,
}


def _comparison(base: Base) -> Comparison:
    name = base.name.removeprefix("Numeric").removeprefix("Date")
    return _COMPARISONS.get(name, Comparison.EQUAL)
