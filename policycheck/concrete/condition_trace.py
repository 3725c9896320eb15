"""Why an entry of a Condition element holds or not."""

from __future__ import annotations

from typing import assert_never

from policycheck.concrete import address, condition, text
from policycheck.concrete.spelling import spell_relation, spell_variable, verb
from policycheck.concrete.text import Context
from policycheck.model.address import AddressBetween, AddressIn, Family
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Quantifier
from policycheck.model.reading import Reading, Readings
from policycheck.model.trace import Compared, ElementTrace


def trace_entry(entry: ConditionEntry, context: Context, readings: Readings) -> ElementTrace:
    """One operator on one key, with every comparison that it makes."""
    actual = context.get(entry.key, ())
    match entry:
        case Comparing():
            wanted = tuple(map(spell_relation, entry.relations))
            compared = tuple(_compared(value, entry, context, readings) for value in actual)
            pairs = tuple(pair for row in compared for pair in row)
            reason = _comparing_reason(actual, entry, context, readings)
        case Existing():
            wanted = tuple(str(absent).lower() for absent in entry.absent)
            pairs = ()
            reason = _existing_reason(actual, entry, readings)
        case _:
            assert_never(entry)
    return ElementTrace(
        name=entry.operator,
        holds=condition.entry_holds(entry, context, readings),
        actual=actual,
        wanted=wanted,
        compared=pairs,
        reason=reason,
        key=_spelled(entry),
        span=entry.span,
    )


def _spelled(entry: ConditionEntry) -> str:
    return entry.spelled or entry.key


def _compared(
    actual: str, entry: Comparing, context: Context, readings: Readings
) -> tuple[Compared, ...]:
    return tuple(
        Compared(
            actual,
            spell_relation(relation),
            condition.relation_matches(actual, relation, context, readings),
            relation.span,
        )
        for relation in entry.relations
    )


def _existing_reason(actual: tuple[str, ...], entry: Existing, readings: Readings) -> str:
    if entry.quantifier is not None:
        always = "always" if entry.quantifier is Quantifier.FOR_ALL else "never"
        return f"{entry.quantifier.value}:Null {always} holds"
    if actual and condition.counts_as_absent(actual, readings):
        return f"{_spelled(entry)} is empty, which counts as absent"
    return f"{_spelled(entry)} is {'present' if actual else 'absent'}"


def _comparing_reason(
    actual: tuple[str, ...], entry: Comparing, context: Context, readings: Readings
) -> str:
    match entry.quantifier:
        case None if len(actual) > 1:
            return f"{_spelled(entry)} has {len(actual)} values, and the operator no quantifier"
        case None if actual:
            return _value_reason(actual[0], entry, context, readings)
        case None:
            return f"{_spelled(entry)} is absent; {_absent_reason(entry)}"
        case Quantifier.FOR_ALL if not any(actual):
            state = "empty" if actual else "absent"
            return f"{_spelled(entry)} is {state}; ForAllValues then holds"
        case Quantifier.FOR_ANY if not actual:
            holds = entry.if_exists and Reading.ANY_VALUE_IF_EXISTS_HOLDS in readings
            end = "IfExists then holds" if holds else "ForAnyValue then does not hold"
            return f"{_spelled(entry)} is absent; {end}"
        case Quantifier.FOR_ANY if condition.fails_empty(actual, readings):
            return f"{_spelled(entry)} is empty; ForAnyValue then does not hold"
        case _:
            return _quantified_reason(actual, entry, context, readings)


def _absent_reason(entry: Comparing) -> str:
    if entry.if_exists:
        return "an operator with IfExists holds when the key is absent"
    if entry.negated:
        return "a negated operator holds when the key is absent"
    return "an operator that is not negated does not hold when the key is absent"


def _quantified_reason(
    actual: tuple[str, ...], entry: Comparing, context: Context, readings: Readings
) -> str:
    """The reason of the value that settles it: one that holds or fails, or else all."""
    settling = entry.quantifier is Quantifier.FOR_ANY
    for value in actual:
        if condition.value_holds(value, entry, context, readings) is settling:
            return _value_reason(value, entry, context, readings)
    return "no value does" if settling else "every value does"


def _value_reason(actual: str, entry: Comparing, context: Context, readings: Readings) -> str:
    compared = _compared(actual, entry, context, readings)
    for pair, relation in zip(compared, entry.relations, strict=True):
        if pair.matched:
            end = "; a negated operator holds only if nothing matches" if entry.negated else ""
            return f"{_shown(actual)} {verb(relation)[0]} {_shown(pair.wanted)}{end}"
    missing = _missing_variable(entry, context, readings)
    if missing:
        return f"{_shown(actual)} matches no value, and {missing} has no value"
    return _mismatch(actual, entry, compared, readings)


def _mismatch(
    actual: str, entry: Comparing, compared: tuple[Compared, ...], readings: Readings
) -> str:
    if any(pair.matched is None for pair in compared):
        fails = entry.negated and Reading.MALFORMED_VALUE_FAILS_NEGATED in readings
        consequence = (
            "so a negated operator does not hold either" if fails else "so nothing matches"
        )
        return f"{_shown(actual)} is not of the type that {entry.operator} compares, {consequence}"
    if (family := _lone_family(actual, entry)) is not None:
        return f"{actual} is an IPv{family.value} address, and no value is"
    if len(compared) == 1:
        return f"{_shown(actual)} {verb(entry.relations[0])[1]} {_shown(compared[0].wanted)}"
    return f"{_shown(actual)} matches no value"


def _lone_family(actual: str, entry: Comparing) -> Family | None:
    """The family of the request's address if no block of the entry is of it."""
    blocks = [one for one in entry.relations if isinstance(one, AddressIn | AddressBetween)]
    found = address.parse_address(actual)
    if found is None or not blocks or found.family in {block.family for block in blocks}:
        return None
    return found.family


def _missing_variable(entry: Comparing, context: Context, readings: Readings) -> str:
    for variable in condition.variables(entry):
        if text.variable_value(variable, context, readings) is None:
            return spell_variable(variable)
    return ""


def _shown(value: str) -> str:
    return value or "the empty text"
