"""Assertions about policies for tests in Python: what fails says the request that breaks it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import policycheck as pc
from policycheck.report import text
from policycheck.report.page import Page

PolicyLike = pc.Policy | str | Path | Mapping[str, Any]
"""A policy, the path of its file, or the document as Python has JSON."""

Predicate = Mapping[str, Any] | str
"""A predicate as a spec has it (docs/specs.md)."""

_COMPARING = (pc.AssertionKind.NO_BROADER_THAN, pc.AssertionKind.EQUIVALENT_TO)


def assert_never_allowed(
    policy: PolicyLike, predicate: Predicate, *, timeout: float = 60.0, **spec: Any
) -> None:
    """No request of which the predicate holds is allowed.

    ``spec`` are further sections of a spec (``api``, ``define``, ``keys``, ``workflow``).
    ``timeout`` is in seconds. Raises AssertionError with the counterexample, or if it is vacuous
    or unknown; InputError for a policy or a spec that cannot be used.
    """
    __tracebackhide__ = True
    judge(_policy(policy), _spec(pc.AssertionKind.NEVER_ALLOWED, predicate, spec), timeout)


def assert_always_allowed(
    policy: PolicyLike, predicate: Predicate, *, timeout: float = 60.0, **spec: Any
) -> None:
    """Every request of which the predicate holds is allowed; see :func:`assert_never_allowed`."""
    __tracebackhide__ = True
    judge(_policy(policy), _spec(pc.AssertionKind.ALWAYS_ALLOWED, predicate, spec), timeout)


def assert_sometimes_allowed(
    policy: PolicyLike, predicate: Predicate, *, timeout: float = 60.0, **spec: Any
) -> None:
    """Some request of which the predicate holds is allowed; see :func:`assert_never_allowed`."""
    __tracebackhide__ = True
    judge(_policy(policy), _spec(pc.AssertionKind.SOMETIMES_ALLOWED, predicate, spec), timeout)


def assert_no_broader_than(
    policy: PolicyLike, baseline: PolicyLike, *, timeout: float = 60.0, **spec: Any
) -> None:
    """Whatever is allowed, ``baseline`` allows too; ``when`` narrows the requests that count."""
    __tracebackhide__ = True
    judge(_policy(policy), _compared(pc.AssertionKind.NO_BROADER_THAN, baseline, spec), timeout)


def assert_equivalent_to(
    policy: PolicyLike, baseline: PolicyLike, *, timeout: float = 60.0, **spec: Any
) -> None:
    """The same is allowed as ``baseline`` allows; ``when`` narrows the requests that count."""
    __tracebackhide__ = True
    judge(_policy(policy), _compared(pc.AssertionKind.EQUIVALENT_TO, baseline, spec), timeout)


def assert_spec(policy: PolicyLike, spec: str | Path, *, timeout: float = 60.0) -> None:
    """Every assertion of the spec in a file holds; otherwise all that do not are said."""
    __tracebackhide__ = True
    judge(_policy(policy), pc.load_spec(spec), timeout)


def _spec(kind: pc.AssertionKind, predicate: Predicate, sections: Mapping[str, Any]) -> pc.Spec:
    """A spec with one assertion; the predicate of a comparison is what narrows it."""
    asserted = kind if kind not in _COMPARING else pc.AssertionKind.NEVER_ALLOWED
    one = {"id": kind.value, asserted.value: predicate}
    written = {"version": 1, **sections, "assertions": [one]}
    source = pc.Source(f"<{kind.value}>", json.dumps(written, indent=1))
    return pc.parse_spec(source, Path.cwd())


def _compared(kind: pc.AssertionKind, baseline: PolicyLike, sections: dict[str, Any]) -> pc.Spec:
    spec = _spec(kind, sections.pop("when", {}), sections)
    (one,) = spec.assertions
    against = replace(one, kind=kind, baseline=_policy(baseline))
    return replace(spec, assertions=(against,))


def judge(policy: pc.Policy, spec: pc.Spec, timeout: float) -> None:
    """Every assertion of the spec holds. Raises AssertionError with all that do not."""
    __tracebackhide__ = True
    report = pc.prove(policy, spec, pc.Limits(seconds=timeout))
    if report.failures:
        raise pc.InputError([d for one in report.failures for d in one.diagnostics])
    if not report.ok:
        raise AssertionError("\n" + text.render(report, Page(), quiet=True).rstrip("\n"))


def _policy(given: PolicyLike) -> pc.Policy:
    match given:
        case pc.Policy():
            return given
        case str() | Path():
            return pc.load_policy(given)
        case _:
            return pc.parse_policy(pc.Source("<policy>", json.dumps(given, indent=2)))
