"""Times as grids of a week: a row for each day, a column for each hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from policycheck.dataclass import dataclass
from policycheck.model.assertion import Assertion
from policycheck.model.condition import Comparing
from policycheck.model.order import DAYS_A_WEEK, SECONDS_A_DAY, SECONDS_AN_HOUR, Recurs
from policycheck.model.predicate import Conditions, walk
from policycheck.model.region import Region, Times
from policycheck.report.html.matrix import Matrix
from policycheck.report.region_rows import spell_period

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_WEEKS = 4
"""How many weeks in which something begins or ends are drawn."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONDAY = 3 * SECONDS_A_DAY
"""1970-01-01 was a Thursday: weeks begin three days before."""

_WEEK = DAYS_A_WEEK * SECONDS_A_DAY
_FIRST, _LAST = -62_135_596_800, 253_401_264_000
"""The Mondays on which the first and the last week begin of which the calendar has every day."""

_HOURS = range(24)
Periods = Sequence[tuple[int | None, int | None]]


@dataclass(frozen=True)
class Day:
    """A row: its name and, for each hour, ``on``, ``part`` or ``off``."""

    name: str
    hours: tuple[str, ...]


@dataclass(frozen=True)
class Week:
    """A grid with its title."""

    title: str
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Windows:
    """Times that something is said of, in words and as grids; ``about`` is what."""

    title: str
    lines: tuple[str, ...]
    weeks: tuple[Week, ...]
    about: tuple[str, ...] = ()


def of_matrix(found: Matrix) -> list[Windows]:
    """The times at which alone something is allowed, each with the networks and routes."""
    about: dict[Times, list[str]] = {}
    for row in found.rows:
        for column, cell in zip(found.columns, row.cells, strict=True):
            for times in cell.times:
                where = f"{', '.join(row.network)}: {', '.join(column)}"
                about.setdefault(times, []).append(where)
    return [_windows("Allowed only at these times (UTC)", *one) for one in _ordered(about)]


def of_regions(regions: Iterable[Region], title: str) -> list[Windows]:
    """The times that regions are bound to, each once."""
    found = {each for one in regions for each in one.constraints if isinstance(each, Times)}
    return [_windows(title, *one) for one in _ordered(dict.fromkeys(found, ()))]


def _ordered(found: Mapping[Times, Sequence[str]]) -> list[tuple[Times, Sequence[str]]]:
    return sorted(found.items(), key=lambda one: [(a or 0, b or 0) for a, b in one[0].periods])


def _windows(title: str, times: Times, about: Sequence[str]) -> Windows:
    lines = tuple(spell_period(*one) for one in times.periods)
    return Windows(title, lines, tuple(_weeks(times.periods)), tuple(about))


def of_assertions(assertions: Iterable[Assertion]) -> list[Windows]:
    """The hours that recur in assertions."""
    return [
        Windows(f"{assertion.id} speaks of these hours", (_spelled(one),), (_recurring(one),))
        for assertion in assertions
        for one in recurrences(assertion)
    ]


def recurrences(assertion: Assertion) -> Iterator[Recurs]:
    """Every recurring time in an assertion's predicate."""
    for predicate in walk(assertion.predicate):
        if isinstance(predicate, Conditions):
            for entry in predicate.entries:
                if isinstance(entry, Comparing):
                    yield from (one for one in entry.relations if isinstance(one, Recurs))


def _weeks(periods: Periods) -> Iterator[Week]:
    """The weeks in which a period begins or ends, as far as the calendar has them."""
    bounds = sorted({bound for one in periods for bound in one if bound is not None})
    starts = sorted({(bound + _MONDAY) // _WEEK * _WEEK - _MONDAY for bound in bounds})
    for start in [one for one in starts if _FIRST <= one <= _LAST][:MOST_WEEKS]:
        monday = _EPOCH + timedelta(seconds=start)
        days = tuple(
            Day(
                f"{name} {(monday + timedelta(days=number)).day}",
                tuple(
                    _state(start + number * SECONDS_A_DAY + hour * SECONDS_AN_HOUR, periods)
                    for hour in _HOURS
                ),
            )
            for number, name in enumerate(DAYS)
        )
        yield Week(f"Week of {monday.date().isoformat()}", days)


def _state(hour: int, periods: Periods) -> str:
    """How much of the hour that begins there is in a period."""
    end = hour + SECONDS_AN_HOUR
    inside = 0
    for first, last in periods:
        begin = hour if first is None else max(hour, first)
        stop = end if last is None else min(end, last)
        inside += max(stop - begin, 0)
    return _word(inside)


def _word(seconds: int) -> str:
    return "on" if seconds >= SECONDS_AN_HOUR else "part" if seconds else "off"


def _recurring(one: Recurs) -> Week:
    """The week in local time."""
    days = tuple(
        Day(name, tuple(_word(_covered(one, number, hour)) for hour in _HOURS))
        for number, name in enumerate(DAYS)
    )
    return Week("Every week", days)


def _covered(one: Recurs, day: int, hour: int) -> int:
    """How many seconds of an hour of a weekday are in the window."""
    begin = day * SECONDS_A_DAY + hour * SECONDS_AN_HOUR
    inside = 0
    for each in one.days:
        start = each * SECONDS_A_DAY + one.start
        end = each * SECONDS_A_DAY + one.end + (SECONDS_A_DAY if one.end <= one.start else 0)
        for shift in (0, _WEEK, -_WEEK):
            inside += max(min(begin + SECONDS_AN_HOUR, end + shift) - max(begin, start + shift), 0)
    return inside


def _spelled(one: Recurs) -> str:
    names = ", ".join(DAYS[day] for day in sorted(one.days))
    sign = "-" if one.offset < 0 else "+"
    hours, minutes = divmod(abs(one.offset) // 60, 60)
    return f"{names}, {_clock(one.start)} to {_clock(one.end)}, UTC{sign}{hours:02}:{minutes:02}"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
