"""Values that a person takes for real, tried in this order where a request leaves a choice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from policycheck.clock import now
from policycheck.model.address import Address, Family
from policycheck.model.order import SECONDS_A_DAY
from policycheck.model.route import METHODS
from policycheck.symbolic.symbols import TextSymbol

_NOON = SECONDS_A_DAY // 2

_TEXTS: dict[str, tuple[str, ...]] = {
    "action": ("execute-api:invoke",),
    "partition": ("", "-cn", "-us-gov"),
    "region": ("us-east-1",),
    "account": ("123456789012", "111122223333"),
    "api id": ("abcdef1234",),
    "stage": ("prod", "dev", "test", "v1"),
    "method": METHODS,
    "path": ("pets", "pets/7", ""),
    "caller partition": ("", "-cn", "-us-gov"),
    "caller account": ("111122223333", "444455556666"),
    "caller path": ("team",),
    "caller name": ("developer", "admin"),
    "caller session": ("session",),
    "caller unique id": ("AIDAEXAMPLEID",),
    "federated name": ("federated",),
    "caller service": ("events.amazonaws.com",),
    "custom domain": ("api.example.com",),
    "custom domain id": ("a1b2c3",),
    "organization": ("o-a1b2c3d4e5",),
    "key aws:sourcevpc": ("vpc-0a1b2c3d4e5f67890",),
    "key aws:sourcevpce": ("vpce-0a1b2c3d4e5f67890",),
    "key aws:useragent": ("curl/8.5.0", "Mozilla/5.0"),
    "key aws:referer": ("https://example.com/",),
}
"""By the name of the symbol."""


def plain_texts(symbol: TextSymbol) -> tuple[str, ...]:
    """Plain texts for the symbol, all in its domain; at least one."""
    domain = symbol.domain
    known = _TEXTS.get(symbol.name, ("example", "a"))
    fitting = tuple(text for text in (*known, *(domain.choices or ())) if domain.admits(text))
    return fitting or (_shortest(symbol),)


def plainer_texts(symbol: TextSymbol, text: str) -> Iterator[str]:
    """The text without what a person would not write: slashes in a row, or in front of a path;
    then with a part of the path before each of these."""
    for plainer in (re.sub("/+", "/", text).lstrip("/"), re.sub("(?<![^/])/", "a/", text)):
        if "/" in text and plainer != text and symbol.domain.admits(plainer):
            yield plainer


def _shortest(symbol: TextSymbol) -> str:
    domain = symbol.domain
    chars = sorted(domain.allowed) if domain.allowed else "a0-"
    return next(char for char in chars if char not in domain.forbidden) * domain.shortest


_PUBLIC = ("198.51.100.1", "203.0.113.1", "192.0.2.1", "2001:db8::1")
_PRIVATE = ("10.0.0.1", "172.16.0.1", "192.168.0.1", "2001:db8::1")


def plain_addresses(key: str, given: Address) -> Iterator[Address]:
    """Plain addresses for the key, then rounder neighbours of the one that was given."""
    for text in _PRIVATE if "vpc" in key else _PUBLIC:
        address = ip_address(text)
        yield Address(Family(address.version), int(address))
    width = given.family.width
    for prefix in (8, 16, 24, 28, 30, 32, 48, 64, 96, 112, 120):
        if prefix < width:
            yield Address(given.family, (given.value >> (width - prefix) << (width - prefix)) + 1)


def today() -> int:
    """Noon of the present day, UTC, in seconds since 1970.

    SOURCE_DATE_EPOCH replaces the clock. Raises InputError if it is set and is no number.
    """
    present = now()
    return present - present % SECONDS_A_DAY + _NOON
