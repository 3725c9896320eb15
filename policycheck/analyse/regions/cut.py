"""Policies cut into axes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from policycheck.analyse.regions.axes import ActionAxis, Axis
from policycheck.analyse.regions.boxes import Box, boxes
from policycheck.analyse.regions.diagram import Question, Role
from policycheck.analyse.regions.elements import AxisKind, AxisName, Element, by_axis
from policycheck.analyse.regions.intervals import address_axis, clock_axis
from policycheck.analyse.regions.logic import logic_axis
from policycheck.analyse.regions.space import Space, space
from policycheck.dataclass import dataclass
from policycheck.model.environment import Environment
from policycheck.model.policy import ActionElement, Effect, Policy
from policycheck.model.predicate import AllOf, Conditions, Predicate
from policycheck.model.reading import Reading
from policycheck.model.region import SOURCE_IP, By, Constraint
from policycheck.model.request import Request
from policycheck.solve.limits import Deadline, Limits

_KINDS = {By.ROUTE: AxisKind.ROUTE, By.NETWORK: AxisKind.ADDRESS, By.PRINCIPAL: AxisKind.CALLER}
_SOURCE = AxisName(AxisKind.ADDRESS, SOURCE_IP)


@dataclass(frozen=True)
class Cut:
    """The requests that can exist, cut by what the policies say; no axes if there are none."""

    policies: tuple[Policy, ...]
    axes: tuple[Axis, ...]

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """The bits of each policy's statements; the first policy's are the lowest."""
        found, bit = [], 1
        for policy in self.policies:
            allow = deny = 0
            for statement in policy.statements:
                if statement.effect is Effect.ALLOW:
                    allow |= bit
                else:
                    deny |= bit
                bit <<= 1
            found.append(Role(allow, deny))
        return tuple(found)

    @cached_property
    def source(self) -> int:
        """The number of the axis of aws:SourceIp."""
        return next(n for n, axis in enumerate(self.axes) if axis.name == _SOURCE)

    def axis_of(self, by: By) -> int | None:
        """The number of the axis by which regions are grouped; None if no statement is about it."""
        kind = _KINDS[by]
        found = (n for n, axis in enumerate(self.axes) if axis.name.kind is kind)
        return self.source if by is By.NETWORK else next(found, None)

    def boxes(self, question: Question, by: By | None, deadline: Deadline) -> tuple[Box, ...]:
        """The boxes of the requests of which the question's answer is yes."""
        if not self.axes:
            return ()
        first = self.axis_of(by) if by else None
        return boxes(self.axes, self.roles, question, first, deadline)

    def predicate(self, box: Box) -> Predicate:
        """The request is in the box."""
        narrowed = (
            axis.predicate(cells)
            for axis, cells in zip(self.axes, box, strict=True)
            if len(cells) < len(axis.masks)
        )
        return AllOf(tuple(narrowed))

    def constraints(self, box: Box) -> tuple[Constraint, ...]:
        """The same for people: what narrows the box."""
        return tuple(
            axis.constraint(cells)
            for axis, cells in zip(self.axes, box, strict=True)
            if len(cells) < len(axis.masks)
        )


def cut(
    policies: Sequence[Policy],
    known: Environment,
    readings: frozenset[Reading],
    limits: Limits,
    deadline: Deadline,
) -> Cut:
    """Cut the requests by the policies. Raises UndecidedError beyond the limits."""
    statements = [one for policy in policies for one in policy.statements]
    said = [by_axis(one, known.keys, readings) for one in statements]
    used = dict.fromkeys((*(name for one in said for name in one), _SOURCE))
    names = sorted(used, key=lambda name: list(AxisKind).index(name.kind))
    asked = [e for one in said for each in one.values() for e in each]
    predicates = [one for one in asked if not isinstance(one, ActionElement)]
    found = space(known, predicates, readings, limits, deadline)
    base = found.base
    if base is None:
        return Cut(tuple(policies), ())
    axes = tuple(_axis(name, [one.get(name, ()) for one in said], found, base) for name in names)
    return Cut(tuple(policies), axes)


def _axis(
    name: AxisName, wanted: Sequence[tuple[Element, ...]], found: Space, base: Request
) -> Axis:
    logical = tuple(tuple(e for e in one if not isinstance(e, ActionElement)) for one in wanted)
    conditions = tuple(tuple(e for e in one if isinstance(e, Conditions)) for one in logical)
    match name.kind:
        case AxisKind.ACTION:
            actions = (tuple(e for e in one if isinstance(e, ActionElement)) for one in wanted)
            return ActionAxis(name, tuple(actions))
        case AxisKind.ADDRESS:
            return address_axis(name, conditions, base, found.known, found.readings)
        case AxisKind.CLOCK:
            return clock_axis(name, conditions, base, found.readings)
        case AxisKind.ROUTE | AxisKind.CALLER | AxisKind.KEY | AxisKind.TIED:
            return logic_axis(name, logical, found)
