"""``policycheck reach``."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.fleet import Fleet, fleet
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, read_policy, sources
from policycheck.cli.manifest import environments, given
from policycheck.cli.options import environment, manifest, memory, streams, timeout
from policycheck.cli.progress import progress
from policycheck.cli.reports import reach_page, write_reach
from policycheck.cli.results import NOT_REACHED, results, stepping
from policycheck.cli.sources import documents, known_about
from policycheck.cli.streams import Streams
from policycheck.cli.texts import count_sources, is_several
from policycheck.fleet.outcome import raise_defects
from policycheck.fleet.reaching import Reaching, ReachTask
from policycheck.model.environment import Environment
from policycheck.model.reach_tally import ReachTally
from policycheck.model.region import By, Reach

_EXAMPLES = """
policycheck reach policy.json
policycheck reach policy.json --endpoint regional --details
policycheck reach policy.json --spec spec.yaml --by route
policycheck reach policies/ --endpoint regional --jobs 4 -f json -o reach.json
"""


@click.command("reach", cls=Command, examples=_EXAMPLES)
@click.argument("policies", metavar="[POLICY...]", nargs=-1)
@manifest
@fleet
@documents
@streams("text", "json", "markdown", "html")
@environment
@click.option(
    "--by",
    type=click.Choice([one.value for one in By]),
    help="Group the regions by what they share.",
)
@click.option("--details", is_flag=True, help="Show every region, with counts and statements.")
@timeout
@memory
def command(  # noqa: PLR0913
    *,
    streams: Streams,
    policies: tuple[str, ...],
    manifest: str | None,
    known: Environment,
    by: str | None,
    details: bool,
    seconds: float,
    memory: int,
    fleet: Fleet,
) -> int:
    """Say who can reach what.

    All requests that POLICY (a file, or - for standard input) allows, as regions: disjoint,
    complete, proved, with exact counts of addresses and an example each. First come the few
    broadest findings that cover all of it. Several policies, directories and globs are answered
    one after the other; in JSON, each is an entry of the list "results" then.

    Exit codes: 0 decided, 2 an input that cannot be used, 3 unknown.
    """
    once(*policies)
    limits = pc.Limits(seconds=seconds, memory=memory)
    work = Reaching(streams.layout, By(by) if by else None, details)
    if manifest is not None:
        entries = given(manifest, policies)
        tasks = (ReachTask(*one) for one in environments(entries, known, limits, streams))
        return _several(tasks, [one.policy for one in entries], work, streams, fleet)
    if not policies:
        raise click.UsageError("Missing argument 'POLICY...'. There is also --manifest.")
    if len(policies) > 1 or is_several(policies[0]):
        tasks = (ReachTask(one, known, limits) for one in sources(policies, streams))
        return _several(tasks, policies, work, streams, fleet)
    judged = read_policy(policies[0], streams, known.keys)
    found = pc.reach(judged, known_about(known, judged), by, limits)
    streams.result(_rendered(found, streams, details=details))
    return exits.UNDECIDED if found.unknown else exits.HOLDS


def _several(
    tasks: Iterable[ReachTask],
    policies: Sequence[str],
    work: Reaching,
    streams: Streams,
    fleet: Fleet,
) -> int:
    """Answers for each policy as soon as it is there, in order."""
    with (
        streams.opened() as sink,
        progress(lambda: count_sources(policies), streams) as advance,
        results(streams, sink, advance, ReachTally()) as written,
    ):
        written.take(stepping(fleet.engine().run(work, tasks), advance))
        written.end(lambda _: "", _summary)
        write_reach(written.wholes, streams, sink)
    raise_defects(written.defects)
    if written.interrupted:
        streams.note(NOT_REACHED)
        return exits.INTERRUPTED
    return written.tally.exit_code


def _summary(tally: ReachTally) -> dict[str, object]:
    return {"policies": tally.policies, "unknown": tally.unknown, "errors": tally.failures}


def _rendered(found: Reach, streams: Streams, *, details: bool) -> str:
    """The answer in the form that is wanted; a form is loaded only then."""
    if streams.form == "html":
        return reach_page([found])
    form = importlib.import_module(f"policycheck.report.region_{streams.form}")
    if streams.form == "text":
        return str(form.render_reach(found, streams.results_page, details=details))
    return str(form.render_reach(found))
