"""Who can reach what: what ``policycheck.reach`` does."""

from __future__ import annotations

import time
from dataclasses import replace

from policycheck.analyse.regions.assemble import Assembly, union
from policycheck.analyse.regions.boxes import Box
from policycheck.analyse.regions.certify import Subject
from policycheck.analyse.regions.cut import Cut, cut
from policycheck.analyse.regions.disputes import changing
from policycheck.analyse.regions.findings import findings
from policycheck.model.address import Family
from policycheck.model.assertion import Spec
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.reading import DEFAULT_READINGS
from policycheck.model.region import (
    BroadFinding,
    By,
    Constraint,
    Group,
    Reach,
    Region,
)
from policycheck.read.keys_used import require_keys
from policycheck.solve.limits import Deadline, Limits, UndecidedError
from policycheck.solve.memory import bounded


def reach(
    policy: Policy,
    spec: Spec | Environment | None = None,
    by: By | str | None = None,
    limits: Limits | None = None,
) -> Reach:
    """All that the policy allows, as disjoint and complete regions, each with a witness.

    ``spec`` says what is known about the API (of a spec only its environment counts; without one
    nothing is known). ``by`` groups the regions: ``route``, ``network`` or ``principal``.
    ``limits`` are those of the whole question (default: ``Limits()``). Raises InputError if the
    policy compares a declared key with an operator of another type, DisagreementError if the two
    readings of AWS disagree.
    """
    started = time.monotonic()
    known = environment_of(spec)
    require_keys(policy, known.keys)
    grouped = By(by) if by is not None else None
    try:
        with bounded(limits or Limits()):
            found = _reach(policy, known, grouped, limits or Limits())
    except UndecidedError as error:
        found = Reach(policy, known, unknown=str(error))
    return replace(found, seconds=time.monotonic() - started)


def environment_of(spec: Spec | Environment | None) -> Environment:
    """The environment that a spec describes, or that is given itself."""
    if isinstance(spec, Spec):
        return spec.environment
    return spec or Environment()


def _reach(policy: Policy, known: Environment, by: By | None, limits: Limits) -> Reach:
    deadline = Deadline(limits.seconds)
    made = cut((policy,), known, DEFAULT_READINGS, limits, deadline)
    boxes = made.boxes(lambda allowed: allowed[0], by, deadline)
    subject = Subject(policy, None, known, DEFAULT_READINGS)
    broad = findings(made.axes, boxes)
    assembly = Assembly(made, subject, boxes, broad, limits, deadline)
    regions = assembly.regions
    kept = [box for box in boxes if made.predicate(box) in {one.predicate for one in regions}]
    return Reach(
        policy,
        known,
        tuple(sorted(regions, key=breadth, reverse=True)),
        tuple(sorted(assembly.findings, key=breadth, reverse=True)),
        _groups(made, kept, regions, by) if by else (),
        union(made, kept),
        changing((policy,), known, limits, deadline),
    )


def breadth(one: Region | BroadFinding) -> tuple[int, ...]:
    """How much a region opens: public addresses first, then all addresses, then few constraints."""
    found = one.source_ip
    v4, v6 = Family.V4, Family.V6
    public = (found.public_count(v4), found.public_count(v6))
    return (*public, found.count(v4), found.count(v6), -len(one.constraints))


def _groups(made: Cut, boxes: list[Box], regions: tuple[Region, ...], by: By) -> tuple[Group, ...]:
    axis = made.axis_of(by)
    if axis is None:
        return (Group(None, regions, union(made, boxes)),) if regions else ()
    together: dict[frozenset[int], list[int]] = {}
    for number, box in enumerate(boxes):
        together.setdefault(box[axis], []).append(number)
    groups = [
        Group(
            _constraint(made, axis, cells),
            tuple(sorted((regions[n] for n in numbers), key=breadth, reverse=True)),
            union(made, [boxes[n] for n in numbers]),
        )
        for cells, numbers in together.items()
    ]
    return tuple(sorted(groups, key=lambda one: breadth(one.regions[0]), reverse=True))


def _constraint(made: Cut, axis: int, cells: frozenset[int]) -> Constraint | None:
    narrowed = len(cells) < len(made.axes[axis].masks)
    return made.axes[axis].constraint(cells) if narrowed else None
