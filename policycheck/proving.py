"""Proving a spec's assertions about one policy or several: what ``policycheck.prove`` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from policycheck.diagnostics import Diagnostic, Level
from policycheck.model.assertion import AssertionKind, Spec
from policycheck.model.keys import KeySpace
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure, Report, Status, Verdict
from policycheck.read.keys_used import check_keys
from policycheck.solve.limits import Limits

if TYPE_CHECKING:
    from policycheck.cache.verdicts import VerdictCache
    from policycheck.certifying.certifier import Certifier

OnVerdict = Callable[[Verdict], None]


def prove(  # noqa: PLR0913 (all but two have defaults)
    policies: Policy | Iterable[Policy],
    spec: Spec,
    limits: Limits | None = None,
    on_verdict: OnVerdict | None = None,
    cache: VerdictCache | None = None,
    *,
    certifier: Certifier | None = None,
) -> Report:
    """The verdict of every assertion of ``spec`` about each policy, in order.

    ``limits`` are per assertion (default: ``Limits()``); ``on_verdict`` is called with each
    verdict as soon as it is there; what ``cache`` holds is not decided again, and what is decided
    is kept there. ``certifier`` asks a second solver about each verdict; then everything is
    decided anew, whatever ``cache`` holds. A policy that compares a declared key with an operator
    of another type is a failure in the report. Raises DisagreementError if the two readings of
    AWS disagree about a counterexample, or the two solvers about a verdict.
    """
    given = [policies] if isinstance(policies, Policy) else policies
    failures: list[Failure] = []
    warnings: list[Diagnostic] = list(spec.warnings)
    verdicts: list[Verdict] = []
    for policy in given:
        told = spec_about(policy, spec)
        found = told if isinstance(told, tuple) else _checked(policy, told)
        if isinstance(told, tuple) or any(one.level is Level.ERROR for one in found):
            failures.append(Failure(policy.name, found))
            continue
        warnings.extend((*policy.warnings, *found))
        bounds = limits or Limits()
        if certifier is None:
            verdicts.extend(_decided(policy, told, bounds, on_verdict, cache))
        else:
            verdicts.extend(_certified(policy, told, bounds, on_verdict, certifier))
    return Report(tuple(verdicts), tuple(failures), tuple(warnings))


def spec_about(policy: Policy, spec: Spec) -> Spec | tuple[Diagnostic, ...]:
    """The spec with what the document around the policy says of the API, where it says nothing.

    Errors instead if the two contradict each other.
    """
    if objection := policy.facts.contradicts(spec.environment):
        return (objection,)
    known = policy.facts.fill(spec.environment) if policy.facts else spec.environment
    if policy.symbols:
        open_values = (one.declared for one in policy.symbols)
        keys = KeySpace.of((*known.keys.declared.values(), *open_values))
        known = replace(known, keys=keys)
    return spec if known is spec.environment else replace(spec, environment=known)


def _decided(
    policy: Policy,
    spec: Spec,
    limits: Limits,
    on_verdict: OnVerdict | None,
    cache: VerdictCache | None,
) -> tuple[Verdict, ...]:
    """The verdicts about one policy, in order: those that are kept, and those that are found."""
    if cache is None:
        return _solved(policy, spec, limits, on_verdict)
    started = time.monotonic()
    kept = cache.recall(policy, spec, limits)
    known = sum(one is not None for one in kept)
    seconds = (time.monotonic() - started) / max(known, 1)
    recalled = [one and replace(one, seconds=seconds, cached=True) for one in kept]
    for one in recalled:
        if one is not None and on_verdict is not None:
            on_verdict(one)
    if known == len(kept):
        return tuple(one for one in recalled if one is not None)
    missing = [a for a, one in zip(spec.assertions, recalled, strict=True) if one is None]
    found = iter(_solved(policy, replace(spec, assertions=tuple(missing)), limits, on_verdict))
    verdicts = tuple(next(found) if one is None else one for one in recalled)
    cache.keep(policy, spec, limits, verdicts)
    return verdicts


def _certified(
    policy: Policy,
    spec: Spec,
    limits: Limits,
    on_verdict: OnVerdict | None,
    certifier: Certifier,
) -> tuple[Verdict, ...]:
    """The verdicts about one policy, found anew, with what the second solver says of each."""
    found: list[Verdict] = []

    def certify(verdict: Verdict) -> None:
        found.append(certified := certifier.certified(verdict, spec, limits))
        if on_verdict is not None:
            on_verdict(certified)

    _solved(policy, spec, limits, certify)
    return tuple(found)


def _solved(
    policy: Policy, spec: Spec, limits: Limits, on_verdict: OnVerdict | None
) -> tuple[Verdict, ...]:
    """The verdicts that the solver finds; it is loaded for that, and not before."""
    from policycheck.solve import prover  # noqa: PLC0415

    if not policy.symbols:
        return prover.prove([policy], spec, limits, on_verdict).verdicts
    found: list[Verdict] = []

    def note(verdict: Verdict) -> None:
        found.append(decided := _for_every_value(verdict))
        if on_verdict is not None:
            on_verdict(decided)

    prover.prove([policy], spec, limits, note)
    return tuple(found)


def _for_every_value(verdict: Verdict) -> Verdict:
    """The verdict for every value of the symbols, if it was found for some value."""
    is_some = verdict.assertion.kind is AssertionKind.SOMETIMES_ALLOWED
    if not (verdict.policy.symbols and is_some and verdict.status is Status.PROVED):
        return verdict
    names = ", ".join(dict.fromkeys(one.name for one in verdict.policy.symbols))
    reason = f"a request is allowed for some value of {names}; whether for every value is open"
    return replace(verdict, status=Status.UNKNOWN, witness=None, because=(), reason=reason)


def _checked(policy: Policy, spec: Spec) -> tuple[Diagnostic, ...]:
    return check_keys(policy, spec.environment.keys, spec.environment.authorization)
