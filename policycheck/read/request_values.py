"""The values of a request's context, checked against the types of AWS's keys (semantics D1)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache

from policycheck.dataclass import dataclass
from policycheck.model.arn import FIELDS
from policycheck.model.keys import KeyType, aws_key
from policycheck.read.literal_error import LiteralError
from policycheck.read.literals import parse_address, parse_flag, parse_instant, parse_number

CACHED = 4096
"""How many different keys and values are remembered."""

Value = str | tuple[str, ...]

_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")


class Number(str):
    """A number of a JSON text, as it was written."""

    __slots__ = ()


@dataclass(frozen=True)
class Check:
    """What the values of a key must be; ``text`` raises LiteralError, None takes every text."""

    key: str
    text: Callable[[str], object] | None = None
    single: bool = False


@lru_cache(CACHED)
def check_of(key: str) -> Check:
    """The check of a key's values; keys that AWS does not have take every value.

    Raises LiteralError for the empty name.
    """
    if not key:
        raise LiteralError("a condition key without a name", help="write a key like aws:SourceIp")
    known = aws_key(key)
    if known is None:
        return Check(key)
    check = _CHECKS[known.type]
    return Check(key, _named(known.name, check) if check else None, not known.multivalued)


def _named(name: str, check: Callable[[str], object]) -> Callable[[str], None]:
    def checked(text: str) -> None:
        try:
            check(text)
        except LiteralError as error:
            raise LiteralError(f"{name}: {error.message}", help=error.help) from None

    return checked


def value_of(check: Check, value: object) -> Value:
    """A value that is no plain string: a number, a boolean or a list of values.

    Raises LiteralError for any other type, and for several values of a key that has one.
    """
    if not isinstance(value, list | tuple):
        return _text(check, value)
    if check.single and len(value) != 1:
        raise LiteralError(
            f"{check.key} has one value, not {len(value)}",
            help="write one string, or leave the key out",
        )
    return tuple(_text(check, one) for one in value)


def _text(check: Check, value: object) -> str:
    text = _spelled(check, value)
    if check.text:
        check.text(text)
    return text


def _spelled(check: Check, value: object) -> str:
    match value:
        case str():
            return str(value)
        case bool():
            return str(value).lower()
        case int() | float():
            return _spelled_number(check, value)
        case _:
            raise LiteralError(
                f"a value of {check.key} is neither a string nor a list of strings",
                help="write a string; leave the key out if it is absent",
            )


def _spelled_number(check: Check, value: float) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except ValueError:
        message = f"a value of {check.key} is no number that JSON has"
        raise LiteralError(message, help="write a string") from None


def _address(text: str) -> None:
    if not _IPV4.fullmatch(text):
        parse_address(text)


def _arn(text: str) -> None:
    if text.count(":") < FIELDS - 1 or not text.startswith("arn:"):
        raise LiteralError(
            f'"{text}" is not an ARN',
            help="write arn:partition:service:region:account:resource",
        )


_CHECKS: dict[KeyType, Callable[[str], object] | None] = {
    KeyType.STRING: None,
    KeyType.IP: _address,
    KeyType.DATE: lru_cache(CACHED)(parse_instant),
    KeyType.NUMERIC: parse_number,
    KeyType.BOOL: parse_flag,
    KeyType.ARN: _arn,
}
