"""Addresses at the edges of blocks, and those one beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from random import Random

from policycheck.model.address import (
    AddressBetween,
    AddressIn,
    AddressRelation,
    Family,
    address_text,
)
from policycheck.solve.probing_text import distinct, pick

_SHORT_PREFIX = 32
_MOST = 6
"""How many stretches of a block are looked at, from either end."""

Numbers = tuple[Family, int]


def near(
    wanted: AddressRelation, space: Sequence[AddressBetween]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Addresses of ``space`` in the block or range, and addresses of ``space`` beside it."""
    family, first, last = wanted.family, *_bounds(wanted)
    own = [(one.first, one.last) for one in space if one.family is family]
    inside = [
        (max(first, low), min(last, high)) for low, high in own if low <= last and first <= high
    ]
    stretches = inside if len(inside) <= _MOST else inside[:_MOST] + inside[-_MOST:]
    held = {value for low, high in stretches for value in (low, high, (low + high) // 2)}
    beside = {value for edge in _edges(wanted) for value in _closest(edge, own)}
    return (
        _texts((family, value) for value in sorted(held)),
        _texts((family, value) for value in sorted(beside) if not first <= value <= last),
    )


def _bounds(wanted: AddressRelation) -> tuple[int, int]:
    if isinstance(wanted, AddressBetween):
        return wanted.first, wanted.last
    return wanted.network, wanted.network + (1 << wanted.family.width - wanted.prefix) - 1


def _edges(wanted: AddressRelation) -> Iterator[int]:
    """The values one beside the block; also where a /32 block would end, for a bare IPv6 one."""
    first, last = _bounds(wanted)
    yield from (first - 1, last + 1)
    if isinstance(wanted, AddressIn) and wanted.bare and wanted.family is Family.V6:
        size = 1 << wanted.family.width - _SHORT_PREFIX
        start = first // size * size
        yield from (start - 1, start, start + size - 1, start + size)


def _closest(value: int, space: Iterable[tuple[int, int]]) -> Iterator[int]:
    """The value itself if it is in the space, otherwise the nearest ones below and above."""
    below, above = -1, -1
    for low, high in space:
        if low <= value <= high:
            yield value
            return
        if high < value:
            below = max(below, high)
        elif above < 0 or low < above:
            above = low
    yield from (one for one in (below, above) if one >= 0)


def _texts(values: Iterable[Numbers]) -> tuple[str, ...]:
    return distinct(text(family, value) for family, value in values)


@lru_cache(maxsize=4096)
def text(family: Family, value: int) -> str:
    """The address as it is usually written."""
    return address_text(family, value)


def free(space: Sequence[AddressBetween], random: Random) -> str:
    """Any address of the space, often the first or last of one of its ranges."""
    chosen = pick(random, space)
    size = chosen.last - chosen.first + 1
    offset = pick(random, (0, size - 1, int(random.random() * size)))
    return text(chosen.family, chosen.first + min(offset, size - 1))
