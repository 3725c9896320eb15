"""What a statement says of each part of a request."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping

from policycheck.concrete import arn, condition
from policycheck.dataclass import dataclass
from policycheck.model.condition import ConditionEntry, Existing
from policycheck.model.keys import KeySpace, KeyType
from policycheck.model.policy import ActionElement, Statement
from policycheck.model.predicate import Conditions, InPrincipal, InResource, Predicate
from policycheck.model.reading import Reading, Readings
from policycheck.model.region import CLOCK_KEYS
from policycheck.model.text import Variable

Element = ActionElement | Conditions | InPrincipal | InResource

_CALLER_KEYS = frozenset(
    {
        "aws:principalarn",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:userid",
        "aws:username",
    }
)
"""Keys that only spell who the caller is."""


class AxisKind(enum.Enum):
    """The kinds of parts that a request is cut into, in the order in which regions say them."""

    ACTION = "action"
    ROUTE = "route"
    CALLER = "caller"
    TIED = "tied"
    ADDRESS = "address"
    KEY = "key"
    CLOCK = "clock"


@dataclass(frozen=True)
class AxisName:
    """One part of a request.

    ``key`` is the condition key of ADDRESS and KEY. ``element`` is what TIED is about: an element
    that ties parts together by a policy variable, and so is a part of its own that has two values.
    """

    kind: AxisKind
    key: str = ""
    element: Predicate | None = None


def elements(
    statement: Statement, keys: KeySpace, readings: Readings
) -> Iterator[tuple[AxisName, Element]]:
    """Every element of the statement, with the part of a request that it is about.

    A statement applies where all of them hold.
    """
    yield AxisName(AxisKind.ACTION), statement.action
    yield AxisName(AxisKind.CALLER), InPrincipal(statement.principal)
    in_resource = InResource(statement.resource)
    if any(variables for one in statement.resource.patterns if (variables := arn.variables(one))):
        yield AxisName(AxisKind.TIED, element=in_resource), in_resource
    else:
        yield AxisName(AxisKind.ROUTE), in_resource
    for entry in statement.conditions:
        yield _axis(entry, keys), Conditions((entry,))
    if Reading.MISSING_VARIABLE_VOIDS_STATEMENT in readings:
        for variable in _needed(statement):
            entry = Existing("Null", variable.key, (False,), undisputed=True)
            yield _axis(entry, keys), Conditions((entry,))


def _needed(statement: Statement) -> Iterator[Variable]:
    """The variables without which the statement is void: those that have no default."""
    for pattern in statement.resource.patterns:
        yield from (one for one in arn.variables(pattern) if one.default is None)
    for entry in statement.conditions:
        yield from (one for one in condition.variables(entry) if one.default is None)


def _axis(entry: ConditionEntry, keys: KeySpace) -> AxisName:
    if condition.variables(entry):
        return AxisName(AxisKind.TIED, element=Conditions((entry,)))
    if entry.key in CLOCK_KEYS:
        return AxisName(AxisKind.CLOCK)
    if entry.key in _CALLER_KEYS:
        return AxisName(AxisKind.CALLER)
    key = keys.find(entry.key)
    if key is not None and key.type is KeyType.IP and not key.multivalued and not key.declared:
        return AxisName(AxisKind.ADDRESS, entry.key)
    return AxisName(AxisKind.KEY, entry.key)


def by_axis(
    statement: Statement, keys: KeySpace, readings: Readings
) -> Mapping[AxisName, tuple[Element, ...]]:
    """The elements of the statement, each once, by the part that they are about."""
    found: dict[AxisName, tuple[Element, ...]] = {}
    for axis, element in elements(statement, keys, readings):
        if element not in found.get(axis, ()):
            found[axis] = (*found.get(axis, ()), element)
    return found
