"""The values of conditions: addresses, instants, numbers, truth values and bytes.

Patterns are in ``patterns``; they are offered here too.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from fractions import Fraction
from ipaddress import ip_address

from policycheck.model.address import Address, AddressIn, Family, address_text
from policycheck.model.order import SECONDS_A_DAY
from policycheck.read.literal_error import LiteralError
from policycheck.read.patterns import parse_arn_pattern, parse_pattern

__all__ = [
    "LiteralError",
    "fraction_of_second",
    "parse_address",
    "parse_arn_pattern",
    "parse_bytes",
    "parse_cidr",
    "parse_flag",
    "parse_instant",
    "parse_number",
    "parse_pattern",
]

MAX_DIGITS = 100
"""The longest number, in characters, and the largest exponent that is read."""

MAX_EPOCH_DIGITS = 18
"""The longest count of seconds that is read as an instant, in digits."""

_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{2,45}")
_PREFIX = re.compile(r"0|[1-9][0-9]{0,2}")
_MAPPED, _MAPPED_LENGTH = 0xFFFF, 96
"""What the first 96 bits of an IPv4-mapped IPv6 address say."""
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE](?P<exponent>[+-]?[0-9]+))?"
_EPOCH = r"-?[0-9]+"
_YEAR = r"[0-9]{4}"
_DATE = (
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?)?"
    r"(?:Z|(?P<sign>[+-])(?P<off_hour>[0-9]{2}):(?P<off_minute>[0-9]{2})))?)?"
)
_NO_INTEGERS = ("sign", "fraction")
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()


def parse_address(text: str) -> Address:
    """One IPv4 address (four decimal numbers without leading zeros) or IPv6 address (RFC 4291).

    An IPv4-mapped IPv6 address is an IPv6 address. Raises LiteralError.
    """
    if _ADDRESS.fullmatch(text):
        try:
            found = ip_address(text)
        except ValueError:
            pass
        else:
            return Address(Family(found.version), int(found))
    raise LiteralError(
        f'"{text}" is not an IP address',
        help="write an address like 203.0.113.9 or 2001:db8::1",
        code="TYPE_MISMATCH_IP_RANGE",
    )


def parse_cidr(text: str) -> AddressIn:
    """A CIDR block, or an address that stands for itself; host bits are dropped (semantics B3).

    Raises LiteralError; also for a block of IPv4-mapped IPv6 addresses (RFC 4291, section 2.5.5.2),
    of which AWS does not say whether IPv4 callers are in it (U-5).
    """
    head, slash, tail = text.partition("/")
    try:
        address = parse_address(head)
    except LiteralError:
        raise _not_a_block(text, (0, len(head))) from None
    width = address.family.width
    if slash and (not _PREFIX.fullmatch(tail) or int(tail) > width):
        raise _not_a_prefix(text, len(head) + 1, width)
    check_not_mapped(address, int(tail or width))
    if not slash:
        return AddressIn(address.family, address.value, width, bare=True)
    shift = width - int(tail)
    return AddressIn(address.family, address.value >> shift << shift, int(tail))


def check_not_mapped(address: Address, prefix: int) -> None:
    """Raises LiteralError if the address, before a prefix of that many bits, maps an IPv4 one."""
    if address.family is Family.V4 or address.value >> 32 != _MAPPED:
        return
    host, length = address_text(Family.V4, address.value & 0xFFFFFFFF), prefix - _MAPPED_LENGTH
    block = host if length == Family.V4.width else f"{host}/{length}"
    raise LiteralError(
        "an IPv4 address is written as IPv6; whether IPv4 callers are meant is not documented",
        help=f"write {block if length >= 0 else 'the IPv4 block'} if they are",
        code="TYPE_MISMATCH_IP_RANGE",
    )


def _not_a_block(text: str, part: tuple[int, int]) -> LiteralError:
    return LiteralError(
        f'"{text}" is not an IP address or CIDR block',
        help="write a block like 203.0.113.0/24 or 2001:db8::/32, or one address",
        code="TYPE_MISMATCH_IP_RANGE",
        part=part,
    )


def _not_a_prefix(text: str, start: int, width: int) -> LiteralError:
    return LiteralError(
        f'"{text}" has no valid prefix length',
        help=f"write a number from 0 to {width} after the slash",
        code="TYPE_MISMATCH_IP_RANGE",
        part=(start, len(text)),
    )


def parse_instant(text: str) -> int:
    """An instant in whole seconds since 1970-01-01T00:00:00Z, fractions dropped (semantics B3).

    Takes the forms of W3C NOTE-datetime that are longer than a year (a date without a time is the
    start of its period in UTC), and whole seconds. Raises LiteralError.
    """
    if re.fullmatch(_YEAR, text):
        raise _not_an_instant(
            f'"{text}" may be a year or a count of seconds',
            f"write {text}-01-01T00:00:00Z for the year",
        )
    if re.fullmatch(_EPOCH, text):
        if len(text.lstrip("-")) > MAX_EPOCH_DIGITS:
            raise _not_an_instant(f"{text[:24]}... is too far away for an instant")
        return int(text)
    if (match := re.fullmatch(_DATE, text)) is None:
        raise _not_an_instant(f'"{text}" is not a date')
    return _instant(text, match)


def fraction_of_second(text: str) -> Fraction:
    """The part of a second that an instant has beyond its whole seconds, exactly."""
    match = re.fullmatch(_DATE, text)
    return Fraction(match["fraction"] or 0) if match else Fraction(0)


def _instant(text: str, match: re.Match[str]) -> int:
    part = {
        name: int(value or 0)
        for name, value in match.groupdict().items()
        if name not in _NO_INTEGERS
    }
    try:
        date = dt.date(part["year"], part["month"], part["day"] if match["day"] else 1)
        dt.time(part["hour"], part["minute"], part["second"])
        dt.time(part["off_hour"], part["off_minute"])
    except ValueError as error:
        raise _not_an_instant(f'"{text}" is not a date: {error}') from None
    offset = part["off_hour"] * 3600 + part["off_minute"] * 60
    seconds = part["hour"] * 3600 + part["minute"] * 60 + part["second"]
    days = date.toordinal() - _EPOCH_ORDINAL
    return days * SECONDS_A_DAY + seconds - (-offset if match["sign"] == "-" else offset)


def _not_an_instant(message: str, advice: str = "") -> LiteralError:
    shown = advice or "write a date like 2026-11-24T09:30:00Z"
    return LiteralError(message, help=shown, code="TYPE_MISMATCH_DATE")


def parse_number(text: str) -> Fraction:
    """A decimal number as JSON writes it, exactly.

    Raises LiteralError; also if it has more than ``MAX_DIGITS`` characters or an exponent beyond
    plus or minus ``MAX_DIGITS``.
    """
    match = re.fullmatch(_NUMBER, text)
    if match is None:
        shown = text if len(text) <= MAX_DIGITS else text[:MAX_DIGITS] + "..."
        raise _not_a_number(f'"{shown}" is not a number', "write a number like 10 or -2.5")
    exponent = match["exponent"] or "0"
    if len(text) > MAX_DIGITS or abs(int(exponent)) > MAX_DIGITS:
        raise _not_a_number(
            f"{text[:24]}... is too long or too large for a number",
            f"write at most {MAX_DIGITS} characters",
        )
    return Fraction(text)


def _not_a_number(message: str, advice: str) -> LiteralError:
    return LiteralError(message, help=advice, code="TYPE_MISMATCH_NUMBER")


def parse_flag(text: str) -> bool:
    """``true`` or ``false``, in any case (semantics B3). Raises LiteralError."""
    folded = text.lower()
    if folded not in {"true", "false"}:
        raise LiteralError(
            f'"{text}" is neither true nor false',
            help='write "true" or "false"',
            code="TYPE_MISMATCH_BOOLEAN",
        )
    return folded == "true"


def parse_bytes(text: str) -> bytes:
    """Bytes in base64 (RFC 4648, with padding). Raises LiteralError."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise LiteralError(
            f'"{text}" is not base64',
            help="write the bytes in base64, padded with =",
            code="TYPE_MISMATCH_STRING",
        ) from None
