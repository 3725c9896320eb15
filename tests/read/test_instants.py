"""Dates and counts of seconds (semantics B3)."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.read.literals import LiteralError, parse_instant


def refused(parse, text: str) -> str:
    with pytest.raises(LiteralError) as caught:
        parse(text)
    assert caught.value.message
    assert caught.value.help
    return caught.value.code


MOMENT = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text, seconds",
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00Z", 0),
        ("1969-12-31T23:59:59Z", -1),
        ("2026-11-24T09:30:00Z", int(MOMENT.timestamp())),
        ("2026-11-24T10:30:00+01:00", int(MOMENT.timestamp())),
        ("2026-11-24T00:00:00-09:30", int(MOMENT.timestamp())),
        ("2026-11-24T09:30:00.999999999Z", int(MOMENT.timestamp())),
        ("1969-12-31T23:59:59.5Z", -1),
        ("1970-01", 0),
        ("1970-01-02", 86400),
        ("2000-02-29", 951782400),
        ("0001-01-01T00:00:00Z", -62135596800),
        ("0001-01-01T00:00:00+23:59", -62135596800 - 86340),
        ("9999-12-31T23:59:59Z", 253402300799),
        ("9999-12-31T23:59:59-23:59", 253402300799 + 86340),
        ("0", 0),
        ("12345", 12345),
        ("-5", -5),
        ("999999999999999999", 10**18 - 1),
    ],
)
def test_instants_are_whole_seconds_since_1970(text, seconds):
    assert parse_instant(text) == seconds


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_every_instant_of_the_calendar_is_read_as_the_standard_library_counts_it(moment):
    moment = moment.replace(microsecond=0)
    start = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    wanted = (moment - start) // dt.timedelta(seconds=1)
    assert parse_instant(moment.isoformat().replace("+00:00", "Z")) == wanted


NO_INSTANTS = [
    "2026",
    "0000",
    "9999",
    "2026-13",
    "2026-00",
    "2026-00-01",
    "2026-02-29",
    "2026-04-31",
    "2026-1-1",
    "26-01-01",
    "2026-01-01T24:00:00Z",
    "2026-01-01T23:60:00Z",
    "2026-01-01T23:59:60Z",
    "2026-01-01T09:30:00",
    "2026-01-01T09Z",
    "2026-01-01T9:30Z",
    "2026-01-01t09:30:00z",
    "2026-01-01T09:30:00.Z",
    "2026-01-01T09:30:00+0100",
    "2026-01-01T09:30:00+24:00",
    "2026-01-01T09:30:00+01:60",
    "2026-01-01T09:30:00+01",
    "2026-01-01Z",
    "0000-01-01",
    "10000-01-01",
    "2026-W01",
    "2026-001",
    "now",
    "1e9",
    "1.5",
    "+5",
    "1000000000000000000",
    "2026-01-01T09:30:00ZZ",
    "\uff12\uff10\uff12\uff16-01-01",
    "",
    " 0",
    "5 ",
]


@pytest.mark.parametrize("text", NO_INSTANTS)
def test_other_texts_are_no_instant(text):
    assert refused(parse_instant, text) == "TYPE_MISMATCH_DATE"
