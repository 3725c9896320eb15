"""``policycheck diff``."""

from __future__ import annotations

import importlib

import click

import policycheck as pc
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, read_policy
from policycheck.cli.options import environment, memory, streams, timeout
from policycheck.cli.reports import difference_page
from policycheck.cli.sources import documents, known_about
from policycheck.cli.streams import Streams
from policycheck.model.environment import Environment
from policycheck.model.region import Difference

_EXAMPLES = """
policycheck diff old.json new.json
policycheck diff git:main:policy.json policy.json --endpoint regional
policycheck diff git:HEAD~1:policy.json git:HEAD:policy.json --spec spec.yaml
policycheck diff old.json new.json --format markdown -o comment.md
"""


@click.command("diff", cls=Command, examples=_EXAMPLES)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@documents
@streams("text", "json", "markdown", "html")
@environment
@timeout
@memory
def command(  # noqa: PLR0913 (one parameter for each option)
    *, streams: Streams, old: str, new: str, known: Environment, seconds: float, memory: int
) -> int:
    """Say what one policy allows and another does not.

    What NEW allows and OLD does not, and the reverse.

    OLD and NEW are files, - for standard input, or git:REV:PATH for a file as it is in a
    commit. The answer is complete: disjoint regions, each with an example request that was
    replayed on both policies, ordered by how much opens up.

    Exit codes: 0 no difference (proved), 1 a difference, 2 an input that cannot be used,
    3 unknown.
    """
    once(old, new)
    before = read_policy(old, streams, known.keys, more=True)
    after = read_policy(new, streams, known.keys)
    known = known_about(known, before, after)
    found = pc.diff(before, after, known, pc.Limits(seconds=seconds, memory=memory))
    streams.result(_rendered(found, streams))
    return found.exit_code


def _rendered(found: Difference, streams: Streams) -> str:
    """The answer in the form that is wanted; a form is loaded only then."""
    if streams.form == "html":
        return difference_page(found)
    form = importlib.import_module(f"policycheck.report.region_{streams.form}")
    if streams.form == "text":
        return str(form.render_difference(found, streams.results_page))
    return str(form.render_difference(found))
