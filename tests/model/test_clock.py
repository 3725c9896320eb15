import datetime as dt

import pytest

from policycheck.clock import now, today
from policycheck.diagnostics import InputError


def test_a_given_instant_replaces_the_clock(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796083200")
    assert (now(), today()) == (1796083200, dt.date(2026, 12, 1))


def test_without_one_it_is_the_present(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert abs(today() - dt.datetime.now(dt.UTC).date()) <= dt.timedelta(days=1)


@pytest.mark.parametrize("text", ["tomorrow", "-1", "1.5", "9" * 12, "1" * 5000, " 1"])
def test_what_is_no_instant_is_an_error(monkeypatch, text):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH is not a count of seconds"):
        today()
