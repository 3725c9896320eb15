"""Numbers, instants and recurring times against the standard library."""

from __future__ import annotations

import operator
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.concrete.order import (
    compares,
    matches,
    parse_bytes,
    parse_flag,
    parse_instant,
    parse_number,
    recurs,
)
from policycheck.model.order import (
    SECONDS_A_DAY,
    BytesEqual,
    Comparison,
    Flag,
    InstantCompares,
    NumberCompares,
    Recurs,
)

offsets = st.integers(-14 * 60, 14 * 60)
instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31))  # noqa: DTZ001
SIGNS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@given(instants, offsets)
def test_an_instant_is_the_seconds_since_1970_rounded_down(local, offset):
    instant = local.replace(tzinfo=timezone(timedelta(minutes=offset)))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert parse_instant(instant.isoformat()) == (instant - epoch) // timedelta(seconds=1)


@given(st.integers(-(10**17), 10**17))
def test_a_whole_number_is_an_instant(seconds):
    assert parse_instant(str(seconds)) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-1-01",
        "2026-01-32",
        "2026-01-01T00:00",
        "2026-01-01T00:00:00",
        "0000-01-01",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00z",
        "1.5",
        "2026-01-01t00:00:00Z",
        "2026-02-30",
        "\u0662026-01-01",
        "2026-01-01Z",
        "9" * 19,
    ],
)
def test_what_is_no_instant_matches_nothing(text):
    assert parse_instant(text) is None
    assert matches(text, InstantCompares(Comparison.GREATER, 0)) is None
    assert matches(text, Recurs(0, SECONDS_A_DAY, frozenset(range(7)), 0)) is None


@given(st.integers(-(10**30), 10**30), st.integers(0, 30))
def test_a_decimal_is_read_exactly(digits, point):
    number = Fraction(digits, 10**point)
    sign, whole = ("-", str(-digits)) if digits < 0 else ("", str(digits))
    whole = whole.rjust(point + 1, "0")
    text = sign + (whole[:-point] + "." + whole[-point:] if point else whole)
    assert parse_number(text) == number


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e99, max_value=1e99))
def test_a_float_is_read_as_it_is_written(number):
    text = repr(number)
    expected = None if abs(float(text.partition("e")[2] or 0)) > 100 else Fraction(text)
    assert parse_number(text) == expected


@pytest.mark.parametrize(
    "text", ["", "+1", "01", ".5", "1.", "1e101", "1e-101", "0x1", "1_0", "nan", "1 ", "9" * 101]
)
def test_what_is_no_number_matches_nothing(text):
    assert parse_number(text) is None
    assert matches(text, NumberCompares(Comparison.EQUAL, Fraction(1))) is None


@pytest.mark.parametrize("clock", ["24:00:00", "12:60:00", "12:00:60", "25:00", "12:61"])
def test_a_clock_has_24_hours_and_60_minutes(clock):
    assert parse_instant(f"2026-11-28T{clock}Z") is None


@given(st.fractions(), st.fractions(), st.sampled_from(list(Comparison)))
def test_a_comparison_is_its_sign(actual, wanted, comparison):
    assert compares(actual, comparison, wanted) is SIGNS[comparison.value](actual, wanted)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("2026-11-22T21:59:59Z", False),
        ("2026-11-22T22:00:00Z", True),
        ("2026-11-23T05:59:59Z", True),
        ("2026-11-23T06:00:00Z", False),
        ("2026-11-23T22:00:00Z", False),
    ],
)
def test_a_night_that_begins_on_sunday_ends_on_monday(text, holds):
    night = Recurs(22 * 3600, 6 * 3600, frozenset({6}), 0)
    assert matches(text, night) is holds


@given(
    st.datetimes(datetime(1970, 1, 3), datetime(2100, 1, 1)),  # noqa: DTZ001
    st.integers(0, SECONDS_A_DAY),
    st.integers(0, SECONDS_A_DAY),
    st.frozensets(st.integers(0, 6)),
    offsets,
)
def test_a_recurring_time_holds_in_some_occurrence(utc, start, end, days, offset):
    recurring = Recurs(start, end, days, offset * 60)
    local = utc.replace(microsecond=0) + timedelta(minutes=offset)
    length = end - start if start < end else end - start + SECONDS_A_DAY
    begins = [
        datetime(local.year, local.month, local.day) - timedelta(days=ago)  # noqa: DTZ001
        for ago in (0, 1)
    ]
    expected = any(
        day.weekday() in days
        and timedelta() <= local - day - timedelta(seconds=start) < timedelta(seconds=length)
        for day in begins
    )
    seconds = int(utc.replace(tzinfo=UTC, microsecond=0).timestamp())
    assert recurs(seconds, recurring) is expected


@pytest.mark.parametrize(
    "text, expected", [("true", True), ("FALSE", False), ("True", True), ("1", None), ("", None)]
)
def test_a_truth_value_is_read_in_any_case(text, expected):
    assert parse_flag(text) is expected
    assert matches(text, Flag(wanted=True)) is expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("aGk=", b"hi"),
        ("", b""),
        ("aGk", None),
        ("a b=", None),
        ("\u00e9", None),
        ("aGk=!", None),
        ("aG\nk=", None),
        ("aG k=", None),
    ],
)
def test_bytes_are_read_from_base64(text, expected):
    assert parse_bytes(text) == expected
    assert matches(text, BytesEqual(b"hi")) is (None if expected is None else expected == b"hi")
