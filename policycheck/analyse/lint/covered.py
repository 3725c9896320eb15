"""Resources and values that the others of their list cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeVar

import z3

from policycheck.analyse.lint.addresses import bounds
from policycheck.analyse.lint.inquiry import Inquiry, no
from policycheck.analyse.lint.inspection import finding
from policycheck.analyse.lint.parts import EntryParts
from policycheck.model.address import AddressIn, Family
from policycheck.model.arn import ResourcePattern
from policycheck.model.condition import Comparing, Relation
from policycheck.model.finding import Finding
from policycheck.model.policy import Statement
from policycheck.model.text import TextEquals
from policycheck.read.variables_used import variables_of
from policycheck.symbolic.boolean import both, either

_Entry = TypeVar("_Entry")

_REST = 96
"""The bits behind the /32 for which a bare IPv6 address may stand."""


def redundant_entries(inquiry: Inquiry, statement: Statement) -> Iterator[Finding]:
    """Entries of Resource and of conditions that the other entries of their list cover."""
    if inquiry.is_dead(statement):
        return
    parts = inquiry.parts[statement.index]
    found = [one for one in parts.resources if inquiry.is_possible(one.matches)]
    resources = [(one.pattern, one.matches) for one in found]
    for pattern, _ in _covered(inquiry, resources):
        if _may_void(statement, pattern):
            continue
        yield finding(
            "REDUNDANT_RESOURCE",
            "the other entries of this list cover this one",
            getattr(pattern, "span", None),
            statement=statement,
            label="covered",
            evidence="proved: no request matches it and none of the others",
            advice="take it out",
        )
    for entry in parts.entries:
        yield from _redundant_values(inquiry, statement, entry)


def _redundant_values(
    inquiry: Inquiry, statement: Statement, parts: EntryParts
) -> Iterator[Finding]:
    entry = parts.entry
    if not isinstance(entry, Comparing) or not parts.values:
        return
    if all(isinstance(one, AddressIn) for one in entry.relations):
        covered: list[tuple[Relation, Relation | None]] = list(_nested(entry.relations))
    elif all(isinstance(one, TextEquals) and one.wanted.literal for one in entry.relations):
        return
    else:
        pairs = list(zip(entry.relations, parts.values, strict=True))
        possible = [(one, met) for one, met in pairs if inquiry.is_possible(met)]
        covered = [(one, None) for one, _ in _covered(inquiry, possible)]
    for one, other in covered:
        if _may_void(statement, one):
            continue
        if any(_is_bound(value) for value in entry.relations):
            return
        by = f"{other.span.text} covers" if other and other.span else "the other values cover"
        shown = one.span.text if one.span else "this"
        yield finding(
            "REDUNDANT_CONDITION_VALUE",
            f"{by} {shown}",
            one.span,
            statement=statement,
            label="covered",
            evidence="proved: no request matches it and none of the others",
            advice="take it out",
        )


def _is_bound(relation: Relation) -> bool:
    """Whether the value is a bound, of which several have a finding of their own."""
    return hasattr(relation, "comparison")


def _nested(relations: Sequence[Relation]) -> Iterator[tuple[AddressIn, AddressIn]]:
    """Blocks that lie within another of the list, each with that other one."""
    blocks = [one for one in relations if isinstance(one, AddressIn)]
    for one in dict.fromkeys(blocks):
        first, last = _widest(one)
        for other in blocks:
            low, high = bounds(other)
            wider = low <= first and last <= high and (low, high) != (first, last)
            if other.family is one.family and wider:
                yield one, other
                break


def _widest(block: AddressIn) -> tuple[int, int]:
    """The first and the last address of the block under any reading (B3-address-bare-ipv6)."""
    if block.bare and block.family is Family.V6:
        first = block.network >> _REST << _REST
        return first, first + (1 << _REST) - 1
    return bounds(block)


def _may_void(statement: Statement, one: Relation | ResourcePattern) -> bool:
    """Whether, by a disputed reading, the statement is void where a variable of this entry alone
    has no value (B6-variable-void)."""
    compared = [e.relations for e in statement.conditions if isinstance(e, Comparing)]
    others = [each for each in chain(statement.resource.patterns, *compared) if each != one]
    named = {variable.key for other in others for variable in variables_of(other)}
    return any(v.default is None and v.key not in named for v in variables_of(one))


def _covered(
    inquiry: Inquiry, entries: Sequence[tuple[_Entry, z3.BoolRef]]
) -> Iterator[tuple[_Entry, z3.BoolRef]]:
    """The entries that those left cover under all readings, equal ones left aside."""
    distinct = list(dict(entries).items())
    kept = list(distinct)
    for one, met in reversed(distinct):
        others = [other for other in kept if other[0] != one]
        if others and not inquiry.is_possible(
            both(met, no(either(other for _, other in others))), readings=None
        ):
            kept = others
            yield one, met
