"""The names of condition operators (semantics B1)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from functools import cache

from policycheck.dataclass import dataclass
from policycheck.diagnostics import nearest
from policycheck.model.condition import Quantifier
from policycheck.model.keys import Key, KeyType
from policycheck.read.literal_error import LiteralError

IF_EXISTS = "IfExists"


class OperatorFamily(enum.Enum):
    """What the operators of a family compare."""

    STRING = "text"
    NUMERIC = "numbers"
    DATE = "dates"
    BOOL = "truth values"
    BINARY = "bytes"
    IP = "addresses"
    ARN = "ARNs"
    NULL = "presence"


@dataclass(frozen=True)
class Base:
    """An operator without prefix and suffix; ``negated`` for the Not operators."""

    name: str
    family: OperatorFamily
    negated: bool = False


@dataclass(frozen=True)
class Operator:
    """An operator as a policy writes it: ``[ForAllValues:|ForAnyValue:]Base[IfExists]``."""

    text: str
    base: Base
    if_exists: bool = False
    quantifier: Quantifier | None = None


_NAMES = {
    OperatorFamily.STRING: ("StringEquals", "StringEqualsIgnoreCase", "StringLike"),
    OperatorFamily.NUMERIC: (
        "NumericEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
    ),
    OperatorFamily.DATE: (
        "DateEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
    ),
    OperatorFamily.BOOL: ("Bool",),
    OperatorFamily.BINARY: ("BinaryEquals",),
    OperatorFamily.IP: ("IpAddress",),
    OperatorFamily.ARN: ("ArnEquals", "ArnLike"),
    OperatorFamily.NULL: ("Null",),
}
_NEGATED = {
    OperatorFamily.STRING: ("StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"),
    OperatorFamily.NUMERIC: ("NumericNotEquals",),
    OperatorFamily.DATE: ("DateNotEquals",),
    OperatorFamily.IP: ("NotIpAddress",),
    OperatorFamily.ARN: ("ArnNotEquals", "ArnNotLike"),
}
_FITTING = {
    KeyType.STRING: (OperatorFamily.STRING,),
    KeyType.IP: (OperatorFamily.IP,),
    KeyType.DATE: (OperatorFamily.DATE,),
    KeyType.NUMERIC: (OperatorFamily.NUMERIC,),
    KeyType.BOOL: (OperatorFamily.BOOL,),
    KeyType.ARN: (OperatorFamily.ARN, OperatorFamily.STRING),
}
"""Which families take a key of a type; Null takes every key (semantics B3, B4)."""


@cache
def bases() -> Mapping[str, Base]:
    """Every operator without prefix and suffix, by its name."""
    positive = {n: Base(n, family) for family, names in _NAMES.items() for n in names}
    negated = {n: Base(n, family, True) for family, names in _NEGATED.items() for n in names}
    return positive | negated


def fitting(key: Key) -> tuple[OperatorFamily, ...]:
    """The families of operators that take the key, the usual one first."""
    return _FITTING[key.type] + ((OperatorFamily.NUMERIC,) if key.epoch else ())


def example(family: OperatorFamily) -> str:
    """The name of the family's first operator."""
    return _NAMES[family][0]


def parse_operator(text: str) -> Operator:
    """The operator that ``text`` names; operator names are case-sensitive (semantics A1).

    Raises LiteralError with AWS's code INVALID_CONDITION_OPERATOR or NULL_WITH_IF_EXISTS.
    """
    prefix, colon, name = text.rpartition(":")
    quantifier = next((one for one in Quantifier if one.value == prefix), None)
    if_exists = name not in bases() and name.endswith(IF_EXISTS)
    base = bases().get(name.removesuffix(IF_EXISTS) if if_exists else name)
    if base is None or (colon and quantifier is None):
        raise _unknown(text)
    if base.family is OperatorFamily.NULL and if_exists:
        raise LiteralError(
            "Null asks whether a key is there, so it takes no IfExists",
            help=f'write "{text.removesuffix(IF_EXISTS)}"',
            code="NULL_WITH_IF_EXISTS",
        )
    return Operator(text, base, if_exists, quantifier)


def _unknown(text: str) -> LiteralError:
    meant = _meant(text)
    same = meant is not None and meant.lower() == text.lower()
    reason = "; operator names are case-sensitive" if same else ""
    return LiteralError(
        f'there is no condition operator "{text}"{reason}',
        help=f'write "{meant}"' if meant else "see IAM's page on condition operators",
        code="INVALID_CONDITION_OPERATOR",
    )


def _meant(text: str) -> str | None:
    """The operator that is spelled most like ``text``, with a prefix that is judged on its own."""
    prefix, _, name = text.rpartition(":")
    known = [one + suffix for suffix in ("", IF_EXISTS) for one in bases() if one != "Null"]
    meant = nearest(name, ["Null", *known])
    quantifier = nearest(prefix, [one.value for one in Quantifier]) if prefix else None
    if meant is None or (prefix and quantifier is None):
        return None
    return f"{quantifier}:{meant}" if quantifier else meant
