"""``policycheck reach``."""

from __future__ import annotations

import importlib

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, read_policy
from policycheck.cli.options import environment, streams, timeout
from policycheck.cli.streams import Streams
from policycheck.model.environment import Environment
from policycheck.model.region import By, Reach

_EXAMPLES = """
policycheck reach policy.json
policycheck reach policy.json --endpoint regional --details
policycheck reach policy.json --spec spec.yaml --by route
policycheck reach policy.json --format json -o reach.json
"""


@click.command("reach", cls=Command, examples=_EXAMPLES)
@click.argument("policy", metavar="POLICY")
@streams("text", "json", "markdown", "html")
@environment
@click.option(
    "--by",
    type=click.Choice([one.value for one in By]),
    help="Group the regions by what they share.",
)
@click.option("--details", is_flag=True, help="Show every region, with counts and statements.")
@timeout
def command(  # noqa: PLR0913
    *,
    streams: Streams,
    policy: str,
    known: Environment,
    by: str | None,
    details: bool,
    seconds: float,
) -> int:
    """Say who can reach what.

    All requests that POLICY (a file, or - for standard input) allows, as regions: disjoint,
    complete, proved, with exact counts of addresses and an example each. First come the few
    broadest findings that cover all of it.

    Exit codes: 0 decided, 2 an input that cannot be used, 3 unknown.
    """
    once(policy)
    judged = read_policy(policy, streams, known.keys)
    found = pc.reach(judged, known, by, pc.Limits(seconds=seconds))
    streams.result(_rendered(found, streams, details=details))
    return exits.UNDECIDED if found.unknown else exits.HOLDS


def _rendered(found: Reach, streams: Streams, *, details: bool) -> str:
    """The answer in the form that is wanted; a form is loaded only then."""
    if streams.form == "html":
        from policycheck.cli import reviewing  # noqa: PLC0415
        from policycheck.report.html.render import render  # noqa: PLC0415

        return render(reviewing.of_reach(found))
    form = importlib.import_module(f"policycheck.report.region_{streams.form}")
    if streams.form == "text":
        return str(form.render_reach(found, streams.results_page, details=details))
    return str(form.render_reach(found))
