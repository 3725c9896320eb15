"""Proving a spec's assertions about one policy or several: what ``policycheck.prove`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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
    environment = spec.environment
    given = [policies] if isinstance(policies, Policy) else list(policies)
    failures: list[Failure] = []
    warnings: list[Diagnostic] = list(spec.warnings)
    usable: list[Policy] = []
    for policy in given:
        found = check_keys(policy, environment.keys, environment.authorization)
        if any(one.level is Level.ERROR for one in found):
            failures.append(Failure(policy.name, found))
            continue
        usable.append(policy)
        warnings.extend((*policy.warnings, *found))
    report = prover.prove(usable, spec, limits or Limits(), on_verdict)
    return Report(
        report.verdicts,
        (*failures, *report.failures),
        (*warnings, *report.warnings),
    )
