"""Condition entries: absent keys, negation, IfExists and quantifiers, and nothing else."""

from __future__ import annotations

from typing import assert_never

from policycheck.concrete import address, arn, order, text
from policycheck.concrete.text import Context
from policycheck.model.address import AddressBetween, AddressIn
from policycheck.model.arn import ArnLike
from policycheck.model.condition import (
    Comparing,
    ConditionEntry,
    Existing,
    Quantifier,
    Relation,
)
from policycheck.model.order import BytesEqual, Flag, InstantCompares, NumberCompares, Recurs
from policycheck.model.reading import Reading, Readings
from policycheck.model.text import TextEquals, TextEqualsIgnoreCase, TextLike, Variable


def entry_holds(entry: ConditionEntry, context: Context, readings: Readings) -> bool:
    """Whether one operator on one key holds of the request's context.

    Rules: B2-key-case, B2-no-values, and those of the two kinds of entry.
    """
    actual = context.get(entry.key, ())
    match entry:
        case Comparing():
            return comparing_holds(actual, entry, context, readings)
        case Existing():
            return existing_holds(actual, entry, readings)
    assert_never(entry)


def existing_holds(actual: tuple[str, ...], wanted: Existing, readings: Readings) -> bool:
    """Whether the Null operator holds of a key's values.

    Rules: B2-null, B2-null-empty, B2-null-quantified.
    """
    if wanted.quantifier is not None:
        return wanted.quantifier is Quantifier.FOR_ALL
    if wanted.undisputed:
        return (not actual) in wanted.absent
    return counts_as_absent(actual, readings) in wanted.absent


def counts_as_absent(actual: tuple[str, ...], readings: Readings) -> bool:
    """Whether Null takes a key with these values for absent (B2-no-values, B2-null-empty)."""
    return not actual or (Reading.EMPTY_VALUE_IS_NULL in readings and not any(actual))


def comparing_holds(
    actual: tuple[str, ...], wanted: Comparing, context: Context, readings: Readings
) -> bool:
    """Whether an operator that compares holds of a key's values.

    Rules: B2-positive-absent, B2-negated-absent, B2-if-exists-absent, B5-several-values,
    B5-for-all, B5-for-all-empty, B5-for-any, B5-for-any-empty, B5-for-any-absent,
    B5-for-any-if-exists.
    """
    match wanted.quantifier:
        case Quantifier.FOR_ALL:
            return not any(actual) or all(
                value_holds(value, wanted, context, readings) for value in actual
            )
        case Quantifier.FOR_ANY if not actual:
            return wanted.if_exists and Reading.ANY_VALUE_IF_EXISTS_HOLDS in readings
        case Quantifier.FOR_ANY if fails_empty(actual, readings):
            return False
        case Quantifier.FOR_ANY:
            return any(value_holds(value, wanted, context, readings) for value in actual)
        case None:
            if not actual:
                return wanted.if_exists or wanted.negated
            return len(actual) == 1 and value_holds(actual[0], wanted, context, readings)
    assert_never(wanted.quantifier)


def fails_empty(actual: tuple[str, ...], readings: Readings) -> bool:
    """Whether ForAnyValue takes values that are all empty for none (B5-for-any-empty)."""
    return Reading.ANY_VALUE_FAILS_EMPTY in readings and not any(actual)


def value_holds(actual: str, wanted: Comparing, context: Context, readings: Readings) -> bool:
    """Whether one value of the request satisfies the operator.

    Rules: B2-or, B2-nor, B4-malformed.
    """
    malformed = False
    for relation in wanted.relations:
        matched = relation_matches(actual, relation, context, readings)
        if matched:
            return not wanted.negated
        malformed = malformed or matched is None
    if malformed and Reading.MALFORMED_VALUE_FAILS_NEGATED in readings:
        return False
    return wanted.negated


def relation_matches(
    actual: str, wanted: Relation, context: Context, readings: Readings
) -> bool | None:
    """Whether one value of the request matches one value of the policy.

    None: the request's text is no value of the relation's type (B4-malformed).
    """
    match wanted:
        case AddressIn() | AddressBetween():
            return address.matches(actual, wanted, readings)
        case TextEquals() | TextEqualsIgnoreCase() | TextLike():
            return text.matches(actual, wanted, context, readings)
        case NumberCompares() | InstantCompares() | Recurs() | Flag() | BytesEqual():
            return order.matches(actual, wanted, readings)
        case ArnLike():
            return arn.matches(actual, wanted, context, readings)
    assert_never(wanted)


def variables(entry: ConditionEntry) -> tuple[Variable, ...]:
    """The variables of the entry's values: String and ARN operators have them (B6-variable)."""
    relations = entry.relations if isinstance(entry, Comparing) else ()
    return tuple(found for wanted in relations for found in _relation_variables(wanted))


def _relation_variables(wanted: Relation) -> tuple[Variable, ...]:
    match wanted:
        case TextEquals(pattern) | TextEqualsIgnoreCase(pattern) | TextLike(pattern):
            return pattern.variables
        case ArnLike(fields):
            return tuple(found for field in fields for found in field.variables)
        case _:
            return ()
