"""Condition entries as formulas: negation, absent keys, IfExists and quantifiers live here only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import assert_never

import z3

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.address import AddressBetween, AddressIn
from policycheck.model.arn import ArnLike
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Quantifier, Relation
from policycheck.model.order import BytesEqual, Flag, InstantCompares, NumberCompares, Recurs
from policycheck.model.reading import Reading
from policycheck.model.text import TextEquals, TextEqualsIgnoreCase, TextLike, Variable
from policycheck.symbolic import address, arn, order, text
from policycheck.symbolic.boolean import (
    both,
    constant,
    either,
    every,
    false,
    implies,
    negation,
    true,
)
from policycheck.symbolic.request import Request
from policycheck.symbolic.values import (
    AddressValue,
    ArnValue,
    FlagValue,
    InstantValue,
    KeySymbols,
    NumberValue,
    Slot,
    TextValue,
    Value,
)


def entry_holds(entry: ConditionEntry, request: Request) -> z3.BoolRef:
    """The entry holds of the request (B2-and)."""
    key = request.key(entry.key)
    match entry:
        case Existing():
            return existing_holds(key, entry, request)
        case Comparing():
            return comparing_holds(key, entry, request)
    assert_never(entry)


def existing_holds(actual: KeySymbols | None, wanted: Existing, request: Request) -> z3.BoolRef:
    """The Null operator (B2-null, B2-null-quantified, B2-null-empty)."""
    match wanted.quantifier:
        case Quantifier.FOR_ALL:
            return true()
        case Quantifier.FOR_ANY:
            return false()
        case None:
            absent = _is_absent(actual) if wanted.undisputed else counts_as_absent(actual, request)
            return either(absent if is_absent else negation(absent) for is_absent in wanted.absent)
    assert_never(wanted.quantifier)


def _is_absent(actual: KeySymbols | None) -> z3.BoolRef:
    return true() if actual is None else negation(actual.present)


def counts_as_absent(actual: KeySymbols | None, request: Request) -> z3.BoolRef:
    """The key is absent, or there with nothing but empty values (B2-null-empty, B2-no-values)."""
    absent = _is_absent(actual)
    if actual is None:
        return absent
    empty = _all_empty(actual, request)
    if z3.is_false(empty):
        return absent
    return either((absent, both(request.reading(Reading.EMPTY_VALUE_IS_NULL), empty)))


def _all_empty(actual: KeySymbols, request: Request) -> z3.BoolRef:
    return every(implies(slot.filled, _is_empty(slot, request)) for slot in actual.slots)


def _is_empty(actual: Slot, request: Request) -> z3.BoolRef:
    match actual.value:
        case TextValue() | ArnValue():
            return either(
                both(guard, text.text_matches(words, (), request.atoms))
                for guard, words in actual.value.texts
            )
        case _:
            return both(actual.malformed, actual.empty)


def comparing_holds(actual: KeySymbols | None, wanted: Comparing, request: Request) -> z3.BoolRef:
    """An operator on a key (B2-positive-absent, B2-negated-absent, B2-if-exists-absent,
    B5-for-all, B5-for-all-empty, B5-for-any, B5-for-any-empty, B5-for-any-absent,
    B5-for-any-if-exists)."""
    if actual is None:
        return _where_absent(wanted, request)
    match wanted.quantifier:
        case Quantifier.FOR_ALL:
            each = every(
                implies(slot.filled, value_holds(slot, wanted, request)) for slot in actual.slots
            )
            return either((negation(actual.present), _all_empty(actual, request), each))
        case Quantifier.FOR_ANY:
            some = either(
                both(slot.filled, value_holds(slot, wanted, request)) for slot in actual.slots
            )
            some = both(actual.present, some, negation(_fails_empty(actual, wanted, request)))
            return either((_absent_holds(actual, wanted, request), some))
        case None:
            absent = _absent_holds(actual, wanted, request)
            return either((absent, both(actual.present, _single_holds(actual, wanted, request))))
    assert_never(wanted.quantifier)


def _absent_holds(actual: KeySymbols, wanted: Comparing, request: Request) -> z3.BoolRef:
    """The key is absent, and the operator holds of that."""
    absent = _is_absent(actual)
    return absent if z3.is_false(absent) else both(absent, _where_absent(wanted, request))


def _where_absent(wanted: Comparing, request: Request) -> z3.BoolRef:
    match wanted.quantifier:
        case Quantifier.FOR_ALL:
            return true()
        case Quantifier.FOR_ANY if wanted.if_exists:
            return request.reading(Reading.ANY_VALUE_IF_EXISTS_HOLDS)
        case Quantifier.FOR_ANY:
            return false()
        case None:
            return constant(wanted.if_exists or wanted.negated)
    assert_never(wanted.quantifier)


def _fails_empty(actual: KeySymbols, wanted: Comparing, request: Request) -> z3.BoolRef:
    """All values are empty, which counts as none; where the operator holds of no empty value,
    nothing hangs on that (B5-for-any-empty)."""
    may_be_empty = either(_is_empty(slot, request) for slot in actual.slots)
    if z3.is_false(may_be_empty) or not _may_hold_of_empty(actual, wanted, request):
        return false()
    return both(request.reading(Reading.ANY_VALUE_FAILS_EMPTY), _all_empty(actual, request))


def _may_hold_of_empty(actual: KeySymbols, wanted: Comparing, request: Request) -> bool:
    """The operator may hold of the empty text, for whatever variables stand."""
    slots = actual.slots[:1]
    if isinstance(slots[0].value, TextValue):
        slots = (replace(slots[0], value=TextValue(((true(), ()),))),)
    return not z3.is_false(either(value_holds(slot, wanted, request) for slot in slots))


def _single_holds(actual: KeySymbols, wanted: Comparing, request: Request) -> z3.BoolRef:
    """The key has one value, and that one holds; with several values nothing does
    (B5-several-values)."""
    several = either(both(one.filled, two.filled) for one, two in combinations(actual.slots, 2))
    each = every(implies(slot.filled, value_holds(slot, wanted, request)) for slot in actual.slots)
    return both(negation(several), each)


def value_holds(actual: Slot, wanted: Comparing, request: Request) -> z3.BoolRef:
    """Some relation matches the value, or none does if negated (B2-or, B2-nor, B4-malformed)."""
    matched = _some_match(actual, wanted.relations, request)
    if not wanted.negated:
        return matched
    if z3.is_false(actual.malformed) or not any(map(_is_parsed, wanted.relations)):
        return negation(matched)
    fails = both(request.reading(Reading.MALFORMED_VALUE_FAILS_NEGATED), actual.malformed)
    return both(negation(matched), negation(fails))


def _some_match(actual: Slot, wanted: Sequence[Relation], request: Request) -> z3.BoolRef:
    """The slot's value stands in one of the relations."""
    addresses = [one for one in wanted if isinstance(one, AddressIn | AddressBetween)]
    if isinstance(actual.value, AddressValue) and len(addresses) == len(wanted):
        request.pause()
        is_one = address.some_match(actual.value, addresses, request)
        return both(negation(actual.malformed), is_one)
    return either(slot_matches(actual, relation, request) for relation in wanted)


def slot_matches(actual: Slot, wanted: Relation, request: Request) -> z3.BoolRef:
    """The slot's value stands in the relation; a malformed one only in relations of texts."""
    request.pause()
    matched = relation_matches(actual.value, wanted, request)
    return both(negation(actual.malformed), matched) if _is_parsed(wanted) else matched


def _is_parsed(wanted: Relation) -> bool:
    """The relation asks something of the value's type, not of its text."""
    return not isinstance(wanted, TextEquals | TextEqualsIgnoreCase | TextLike)


def relation_matches(actual: Value, wanted: Relation, request: Request) -> z3.BoolRef:
    """One value of the request stands in one relation.

    Raises InputError if the operator does not fit the key; no key takes B3-binary.
    """
    match wanted, actual:
        case ((TextEquals() | TextEqualsIgnoreCase() | TextLike()), (TextValue() | ArnValue())):
            return text.matches(actual.texts, wanted, request)
        case ArnLike(), ArnValue():
            return arn.matches(actual, wanted, request)
        case ((AddressIn() | AddressBetween()), AddressValue()):
            return address.matches(actual, wanted, request)
        case InstantCompares(), InstantValue(seconds):
            return _date_matches(seconds, wanted, request)
        case Recurs(), InstantValue(seconds):
            return order.recurs(seconds, wanted)
        case NumberCompares(), NumberValue(number):
            return order.number_matches(number, wanted)
        case NumberCompares(), InstantValue(seconds):
            return order.number_matches(z3.ToReal(seconds), wanted)
        case Flag(flag), FlagValue(actual_flag):
            return order.flag_matches(actual_flag, flag)
        case BytesEqual(), _:
            raise _mismatch(wanted)
        case _:
            raise _mismatch(wanted)


def _date_matches(seconds: z3.ArithRef, wanted: InstantCompares, request: Request) -> z3.BoolRef:
    """The instant compares with the policy's date (B3-instant, B3-instant-fraction)."""
    dropped = order.instant_matches(seconds, wanted)
    if not wanted.fraction:
        return dropped
    counts = request.reading(Reading.FRACTIONS_OF_SECONDS_COUNT)
    counted = order.matches_within_a_second(seconds, wanted)
    return either((both(counts, counted), both(negation(counts), dropped)))


def _mismatch(wanted: Relation) -> InputError:
    message = "this operator does not fit the type of the key it is used on"
    return InputError([Diagnostic("INVALID_CONDITION_DATA_TYPE", message, wanted.span)])


def variables(entry: ConditionEntry) -> Iterator[Variable]:
    """The variables that occur in the entry's values."""
    for relation in entry.relations if isinstance(entry, Comparing) else ():
        match relation:
            case TextEquals(wanted) | TextEqualsIgnoreCase(wanted) | TextLike(wanted):
                yield from wanted.variables
            case ArnLike(fields):
                for field in fields:
                    yield from field.variables
            case _:
                pass
