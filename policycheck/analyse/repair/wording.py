"""Edits in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from policycheck.analyse.repair.edits import (
    AddConditions,
    AddResources,
    AddStatement,
    Edit,
    Entry,
    ExtendValues,
    RemoveCondition,
    RemoveStatement,
    ReplaceKey,
    ReplaceOperator,
    ReplaceResource,
    ReplaceValues,
)
from policycheck.analyse.repair.layout import Json
from policycheck.model.policy import Policy

MOST = 4
"""How many values are named; further ones are counted."""


def described(edit: Edit, policy: Policy) -> str:
    """What the edit does to the policy, in one sentence without a full stop."""
    match edit:
        case AddStatement():
            return f"add {_statement_added(edit)}"
        case RemoveStatement(index):
            return f"remove {_named(policy, index)}"
        case ReplaceResource(index, which, resources):
            old = _resource(policy, index, which)
            new = _listed(resources)
            where = _named(policy, index)
            return f"in {where} " + (f"write {new} for {old}" if resources else f"drop {old}")
        case AddResources(index, resources):
            return f"in {_named(policy, index)} list {_listed(resources)} as well"
        case AddConditions(index, entries):
            return f"add to {_named(policy, index)} the condition {_entries(entries)}"
        case _:
            return f"in {_named(policy, edit.statement)} {_condition(edit)}"


def _condition(
    edit: RemoveCondition | ReplaceOperator | ReplaceKey | ReplaceValues | ExtendValues,
) -> str:
    where = f"{edit.operator} on {edit.key}"
    match edit:
        case RemoveCondition():
            return f"remove the condition {where}"
        case ReplaceOperator(wanted=wanted):
            return f"write {wanted} for {where}"
        case ReplaceKey(wanted=wanted):
            return f"write the key {wanted} for {edit.key} under {edit.operator}"
        case ReplaceValues(values=values):
            return f"compare {where} with {_listed(values)} instead"
        case ExtendValues(values=values):
            return f"compare {where} with {_listed(values)} as well"
    assert_never(edit)


def _named(policy: Policy, index: int) -> str:
    sid = policy.statements[index].sid
    return f"statement {index}" + (f" ({sid})" if sid else "")


def _resource(policy: Policy, index: int, which: int) -> str:
    span = policy.statements[index].resource.patterns[which].span
    return span.text.strip('"') if span else f"resource {which}"


def _statement_added(edit: AddStatement) -> str:
    elements = edit.elements
    kind = "an Allow" if elements["Effect"] == "Allow" else "a Deny"
    name = "Resource" if "Resource" in elements else "NotResource"
    value = elements[name]
    resources = [value] if isinstance(value, str) else value
    shown = _listed(map(str, resources)) if isinstance(resources, list) else ""
    on = "on" if name == "Resource" else "on all but"
    sid = f" ({elements['Sid']})" if "Sid" in elements else ""
    return f"{kind} statement{sid} {on} {shown}{_conditions(elements.get('Condition'))}"


def _conditions(block: Json) -> str:
    """What a Condition element demands, as the end of a sentence."""
    operators = block.items() if isinstance(block, dict) else ()
    entries = tuple(
        Entry(operator, key, tuple(map(str, values if isinstance(values, list) else [values])))
        for operator, keys in operators
        if isinstance(keys, dict)
        for key, values in keys.items()
    )
    return f" if {_entries(entries)}" if entries else ""


def _entries(entries: tuple[Entry, ...]) -> str:
    return " and ".join(f"{one.operator} {one.key} {_listed(one.values)}" for one in entries)


def _listed(values: Iterable[str]) -> str:
    found = list(values)
    rest = len(found) - MOST
    return ", ".join(found[:MOST]) + (f" and {rest} more" if rest > 0 else "")
