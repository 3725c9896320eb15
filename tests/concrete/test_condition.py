"""Laws of condition entries."""

from __future__ import annotations

from dataclasses import replace

from drawn import comparing, contexts, entries, existing, readings
from hypothesis import given

from policycheck.concrete.condition import entry_holds
from policycheck.model.condition import Quantifier
from policycheck.model.reading import DEFAULT_READINGS


@given(comparing, contexts)
def test_negation_is_the_complement_where_the_key_has_one_value(entry, context):
    one = {**context, entry.key: ("a",)}
    entry = replace(entry, quantifier=None)
    other = replace(entry, negated=not entry.negated)
    held = entry_holds(entry, one, DEFAULT_READINGS)
    assert held is not entry_holds(other, one, DEFAULT_READINGS)


@given(comparing, contexts)
def test_all_values_hold_if_no_value_fails(entry, context):
    every = replace(entry, quantifier=Quantifier.FOR_ALL)
    some = replace(entry, quantifier=Quantifier.FOR_ANY, negated=not entry.negated)
    if any(context.get(entry.key, ())):
        held = entry_holds(every, context, DEFAULT_READINGS)
        assert held is not entry_holds(some, context, DEFAULT_READINGS)


@given(comparing, contexts)
def test_if_exists_changes_nothing_where_the_key_is_present(entry, context):
    present = {**context, entry.key: context.get(entry.key) or ("a",)}
    other = replace(entry, if_exists=not entry.if_exists)
    held = entry_holds(entry, present, DEFAULT_READINGS)
    assert held is entry_holds(other, present, DEFAULT_READINGS)


@given(comparing, contexts)
def test_the_order_of_values_does_not_count(entry, context):
    turned = replace(entry, relations=entry.relations[::-1])
    held = entry_holds(entry, context, DEFAULT_READINGS)
    assert held is entry_holds(turned, context, DEFAULT_READINGS)


@given(entries, contexts)
def test_a_key_without_values_is_absent(entry, context):
    without = {key: held for key, held in context.items() if key != entry.key}
    empty = {**without, entry.key: ()}
    assert entry_holds(entry, without, ()) is entry_holds(entry, empty, ())


@given(existing, contexts, readings)
def test_null_of_both_values_says_nothing(entry, context, on):
    both = replace(entry, absent=(True, False), quantifier=None)
    assert entry_holds(both, context, on)


@given(entries, contexts)
def test_other_keys_do_not_count(entry, context):
    own = {entry.key: context[entry.key]} if entry.key in context else {}
    assert entry_holds(entry, context, ()) is entry_holds(entry, own, ())
