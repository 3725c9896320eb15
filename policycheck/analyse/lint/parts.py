"""Each element, condition and value of a statement as a formula of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import z3

from policycheck.concrete.condition import entry_holds as concrete_entry_holds
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.arn import AnyResource, ApiResource, ArnResource, ResourcePattern
from policycheck.model.condition import Comparing, ConditionEntry, Existing
from policycheck.model.policy import Statement
from policycheck.model.predicate import Part
from policycheck.model.reading import DEFAULT_READINGS
from policycheck.model.text import Pattern, glob
from policycheck.symbolic import arn, condition, policy, principal
from policycheck.symbolic.boolean import both, either, every, false, negation, true
from policycheck.symbolic.request import Request
from policycheck.symbolic.text import pattern_matches
from policycheck.symbolic.values import AddressValue


@dataclass(frozen=True)
class EntryParts:
    """A condition entry: when it holds, when its key is there, and when each value is met.

    ``not_null``: when the operator Null says that the key is there.
    """

    entry: ConditionEntry
    holds: z3.BoolRef
    present: z3.BoolRef
    not_null: z3.BoolRef
    values: tuple[z3.BoolRef, ...] = ()
    is_v6: z3.BoolRef | None = None


@dataclass(frozen=True)
class ResourceParts:
    """An entry of Resource: when it matches, and when it matches as its author reads it.

    ``route`` are the stage, method and path that its slashes tell apart, if there are as many;
    ``intended`` says that each part of the request's resource matches its own. ``api`` says that
    the request is to the API that the entry names.
    """

    pattern: ResourcePattern
    matches: z3.BoolRef
    api: z3.BoolRef
    route: tuple[str, str, str] | None = None
    intended: z3.BoolRef | None = None


@dataclass(frozen=True)
class Element:
    """An element of a statement with the name that AWS gives it."""

    name: str
    holds: z3.BoolRef
    span: Span | None
    entry: ConditionEntry | None = None


@dataclass(frozen=True)
class Parts:
    """A statement: its elements, its condition entries and the entries of Resource."""

    statement: Statement
    elements: tuple[Element, ...]
    entries: tuple[EntryParts, ...]
    resources: tuple[ResourceParts, ...]

    def but(self, entry: ConditionEntry | None = None, *, resource: bool = False) -> z3.BoolRef:
        """Every element matches, whatever ``entry``, or the resource, says."""
        return every(
            one.holds
            for one in self.elements
            if not (one.entry is entry and entry is not None)
            and not (resource and one.name.endswith("Resource"))
        )


def parts_of(statement: Statement, request: Request) -> Parts:
    """The formulas of a statement's parts."""
    entries = tuple(_entry(one, request) for one in statement.conditions)
    resources = tuple(_resource(one, statement, request) for one in statement.resource.patterns)
    return Parts(statement, tuple(_elements(statement, entries, request)), entries, resources)


def _elements(
    statement: Statement, entries: Iterable[EntryParts], request: Request
) -> Iterable[Element]:
    who, what, where = statement.principal, statement.action, statement.resource
    name = "NotPrincipal" if who.negated else "Principal"
    yield Element(name, principal.element_matches(who, request), who.span)
    name = "NotAction" if what.negated else "Action"
    yield Element(name, policy.action_matches(what, request), what.span)
    name = "NotResource" if where.negated else "Resource"
    yield Element(name, policy.resource_matches(where, request), where.span)
    for one in entries:
        label = f"{one.entry.operator} {one.entry.spelled or one.entry.key}"
        yield Element(label, one.holds, one.entry.span, one.entry)
    voided = policy.voided(statement, request)
    if not z3.is_false(voided):
        yield Element("a policy variable", negation(voided), statement.span)


def _entry(entry: ConditionEntry, request: Request) -> EntryParts:
    holds = condition.entry_holds(entry, request)
    key = request.key(entry.key)
    if key is None:
        return EntryParts(entry, holds, false(), false())
    not_null = condition.entry_holds(Existing("Null", entry.key, (False,)), request)
    values: tuple[z3.BoolRef, ...] = ()
    if isinstance(entry, Comparing):
        values = tuple(
            both(
                key.present,
                either(
                    both(slot.filled, condition.slot_matches(slot, relation, request))
                    for slot in key.slots
                ),
            )
            for relation in entry.relations
        )
    address = key.slots[0].value
    is_v6 = address.is_v6 if isinstance(address, AddressValue) else None
    return EntryParts(entry, holds, key.present, not_null, values, is_v6)


def _resource(pattern: ResourcePattern, statement: Statement, request: Request) -> ResourceParts:
    matches = arn.resource_matches(pattern, request, statement.resource.negated)
    api = _of_api(pattern, request)
    route = route_of(pattern)
    return ResourceParts(pattern, matches, api, route, route and _intended(route, request))


def _of_api(pattern: ResourcePattern, request: Request) -> z3.BoolRef:
    """The request is to the API whose ARN the entry begins with."""
    match pattern:
        case ArnResource(fields):
            name = glob(str(fields[5]).partition("/")[0])
            parts = (Part.PARTITION, Part.REGION, Part.ACCOUNT, Part.API_ID)
            wanted = (fields[1], fields[3], fields[4], name)
            return every(
                pattern_matches(((true(), request.parts[part]),), one, request)
                for part, one in zip(parts, wanted, strict=True)
            )
        case AnyResource() | ApiResource():
            return true()


def route_of(pattern: ResourcePattern) -> tuple[str, str, str] | None:
    """The stage, method and path that the slashes of an entry tell apart.

    None if it has fewer slashes, or a variable.
    """
    match pattern:
        case ApiResource(tail):
            rest = tail
        case ArnResource(fields):
            rest = fields[5]
        case AnyResource():
            return None
    parts = str(rest).split("/", 3)
    if rest.variables or len(parts) < 4:
        return None
    return parts[1], parts[2], "/" + parts[3]


def _intended(route: tuple[str, str, str], request: Request) -> z3.BoolRef:
    """Stage, method and path each match their own part of the entry."""
    patterns: Mapping[Part, Pattern] = dict(
        zip((Part.STAGE, Part.METHOD, Part.PATH), map(glob, route), strict=True)
    )
    return every(
        pattern_matches(((true(), request.parts[part]),), one, request)
        for part, one in patterns.items()
    )


def where_absent(parts: Parts, keys: frozenset[str]) -> z3.BoolRef:
    """The statement applies to the request without these keys, whatever it says of them."""
    kept = []
    for one in parts.elements:
        if one.entry is None or one.entry.key not in keys:
            kept.append(one.holds)
        elif not concrete_entry_holds(one.entry, {}, DEFAULT_READINGS):
            return false()
    return every(kept)
