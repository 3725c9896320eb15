"""``policycheck prove``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.certifying import Certification, certification
from policycheck.cli.fleet import Fleet, cached, fleet
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, only, sources
from policycheck.cli.options import SECONDS, assertions, manifest, memory, reports
from policycheck.cli.progress import Advance, progress
from policycheck.cli.reports import FORMS, write_proof
from policycheck.cli.results import NOT_REACHED, results, stepping
from policycheck.cli.sources import documents
from policycheck.cli.streams import Streams
from policycheck.cli.texts import count_sources, is_several
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.fleet.engine import InOrder
from policycheck.fleet.outcome import Outcome, raise_defects, raise_unwritten
from policycheck.fleet.proving import Proving, Task
from policycheck.model.tally import Tally
from policycheck.model.verdict import Failure
from policycheck.solve.limits import Limits

_EXAMPLES = """
policycheck prove policy.json spec.yaml
policycheck prove policies/ 'apis/**/policy.json' spec.yaml --jobs 4
policycheck prove --manifest estate.yaml --jobs 0 -f json -o results.json
policycheck prove template.yaml spec.yaml --parameter Stage=prod
policycheck prove policy.json spec.yaml -o sarif=a.sarif -o html=review.html
policycheck prove - spec.yaml --timeout 10 < policy.json
policycheck prove policy.json spec.yaml --certify --proof proofs
"""


@click.command("prove", cls=Command, examples=_EXAMPLES)
@click.argument("inputs", metavar="[POLICY... SPEC]", nargs=-1)
@manifest
@click.option(
    "-t",
    "--timeout",
    metavar="SECONDS",
    type=SECONDS,
    default=60.0,
    show_default="60",
    help="How long one assertion may take; then it is unknown.",
)
@memory
@assertions
@certification
@fleet
@documents
@reports(*FORMS)
@cached
def command(  # noqa: PLR0913 (one parameter for each option)
    *,
    streams: Streams,
    inputs: tuple[str, ...],
    manifest: str | None,
    timeout: float,
    memory: int,
    wanted: tuple[str, ...],
    fleet: Fleet,
    cache: Path | None,
    certification: Certification,
) -> int:
    """Decide every assertion of a spec for every policy.

    POLICY is a policy in JSON or a document that holds policies (a template, a
    Terraform file, an OpenAPI document, ...), a directory of these, a glob,
    FILE#NAME for one policy of several, aws:REST_API_ID, or - for standard input.
    SPEC, the last argument, is a YAML or JSON file, or -. One policy that cannot be
    read does not stop the rest. Verdicts come in the order of the policies; those
    about unchanged policies are kept from run to run.

    Exit codes: 0 everything holds, 1 a violation or a vacuous assertion, 2 an
    input that cannot be used, 3 something is unknown (or, with --certify, not
    certified) and nothing is violated.
    """
    certification.check(fleet)
    limits = Limits(seconds=timeout, memory=memory)
    if manifest is not None:
        from policycheck.cli.manifest import Tasks, given  # noqa: PLC0415 -- few runs have one

        _refuse(wanted)
        tasks = Tasks(given(manifest, inputs), limits, streams)
        return _run(_Plan(tasks, tasks.count), streams, fleet, cache, certification)
    *policies, spec = _given(inputs)
    once(*policies, spec)
    plan = _plan(policies, spec, wanted, limits, streams)
    return _run(plan, streams, fleet, cache, certification)


def _refuse(wanted: Sequence[str]) -> None:
    if wanted:
        raise click.UsageError("with --manifest, assertions are chosen there: assertions: [ID]")


def _given(inputs: tuple[str, ...]) -> tuple[str, ...]:
    if not inputs:
        raise click.UsageError("Missing argument 'POLICY...'. There is also --manifest.")
    if len(inputs) == 1:
        raise click.UsageError(f"Missing argument 'SPEC': {inputs[0]} is a policy.")
    return inputs


@dataclass(frozen=True)
class _Plan:
    """What is to be done, one task at a time.

    ``steps`` says how many steps of a progress bar that is: policies, or, if ``is_single``, the
    assertions about the one policy.
    """

    tasks: Iterable[Task]
    steps: Callable[[], int]
    is_single: bool = False


def _plan(
    policies: Sequence[str], spec: str, wanted: Sequence[str], limits: Limits, streams: Streams
) -> _Plan:
    try:
        judged = only(pc.load_spec(spec), wanted)
    except InputError as error:
        failed = Task(Failure(spec, _explained(error, spec)), None, limits)
        read = (Task(one, None, limits) for one in sources(policies, streams, leave_open=True))
        return _Plan(chain([failed], read), lambda: count_sources(policies))
    streams.report(judged.warnings)
    judged = replace(judged, warnings=())
    tasks = (Task(one, judged, limits) for one in sources(policies, streams, leave_open=True))
    if len(policies) == 1 and not is_several(policies[0]):
        return _Plan(tasks, lambda: len(judged.assertions), is_single=True)
    return _Plan(tasks, lambda: count_sources(policies))


def _explained(error: InputError, spec: str) -> tuple[Diagnostic, ...]:
    """What is wrong with the spec; if it is a policy, that alone."""
    first = next((one.span.source.text for one in error.diagnostics if one.span), "")
    if not (
        '"Statement"' in first and any(one.code == "MISSING_FIELD" for one in error.diagnostics)
    ):
        return error.diagnostics
    message = f"the last argument is the spec, and {spec} is a policy"
    return (Diagnostic("NO_SPEC", message, help="write policycheck prove POLICY... SPEC"),)


def _run(
    plan: _Plan, streams: Streams, fleet: Fleet, cache: Path | None, certification: Certification
) -> int:
    """Does what is planned, and writes what comes of it as it comes."""
    with (
        streams.opened() as sink,
        progress(plan.steps, streams) as advance,
        results(streams, sink, advance, Tally()) as written,
    ):
        proving = Proving(streams.layout, cache, certifier=certification.certifier())
        written.take(_outcomes(plan, proving, fleet, advance))
        raise_unwritten(written.defects)
        written.end(lambda tally: _last_line(tally, streams), _counts)
        write_proof(written.wholes, streams, sink)
    raise_defects(written.defects)
    if written.interrupted and not plan.is_single:
        streams.note(NOT_REACHED)
    return exits.INTERRUPTED if written.interrupted else written.tally.exit_code


def _outcomes(plan: _Plan, proving: Proving, fleet: Fleet, advance: Advance) -> Iterator[Outcome]:
    """What comes of each task, in order."""
    if plan.is_single:
        watched = replace(proving, on_verdict=lambda _: advance())
        yield from InOrder().run(watched, plan.tasks)
        return
    yield from stepping(fleet.engine().run(proving, plan.tasks), advance)


def _last_line(tally: Tally, streams: Streams) -> str:
    if streams.quiet or streams.form != "text":
        return ""
    from policycheck.report import text  # noqa: PLC0415 -- one form is enough

    return text.end(tally, streams.results_page)


def _counts(tally: Tally) -> dict[str, object]:
    from policycheck.report import json_results  # noqa: PLC0415

    return json_results.summary(tally)
