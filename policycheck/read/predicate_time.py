"""The predicate over when a request is made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.diagnostics import nearest
from policycheck.model.condition import Comparing, ConditionEntry
from policycheck.model.order import (
    SECONDS_A_DAY,
    Comparison,
    InstantCompares,
    OrderRelation,
    Recurs,
    instant_text,
)
from policycheck.model.predicate import ALWAYS, Conditions, Predicate
from policycheck.read.combine import any_of
from policycheck.read.document import Node, NumberNode, TextNode
from policycheck.read.literal_error import LiteralError
from policycheck.read.literals import fraction_of_second, parse_instant
from policycheck.read.scope import Fields, Scope, named
from policycheck.read.shape import literal_error

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIELDS = ("after", "before", "daily", "days", "utc_offset")
WHOLE_DAY = (0, SECONDS_A_DAY)

_CLOCK = r"(\d{2}):(\d{2})(?::(\d{2}))?"
_WINDOW = rf"{_CLOCK} ?- ?{_CLOCK}"
_OFFSET = r"Z|([+-])(\d{2}):(\d{2})"
_MAX_OFFSET = 14 * 3600
"""No place on earth is further from UTC, in seconds."""

_FORM = 'write {after: ..., before: ...} or {daily: "09:00-17:00", days: [mon-fri]}'


def time(node: Node, scope: Scope) -> Predicate:
    """The predicate of a ``time`` entry."""
    return any_of(_time(item, scope) for item in scope.items(node, "time"))


def _time(item: Node, scope: Scope) -> Predicate:
    mapping = scope.mapping(item, "time, a mapping or a list of mappings", _FORM)
    if mapping is None:
        return ALWAYS
    fields = scope.fields(mapping, FIELDS, "time")
    if not mapping.entries:
        scope.missing(mapping, "after, before, daily or days", "time", _FORM)
    return Conditions((*_interval(fields, scope), *_recurrence(fields, scope)))


def _entry(operator: str, relation: OrderRelation) -> ConditionEntry:
    return Comparing(
        operator, "aws:currenttime", (relation,), spelled="aws:CurrentTime", span=relation.span
    )


def _interval(fields: Fields, scope: Scope) -> Iterator[ConditionEntry]:
    after = _instant(fields, "after", Comparison.GREATER_EQUAL, scope)
    before = _instant(fields, "before", Comparison.LESS, scope)
    if after:
        yield _entry("DateGreaterThanEquals", after)
    if before:
        yield _entry("DateLessThan", before)
    if after and before and before.span and before.wanted <= after.wanted:
        message = "before is not later than after, so no time lies between them"
        scope.error("EMPTY_TIME", message, before.span, "", "swap them, or correct one")


def _instant(
    fields: Fields, name: str, comparison: Comparison, scope: Scope
) -> InstantCompares | None:
    node = named(fields, name)
    if node is None:
        return None
    if isinstance(node, NumberNode):
        node = TextNode(node.text, node.span)
    text = scope.text(node, name, "write an instant like 2026-11-24T09:30:00Z")
    if text is None:
        return None
    try:
        return InstantCompares(comparison, _whole_second(text.value), text.span)
    except LiteralError as error:
        scope.diagnostics.append(literal_error(text, error))
        return None


def _whole_second(text: str) -> int:
    """The seconds since 1970 of an instant. Raises LiteralError, also if it lies within a second:
    when a policy's date has a fraction, whether that counts is disputed, and a spec shall be clear.
    """
    seconds = parse_instant(text)
    if fraction_of_second(text):
        raise LiteralError(
            f'"{text}" lies within a second, and requests are timed in whole ones',
            help=f"write {instant_text(seconds)}",
            code="TYPE_MISMATCH_DATE",
        )
    return seconds


def _recurrence(fields: Fields, scope: Scope) -> Iterator[ConditionEntry]:
    daily, days, offset = (named(fields, name) for name in ("daily", "days", "utc_offset"))
    start, end = _window(daily, scope) if daily else WHOLE_DAY
    chosen = _days(days, scope) if days else frozenset(range(7))
    seconds = _offset(offset, scope) if offset else 0
    if offset and not (daily or days):
        advice = "add daily, days or both"
        message = "utc_offset says nothing without daily or days"
        scope.error("MISSING_FIELD", message, fields["utc_offset"][0].span, "", advice)
    if node := daily or days:
        yield _entry("Recurs", Recurs(start, end, chosen, seconds, node.span))


def _window(node: Node, scope: Scope) -> tuple[int, int]:
    """The seconds after midnight at which a window begins and ends."""
    advice = 'write a window like "09:00-17:00"'
    text = scope.text(node, "daily", advice)
    if text is None:
        return WHOLE_DAY
    match = re.fullmatch(_WINDOW, text.value, re.ASCII)
    start, end = (_clock(match, 1), _clock(match, 4)) if match else (None, None)
    if start is None or end is None or start == SECONDS_A_DAY:
        message = f'"{text.value}" is no window of two times of day from 00:00 to 24:00'
        scope.error("INVALID_TIME_OF_DAY", message, text.span, "", advice)
        return WHOLE_DAY
    if start == end:
        advice = 'write "00:00-24:00" for the whole day'
        message = "a window that ends when it begins"
        scope.error("INVALID_TIME_OF_DAY", message, text.span, "", advice)
    return start, end


def _clock(match: re.Match[str], group: int) -> int | None:
    hours, minutes, seconds = (int(match[group + i] or 0) for i in range(3))
    total = hours * 3600 + minutes * 60 + seconds
    return total if minutes < 60 and seconds < 60 and total <= SECONDS_A_DAY else None


def _days(node: Node, scope: Scope) -> frozenset[int]:
    found = {day for value in scope.texts(node, "days") for day in _day_range(value, scope)}
    return frozenset(found)


def _day_range(value: TextNode, scope: Scope) -> Iterator[int]:
    first, dash, last = value.value.replace(" - ", "-").partition("-")
    names = (first, last) if dash else (first, first)
    if any(name not in DAYS for name in names):
        wrong = next(name for name in names if name not in DAYS)
        meant = nearest(wrong, DAYS) or nearest(wrong[:3], DAYS)
        advice = f"write {value.value.replace(wrong, meant)}" if meant and wrong else _day_form()
        message = f'"{wrong}" is no day'
        scope.error("INVALID_DAY", message, value.span, "", advice)
        return
    start, end = map(DAYS.index, names)
    yield from ((start + i) % 7 for i in range((end - start) % 7 + 1))


def _day_form() -> str:
    return f"write one of {', '.join(DAYS)}, or a range like mon-fri"


def _offset(node: Node, scope: Scope) -> int:
    advice = 'write the hours and minutes ahead of UTC, like "+01:00" or "-05:00"'
    text = scope.text(node, "utc_offset", advice)
    if text is None:
        return 0
    match = re.fullmatch(_OFFSET, text.value, re.ASCII)
    seconds = int(match[2] or 0) * 3600 + int(match[3] or 0) * 60 if match else _MAX_OFFSET + 1
    if match is None or seconds > _MAX_OFFSET or int(match[3] or 0) >= 60:
        message = f'"{text.value}" is no offset from UTC from -14:00 to +14:00'
        scope.error("INVALID_UTC_OFFSET", message, text.span, "", advice)
        return 0
    return -seconds if match[1] == "-" else seconds
