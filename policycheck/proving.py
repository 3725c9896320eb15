"""Proving a spec's assertions about one policy or several: what ``policycheck.prove`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from policycheck.diagnostics import Diagnostic, Level
from policycheck.model.assertion import Spec
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure, Report, Verdict
from policycheck.read.keys_used import check_keys
from policycheck.solve import prover
from policycheck.solve.limits import Limits


def prove(
    policies: Policy | Iterable[Policy],
    spec: Spec,
    limits: Limits | None = None,
    on_verdict: Callable[[Verdict], None] | None = None,
) -> Report:
    """The verdict of every assertion of ``spec`` about each policy, in order.

    ``limits`` are per assertion (default: ``Limits()``); ``on_verdict`` is called with each
    verdict as soon as it is there. A policy that compares a declared key with an operator of
    another type is a failure in the report. Raises DisagreementError if the two readings of AWS
    disagree about a counterexample.
    """
    given = [policies] if isinstance(policies, Policy) else list(policies)
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
        verdicts.extend(prover.prove([policy], told, limits or Limits(), on_verdict).verdicts)
    return Report(tuple(verdicts), tuple(failures), tuple(warnings))


def spec_about(policy: Policy, spec: Spec) -> Spec | tuple[Diagnostic, ...]:
    """The spec with what the document around the policy says of the API, where it says nothing.

    Errors instead if the two contradict each other.
    """
    message = policy.facts.contradicts(spec.environment)
    if message:
        advice = "correct the spec's arn, or give the values with --parameter"
        return (Diagnostic("CONTRADICTING_ARN", message, help=advice),)
    if not policy.facts:
        return spec
    return replace(spec, environment=policy.facts.fill(spec.environment))


def _checked(policy: Policy, spec: Spec) -> tuple[Diagnostic, ...]:
    return check_keys(policy, spec.environment.keys, spec.environment.authorization)
