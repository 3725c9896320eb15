"""Numbers and instants as texts: what a request's text denotes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"(?P<minute>[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)"
    r"(\.[0-9]+)?(?P<zone>Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
_MOST_NUMBER = 100


def number(text: str) -> Fraction:
    """The exact value of a number (B3-number-text). Raises ValueError if the text is none."""
    if len(text) > _MOST_NUMBER or text != text.strip():
        raise ValueError(f"no number: {text!r}")
    exponent = text.lower().partition("e")[2]
    if exponent and abs(int(exponent)) > _MOST_NUMBER:
        raise ValueError(f"too large an exponent: {text!r}")
    value = json.loads(text, parse_int=Decimal, parse_float=Decimal, parse_constant=lambda _: None)
    if not isinstance(value, Decimal):
        raise ValueError(f"no number: {text!r}")  # noqa: TRY004 - the text is at fault
    return Fraction(value)


def instant(text: str) -> int:
    """The seconds since 1970 (B3-instant-text, B3-instant-partial, B3-instant-seconds, B3-epoch).

    Raises ValueError if the text is no instant.
    """
    if re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    if _MONTH.fullmatch(text):
        return instant(f"{text}-01")
    if _DAY.fullmatch(text):
        return instant(f"{text}T00:00Z")
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"no instant: {text!r}")
    moment = datetime.fromisoformat(found["minute"] + found["zone"].replace("Z", "+00:00"))
    return (moment - _EPOCH) // timedelta(seconds=1)
