"""Numbers, instants, flags and bytes: what a request's text denotes, and how it compares."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import assert_never

from policycheck.model.order import (
    SECONDS_A_DAY,
    BytesEqual,
    Comparison,
    Flag,
    InstantCompares,
    NumberCompares,
    OrderRelation,
    Recurs,
)
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings

_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?0*(100|[0-9]{1,2}))?"
_LONGEST_NUMBER = 100
_EPOCH = re.compile(r"-?[0-9]{1,18}")
_INSTANT = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})"
    r"(-(?P<day>[0-9]{2})"
    r"(T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(:(?P<second>[0-9]{2})(\.[0-9]+)?)?"
    r"(Z|(?P<sign>[+-])(?P<ahead_hour>[0-9]{2}):(?P<ahead_minute>[0-9]{2})))?)?"
)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_THURSDAY = 3


def matches(
    actual: str, wanted: OrderRelation, readings: Readings = DEFAULT_READINGS
) -> bool | None:
    """Whether the request's value stands in the relation to the policy's.

    None: the text is no value of the relation's type. Rules: B3-number, B3-instant,
    B3-instant-fraction, B3-bool, B3-binary, S1-recurs.
    """
    match wanted:
        case NumberCompares(comparison, number):
            value = parse_number(actual)
            return None if value is None else compares(value, comparison, number)
        case InstantCompares(comparison):
            instant = parse_instant(actual)
            return (
                None if instant is None else compares(instant, comparison, _date(wanted, readings))
            )
        case Recurs():
            instant = parse_instant(actual)
            return None if instant is None else recurs(instant, wanted)
        case Flag(flag):
            value_flag = parse_flag(actual)
            return None if value_flag is None else value_flag is flag
        case BytesEqual(content):
            decoded = parse_bytes(actual)
            return None if decoded is None else decoded == content
    assert_never(wanted)


def _date(wanted: InstantCompares, readings: Readings) -> Fraction | int:
    """The seconds since 1970 that the policy's date stands for (B3-instant-fraction)."""
    counts = wanted.fraction and Reading.FRACTIONS_OF_SECONDS_COUNT in readings
    return wanted.wanted + wanted.fraction if counts else wanted.wanted


def compares(actual: Fraction | int, comparison: Comparison, wanted: Fraction | int) -> bool:
    """Whether ``actual`` stands to ``wanted`` as ``comparison`` says (B3-number, B3-instant)."""
    match comparison:
        case Comparison.EQUAL:
            return actual == wanted
        case Comparison.LESS:
            return actual < wanted
        case Comparison.LESS_EQUAL:
            return actual <= wanted
        case Comparison.GREATER:
            return actual > wanted
        case Comparison.GREATER_EQUAL:
            return actual >= wanted
    assert_never(comparison)


def recurs(actual: int, wanted: Recurs) -> bool:
    """Whether the instant, in seconds since 1970, lies in the recurring time (S1-recurs)."""
    day, second = divmod(actual + wanted.offset, SECONDS_A_DAY)
    weekday = (day + _THURSDAY) % 7
    if wanted.start < wanted.end:
        return weekday in wanted.days and wanted.start <= second < wanted.end
    began_today = weekday in wanted.days and second >= wanted.start
    began_yesterday = (weekday - 1) % 7 in wanted.days and second < wanted.end
    return began_today or began_yesterday


def parse_number(text: str) -> Fraction | None:
    """The exact value of a number as JSON writes it, or None (B3-number-text).

    One of more than 100 characters, or with an exponent beyond 100, is none.
    """
    fits = len(text) <= _LONGEST_NUMBER and re.fullmatch(_NUMBER, text)
    return Fraction(text) if fits else None


@lru_cache(maxsize=4096)
def parse_instant(text: str) -> int | None:
    """The whole seconds since 1970-01-01T00:00:00Z, rounded down, or None.

    Rules: B3-instant-text, B3-instant-partial, B3-instant-seconds, B3-epoch.
    """
    if _EPOCH.fullmatch(text):
        return int(text)
    found = _INSTANT.fullmatch(text)
    if found is None:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"] or 1))
    except ValueError:
        return None
    clock = _seconds(found["hour"], found["minute"], found["second"])
    ahead = _seconds(found["ahead_hour"], found["ahead_minute"], None)
    if clock is None or ahead is None:
        return None
    midnight = (day.toordinal() - _EPOCH_DAY) * SECONDS_A_DAY
    return midnight + clock + (ahead if found["sign"] == "-" else -ahead)


def _seconds(hour: str | None, minute: str | None, second: str | None) -> int | None:
    """The seconds of a time of day, its missing parts being zero; None if it is out of range."""
    h, m, s = int(hour or 0), int(minute or 0), int(second or 0)
    return h * 3600 + m * 60 + s if h < 24 and m < 60 and s < 60 else None


def parse_flag(text: str) -> bool | None:
    """The truth value of ``true`` or ``false`` in any case, or None (B3-bool)."""
    return {"true": True, "false": False}.get(text.lower())


def parse_bytes(text: str) -> bytes | None:
    """The bytes of a base64 text, or None (B3-binary)."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
