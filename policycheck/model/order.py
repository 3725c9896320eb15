"""Numbers, instants and recurring times: what is compared by order."""

from __future__ import annotations

import enum
from dataclasses import field
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span

SECONDS_A_DAY = 86_400
SECONDS_AN_HOUR = 3_600
DAYS_A_WEEK = 7

FARTHEST = 10**18 - 1
"""The most seconds from 1970 that a value can count (B3-epoch): more than ISO 8601 can spell."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - isoformat would write the offset


@lru_cache(maxsize=1024)
def instant_text(seconds: int) -> str:
    """The instant as ``YYYY-MM-DDThh:mm:ssZ``, or its seconds where the calendar ends."""
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat() + "Z"
    except OverflowError:
        return str(seconds)


class Comparison(enum.Enum):
    """How the request's value stands to the policy's value."""

    EQUAL = "="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="


@dataclass(frozen=True)
class NumberCompares:
    """A Numeric operator: the request's number ``comparison`` ``wanted`` (semantics B3)."""

    comparison: Comparison
    wanted: Fraction
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class InstantCompares:
    """A Date operator. ``wanted`` is in whole seconds since 1970-01-01T00:00:00Z.

    ``fraction`` is the part of a second, at least 0 and less than 1, that the policy's date has
    beyond it; whether it counts is disputed (B3-instant-fraction). Source:
    IAM/reference_policies_elements_condition_operators; the resolution of one second is semantics
    B3's.
    """

    comparison: Comparison
    wanted: int
    span: Span | None = field(default=None, compare=False, repr=False)
    fraction: Fraction = Fraction(0)


@dataclass(frozen=True)
class Recurs:
    """A time of day that recurs on weekdays; a spec's predicate, no policy can say it.

    Holds from ``start`` up to, not including, ``end`` (seconds after local midnight, both from 0 to
    86,400) on the ``days`` (0 is Monday). ``end <= start`` runs past midnight and belongs to the
    day on which it began. Local time is UTC plus ``offset`` seconds.
    """

    start: int
    end: int
    days: frozenset[int]
    offset: int
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Flag:
    """The Bool operator: the request's value is ``wanted``."""

    wanted: bool
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class BytesEqual:
    """BinaryEquals: the request's value, decoded from base64, is ``wanted``."""

    wanted: bytes
    span: Span | None = field(default=None, compare=False, repr=False)


OrderRelation = NumberCompares | InstantCompares | Recurs | Flag | BytesEqual
