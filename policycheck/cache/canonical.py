"""Data of the model as bytes: the same for equal data, in every process."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache

DIGEST_BYTES = 32


def digest(*parts: object) -> bytes:
    """32 bytes that tell the parts from all others: dataclasses, enums, collections and scalars.

    A dataclass counts with its type and the fields that its equality compares, so neither the
    place of a statement in its file nor the spelling of blanks matters. Raises TypeError for a
    value of any other type.
    """
    found = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for token in _tokens(parts):
        found.update(token)
    return found.digest()


def _tokens(value: object) -> Iterator[bytes]:
    """The value, self-delimiting: every token begins with its kind and has its length."""
    match value:
        case None | bool() | int() | float() | Fraction():
            yield _scalar(type(value).__name__, str(value).encode())
        case enum.Enum():
            yield _scalar("enum", f"{type(value).__name__}.{value.name}".encode())
        case str():
            yield _scalar("str", value.encode("utf-8", "surrogatepass"))
        case bytes():
            yield _scalar("bytes", value)
        case tuple() | list():
            yield _head("sequence", len(value))
            for one in value:
                yield from _tokens(one)
        case Mapping():
            yield _head("mapping", len(value))
            yield from sorted(b"".join(_tokens(pair)) for pair in value.items())
        case AbstractSet():
            yield _head("set", len(value))
            yield from sorted(b"".join(_tokens(one)) for one in value)
        case _:
            yield from _instance(value)


def _instance(value: object) -> Iterator[bytes]:
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{type(value).__qualname__} has no canonical form")
    names = _compared(type(value))
    yield _head(f"{type(value).__module__}.{type(value).__qualname__}", len(names))
    for name in names:
        yield from _tokens(getattr(value, name))


@cache
def _compared(kind: type) -> tuple[str, ...]:
    """The fields that two instances are compared by."""
    return tuple(one.name for one in fields(kind) if one.compare)


def _head(kind: str, count: int) -> bytes:
    return f"{kind}({count})".encode()


def _scalar(kind: str, text: bytes) -> bytes:
    return f"{kind}[{len(text)}]".encode() + text
