"""Addresses that nobody has: findings that need no solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address

from policycheck.analyse.lint.inspection import Inspection, finding, listed
from policycheck.model.address import AddressBetween, AddressIn, Family, address_text
from policycheck.model.condition import Comparing
from policycheck.model.finding import Finding
from policycheck.model.special_purpose import documentation

_EXAMPLES = frozenset({"1.2.3.4", "1.2.3.0", "123.123.123.123", "123.45.67.89"})
"""Addresses that stand in for somebody's own in tutorials; they belong to others."""


def placeholder_addresses(inspection: Inspection) -> Iterator[Finding]:
    """Blocks that are reserved for documentation, and well-known stand-ins (semantics D3)."""
    for statement, entry in inspection.comparisons():
        found = tuple(placeholders(entry))
        if not found:
            continue
        verb = "comes from" if len(found) == 1 else "come from"
        yield finding(
            "PLACEHOLDER_ADDRESS",
            f"{listed(tuple(map(spell, found)))} {verb} documentation: nobody calls from there",
            found[0].span or entry.span,
            statement=statement,
            label="a placeholder",
            advice="write the addresses of those who are meant",
        )


def placeholders(entry: Comparing) -> Iterator[AddressIn]:
    """The blocks of an entry that lie in documentation's, or are well-known stand-ins."""
    for relation in entry.relations:
        if isinstance(relation, AddressIn):
            host = str(IPv4Address(relation.network)) if relation.family is Family.V4 else ""
            if within(relation, documentation()) or (host in _EXAMPLES and relation.prefix >= 24):
                yield relation


def within(block: AddressIn, ranges: Iterable[AddressBetween]) -> bool:
    """Whether one of the ranges holds the whole block."""
    first, last = bounds(block)
    return any(r.family is block.family and r.first <= first and last <= r.last for r in ranges)


def bounds(block: AddressIn) -> tuple[int, int]:
    """The first and the last address of the block."""
    return block.network, block.network + (1 << (block.family.width - block.prefix)) - 1


def spell(block: AddressIn) -> str:
    """The block as a policy writes it."""
    host = address_text(block.family, block.network)
    return host if block.bare else f"{host}/{block.prefix}"
