"""Verdicts in the form in which they are kept: JSON, with statements by their indexes.

Kept is what cannot be computed quickly. A counterexample or witness is kept as its request alone;
what is decided of it is computed when it is read, by the concrete evaluator.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TypeVar

from policycheck.clock import today
from policycheck.concrete.trial import Trial
from policycheck.diagnostics import InputError
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.keys import KeyType
from policycheck.model.policy import Policy, Statement
from policycheck.model.reading import Reading
from policycheck.model.request import Request
from policycheck.model.request_form import request_to_data
from policycheck.model.verdict import Example, Status, Verdict
from policycheck.read.request import request_from
from policycheck.solve.shown import shown

Kept = dict[str, object]
_Type = TypeVar("_Type")


class DoubtfulError(Exception):
    """A kept verdict that cannot be believed; the text says why."""


def written(verdicts: tuple[Verdict, ...], spec: Spec) -> bytes:
    """The verdicts as JSON, in order, null for one that is unknown."""
    return json.dumps([_kept(one, spec) for one in verdicts], separators=(",", ":")).encode()


def _kept(verdict: Verdict, spec: Spec) -> Kept | None:
    if verdict.status is Status.UNKNOWN:
        return None
    kept: Kept = {"status": verdict.status.value, "readings": _named(verdict.readings)}
    example = verdict.counterexample or verdict.witness
    if example is not None:
        kept["request"] = request_to_data(example.request)
        kept["under"] = _named(example.readings)
        if _has_time(example, spec):
            kept["day"] = today().isoformat()
        return kept
    kept["under"] = _named(verdict.under)
    kept["because"] = [statement.index for statement in verdict.because]
    return kept | ({"reason": verdict.reason} if verdict.reason else {})


def _named(readings: frozenset[Reading] | tuple[Reading, ...]) -> list[str]:
    return sorted(one.value for one in readings)


def _has_time(example: Example, spec: Spec) -> bool:
    """Whether the request says when it is made: that is a time of the day of the run."""
    found = map(spec.environment.keys.find, example.request.context)
    return any(key is not None and (key.type is KeyType.DATE or key.epoch) for key in found)


def read(payload: bytes, policy: Policy, spec: Spec) -> tuple[Verdict | None, ...]:
    """The verdicts that were kept, None for one that is to be found anew.

    Raises DoubtfulError if one has not the form that its status and its assertion demand, names a
    statement that the policy does not have, or has a request that the concrete evaluator does not
    confirm.
    """
    try:
        data = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise DoubtfulError("no JSON") from error
    if not isinstance(data, list) or len(data) != len(spec.assertions):
        raise DoubtfulError("another number of verdicts")
    pairs = zip(data, spec.assertions, strict=True)
    return tuple(None if one is None else _Reader(policy, spec, a).verdict(one) for one, a in pairs)


class _Reader:
    """Reads one verdict."""

    def __init__(self, policy: Policy, spec: Spec, assertion: Assertion) -> None:
        self.policy, self.spec, self.assertion = policy, spec, assertion

    def verdict(self, data: object) -> Verdict | None:
        """The verdict; None if its request belongs to another day. Raises DoubtfulError."""
        kept = _of(dict, data)
        status = _member(Status, kept.get("status"))
        if status is Status.UNKNOWN or (
            (status is not Status.VACUOUS)
            and (("request" in kept) is (self._is_existential is (status is Status.VIOLATED)))
        ):
            raise DoubtfulError("a verdict that its assertion cannot have")
        if status is not Status.VACUOUS and "request" in kept:
            return self._shown(kept, status)
        return Verdict(
            self.policy,
            self.assertion,
            status,
            because=self._statements(kept.get("because")),
            readings=_readings(kept.get("readings")),
            under=_readings(kept.get("under")),
            reason=_of(str, kept.get("reason", "")),
        )

    @property
    def _is_existential(self) -> bool:
        return self.assertion.kind is AssertionKind.SOMETIMES_ALLOWED

    def _shown(self, kept: Kept, status: Status) -> Verdict | None:
        if kept.get("day", today().isoformat()) != today().isoformat():
            return None
        trial = Trial(self.assertion, self.policy, self.spec.environment, self.spec.workflow)
        under = frozenset(_readings(kept.get("under")))
        example = trial.replayed(_request(kept.get("request")), under)
        if example is None:
            raise DoubtfulError("a request that the concrete evaluator does not confirm")
        readings = _readings(kept.get("readings"))
        return shown(self.policy, self.assertion, self.spec, status, example, readings)

    def _statements(self, data: object) -> tuple[Statement, ...]:
        indexes = [_of(int, one) for one in _of(list, data)]
        if indexes != sorted(set(indexes)) or not all(
            0 <= index < len(self.policy.statements) for index in indexes
        ):
            raise DoubtfulError("a statement that the policy does not have")
        return tuple(self.policy.statements[index] for index in indexes)


def _of(kind: type[_Type], value: object) -> _Type:
    if type(value) is not kind:
        raise DoubtfulError(f"{type(value).__name__} in the place of {kind.__name__}")
    return value


def _member(kind: type[_Type], value: object) -> _Type:
    try:
        return kind(_of(str, value))  # type: ignore[call-arg]
    except ValueError as error:
        raise DoubtfulError(f"no {kind.__name__}") from error


def _readings(data: object) -> tuple[Reading, ...]:
    return tuple(_member(Reading, one) for one in _of(list, data))


def _request(data: object) -> Request:
    try:
        return request_from(data)
    except InputError as error:
        raise DoubtfulError("no request") from error


def plain(verdict: Verdict) -> Verdict:
    """The verdict without what differs from run to run, to compare it with a kept one."""
    return replace(verdict, seconds=0.0, cached=False)
