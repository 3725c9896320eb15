"""``policycheck prove``."""

from __future__ import annotations

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.inputs import Policies, once, only, read_policies
from policycheck.cli.options import assertions, reports
from policycheck.cli.progress import progress
from policycheck.cli.reports import FORMS, write_proof
from policycheck.cli.streams import Streams
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.assertion import Spec
from policycheck.model.verdict import Failure, Report, Status, Verdict

_EXAMPLES = """
policycheck prove policy.json spec.yaml
policycheck prove policies/ extra.json spec.yaml --timeout 10
policycheck prove policy.json spec.yaml --format json -o results.json
policycheck prove policy.json spec.yaml -o sarif=a.sarif -o html=review.html
policycheck prove - spec.yaml < policy.json
"""


@click.command("prove", cls=Command, examples=_EXAMPLES)
@click.argument("policies", metavar="POLICY...", nargs=-1, required=True)
@click.argument("spec", metavar="SPEC")
@click.option(
    "-t",
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default="60",
    help="How long one assertion may take; then it is unknown.",
)
@assertions
@reports(*FORMS)
def command(
    *,
    streams: Streams,
    policies: tuple[str, ...],
    spec: str,
    timeout: float,
    wanted: tuple[str, ...],
) -> int:
    """Decide every assertion of a spec for every policy.

    POLICY is a file, a directory (every policy in a .json file below it), or - for
    standard input. SPEC, the last argument, is a YAML or JSON file, or -. One
    policy that cannot be read does not stop the rest.

    Exit codes: 0 everything holds, 1 a violation or a vacuous assertion, 2 an
    input that cannot be used, 3 something is unknown and nothing is violated.
    """
    once(*policies, spec)
    found = read_policies(policies, streams)
    try:
        judged = only(pc.load_spec(spec), wanted)
    except InputError as error:
        failed = Failure(spec, _explained(error, spec))
        return _finish(Report(failures=(failed, *found.failures)), streams)
    verdicts: list[Verdict] = []
    try:
        report = _prove(found, judged, pc.Limits(seconds=timeout), verdicts, streams)
    except KeyboardInterrupt:
        _finish(_interrupted(verdicts, found, judged), streams, judged)
        return exits.INTERRUPTED
    return _finish(report, streams, judged)


def _explained(error: InputError, spec: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the spec; if it is a policy, that alone."""
    first = next((one.span.source.text for one in error.diagnostics if one.span), "")
    if not (
        '"Statement"' in first and any(one.code == "MISSING_FIELD" for one in error.diagnostics)
    ):
        return error.diagnostics
    message = f"the last argument is the spec, and {spec} is a policy"
    return (Diagnostic("NO_SPEC", message, help="write policycheck prove POLICY... SPEC"),)


def _prove(
    found: Policies, spec: Spec, limits: pc.Limits, verdicts: list[Verdict], streams: Streams
) -> Report:
    """The report about all policies; ``verdicts`` fills up while it is in the making."""
    if not found.read:  # the solver need not be loaded
        return Report((), found.failures, spec.warnings)
    with progress(len(found.read) * len(spec.assertions), streams) as step:

        def keep(verdict: Verdict) -> None:
            verdicts.append(verdict)
            step(verdict)

        report = pc.prove(found.read, spec, limits, keep)
    return Report(report.verdicts, (*found.failures, *report.failures), report.warnings)


def _interrupted(verdicts: list[Verdict], found: Policies, spec: Spec) -> Report:
    """What was decided until the run was stopped; the rest is unknown."""
    decided = {(id(one.policy), one.assertion.id): one for one in verdicts}
    everything = tuple(
        decided.get((id(policy), assertion.id))
        or Verdict(policy, assertion, Status.UNKNOWN, reason="the run was interrupted")
        for policy in found.read
        for assertion in spec.assertions
    )
    return Report(everything, found.failures)


def _finish(report: Report, streams: Streams, spec: Spec | None = None) -> int:
    failed = [one for failure in report.failures for one in failure.diagnostics]
    streams.report((*report.warnings, *failed))
    write_proof(report, streams, spec.environment if spec else None)
    return report.exit_code
