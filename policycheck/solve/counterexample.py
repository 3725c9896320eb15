"""From a model to a request that a person believes: replayed, with plain values, and without a key
that does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from policycheck.model.address import Address
from policycheck.model.keys import Presence
from policycheck.model.order import DAYS_A_WEEK, SECONDS_A_DAY, SECONDS_AN_HOUR
from policycheck.model.request import Request
from policycheck.model.route import METHODS
from policycheck.solve.assignment import Assignment, SlotAssignment, request_of
from policycheck.solve.plain import plain_addresses, plain_texts, plainer_texts, today
from policycheck.symbolic.symbols import TextSymbol

Check = Callable[[Request], bool]
"""Whether a request can exist and shows what it is to show, by the concrete evaluator."""


def polished(assignment: Assignment, check: Check) -> Assignment:
    """The assignment with every value as plain, and as few keys, as ``check`` lets through."""
    current = _without_needless_keys(assignment, check)
    for candidates in (_routes, _clocks, _instants, _addresses, _flags, _texts, _texts):
        current = _best(current, candidates, check)
    return _without_needless_keys(_with_single_values(current, check), check)


def _passes(candidate: Assignment, check: Check) -> bool:
    return check(request_of(candidate))


def _without_needless_keys(assignment: Assignment, check: Check) -> Assignment:
    """Drop each key, or pair of keys that go together, that may be absent and does not matter."""
    current = assignment
    for dropped in _optional_keys(assignment):
        rest = {key: slots for key, slots in current.keys.items() if key not in dropped}
        candidate = replace(current, keys=rest)
        current = candidate if _passes(candidate, check) else current
    return current


def _optional_keys(assignment: Assignment) -> Iterator[frozenset[str]]:
    organization = frozenset(
        name for name in assignment.keys if assignment.names[name].presence is Presence.ORGANIZATION
    )
    if organization:
        yield organization
    for name in sorted(assignment.keys):
        if assignment.names[name].presence is not Presence.ALWAYS:
            yield frozenset({name})


def _with_single_values(assignment: Assignment, check: Check) -> Assignment:
    """Drop each value of a key with several that is not needed."""
    current = assignment
    for name, slots in assignment.keys.items():
        for slot in slots:
            kept = current.keys.get(name, ())
            if len(kept) > 1:
                fewer = tuple(one for one in kept if one is not slot)
                candidate = replace(current, keys={**current.keys, name: fewer})
                current = candidate if _passes(candidate, check) else current
    return current


Move = Callable[[Assignment], Iterator[Assignment]]
"""The candidates for one value, best first."""


def _best(
    assignment: Assignment, choices: Callable[[Assignment], Iterator[Move]], check: Check
) -> Assignment:
    """For each choice the first candidate that passes; none, if the value is best as it is."""
    current = assignment
    for move in choices(assignment):
        for candidate in move(current):
            if candidate == current:
                break
            if _passes(candidate, check):
                current = candidate
                break
    return current


def _routes(_: Assignment) -> Iterator[Move]:
    yield _route_candidates


def _route_candidates(current: Assignment) -> Iterator[Assignment]:
    """A path in which a verb stands, as ``*`` may swallow it, with that verb as the method."""
    symbols = {symbol.name: symbol for symbol in current.symbols()}
    method, path = symbols["method"], symbols["path"]
    segments = current.texts[path].split("/")
    for index, segment in enumerate(segments):
        if segment in METHODS:
            rest = "/".join(segments[index + 1 :])
            yield replace(current, texts={**current.texts, method: segment, path: rest})


def _clocks(_: Assignment) -> Iterator[Move]:
    yield _clock_candidates


def _clock_candidates(current: Assignment) -> Iterator[Assignment]:
    """Today at noon, then the time of day that was given on a day of this week, then its date."""
    yield replace(current, clock=today())
    second = current.clock % SECONDS_A_DAY
    this_morning = today() - today() % SECONDS_A_DAY
    for day in range(DAYS_A_WEEK):
        yield replace(current, clock=this_morning + day * SECONDS_A_DAY + second)
    midnight = current.clock - second
    yield from (replace(current, clock=midnight + second) for second in (SECONDS_A_DAY // 2, 0))


def _instants(assignment: Assignment) -> Iterator[Move]:
    for name, slots in assignment.keys.items():
        if slots and type(slots[0].value) is int and not slots[0].is_clock:
            yield partial(_instant_candidates, name)


def _instant_candidates(name: str, current: Assignment) -> Iterator[Assignment]:
    yield _with_slot(current, name, 0, SlotAssignment(current.clock - SECONDS_AN_HOUR))
    yield _with_slot(current, name, 0, SlotAssignment(current.clock))


def _addresses(assignment: Assignment) -> Iterator[Move]:
    for name, slots in assignment.keys.items():
        for index, slot in enumerate(slots):
            if isinstance(slot.value, Address):
                yield partial(_address_candidates, name, index, slot.value)


def _address_candidates(
    name: str, index: int, given: Address, current: Assignment
) -> Iterator[Assignment]:
    for address in plain_addresses(name, given):
        yield _with_slot(current, name, index, SlotAssignment(address))


def _flags(assignment: Assignment) -> Iterator[Move]:
    for name, slots in assignment.keys.items():
        if slots and isinstance(slots[0].value, bool):
            yield partial(_flag_candidates, name)


def _flag_candidates(name: str, current: Assignment) -> Iterator[Assignment]:
    yield _with_slot(current, name, 0, SlotAssignment(value=True))


def _with_slot(current: Assignment, name: str, index: int, slot: SlotAssignment) -> Assignment:
    slots = current.keys.get(name, ())
    changed = (*slots[:index], slot, *slots[index + 1 :])
    return replace(current, keys={**current.keys, name: changed})


def _texts(assignment: Assignment) -> Iterator[Move]:
    for symbol in assignment.symbols():
        yield partial(_text_candidates, symbol)


def _text_candidates(symbol: TextSymbol, current: Assignment) -> Iterator[Assignment]:
    """Plain texts for the symbol, or for all that hold the same text, as equal ones may have to."""
    equal = [one for one in current.symbols() if current.texts[one] == current.texts[symbol]]
    plainer = plainer_texts(symbol, current.texts[symbol])
    for text in (*plain_texts(symbol), *plainer):
        yield replace(current, texts={**current.texts, symbol: text})
        if len(equal) > 1:
            yield replace(current, texts={**current.texts, **dict.fromkeys(equal, text)})
