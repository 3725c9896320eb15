"""What one policy allows and another does not: what ``policycheck.diff`` does."""

from __future__ import annotations

import time
from dataclasses import replace

from policycheck.analyse.regions.assemble import Assembly
from policycheck.analyse.regions.certify import Subject
from policycheck.analyse.regions.cut import Cut, cut
from policycheck.analyse.regions.diagram import Question
from policycheck.analyse.regions.disputes import changing
from policycheck.analyse.regions.reaching import breadth, environment_of
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.environment import Environment
from policycheck.model.policy import Policy
from policycheck.model.reading import Reading, in_order
from policycheck.model.region import Difference, Region
from policycheck.model.verdict import Status, Verdict
from policycheck.read.keys_used import require_keys
from policycheck.solve.limits import Deadline, Limits, UndecidedError
from policycheck.solve.memory import bounded
from policycheck.solve.prover import prove


def diff(
    old: Policy,
    new: Policy,
    spec: Spec | Environment | None = None,
    limits: Limits | None = None,
) -> Difference:
    """All that ``new`` allows and ``old`` does not, and the reverse, as disjoint regions.

    ``spec`` says what is known about the API (of a spec only its environment counts). That there
    is no difference is proved, under every reading of AWS's disputed rules. ``limits`` are those
    of the whole question (default: ``Limits()``). Raises InputError if a policy compares a
    declared key with an operator of another type, DisagreementError if the two readings of AWS
    disagree.
    """
    started = time.monotonic()
    known = environment_of(spec)
    for policy in (old, new):
        require_keys(policy, known.keys)
    try:
        with bounded(limits or Limits()):
            found = _diff(old, new, known, limits or Limits())
    except UndecidedError as error:
        found = Difference(old, new, known, unknown=str(error))
    return replace(found, seconds=time.monotonic() - started)


def _diff(old: Policy, new: Policy, known: Environment, limits: Limits) -> Difference:
    deadline = Deadline(limits.seconds)
    verdict = _verdict(old, new, known, limits)
    if verdict.status is Status.UNKNOWN:
        raise UndecidedError(verdict.reason)
    if verdict.status is not Status.VIOLATED:
        return Difference(old, new, known)
    under = frozenset(verdict.under)
    made = cut((new, old), known, under, limits, deadline)
    opened = _regions(
        made,
        Subject(new, old, known, under),
        lambda allowed: allowed[0] and not allowed[1],
        limits,
        deadline,
    )
    closed = _regions(
        made,
        Subject(old, new, known, under),
        lambda allowed: allowed[1] and not allowed[0],
        limits,
        deadline,
    )
    changed = tuple(r for r in _changing(old, new, known, limits, deadline) if r not in under)
    return Difference(old, new, known, opened, closed, verdict.under, changed)


def _verdict(old: Policy, new: Policy, known: Environment, limits: Limits) -> Verdict:
    """Whether both policies allow the same requests, under every reading."""
    same = Assertion("same", AssertionKind.EQUIVALENT_TO, baseline=old)
    (verdict,) = prove([new], Spec((same,), known), limits).verdicts
    return verdict


def _regions(
    made: Cut, subject: Subject, question: Question, limits: Limits, deadline: Deadline
) -> tuple[Region, ...]:
    boxes = made.boxes(question, None, deadline)
    found = Assembly(made, subject, boxes, (), limits, deadline).regions
    return tuple(sorted(found, key=breadth, reverse=True))


def _changing(
    old: Policy, new: Policy, known: Environment, limits: Limits, deadline: Deadline
) -> tuple[Reading, ...]:
    """The readings that change what the difference is."""
    directions = ((new, old), (old, new))
    found = {r for pair in directions for r in changing(pair, known, limits, deadline)}
    return in_order(found)
