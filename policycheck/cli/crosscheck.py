"""``policycheck crosscheck``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, read_policy
from policycheck.cli.options import streams
from policycheck.cli.sources import documents, spec_about
from policycheck.cli.streams import Streams
from policycheck.report import agreement

_STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"
"""The environment variable that names the directory of Hypothesis' notes; without it that is one
in the working directory."""

_EXAMPLES = """
policycheck crosscheck policy.json
policycheck crosscheck policy.json spec.yaml --examples 10000 --seed 7
"""


@click.command("crosscheck", cls=Command, examples=_EXAMPLES)
@click.argument("policy", metavar="POLICY")
@click.argument("spec", metavar="SPEC", required=False)
@click.option(
    "-n",
    "--examples",
    metavar="N",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="How many requests are compared.",
)
@click.option(
    "--seed",
    metavar="S",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Where the choice of requests begins; the same seed, the same requests.",
)
@documents
@streams("text", "json")
def command(
    *,
    streams: Streams,
    policy: str,
    spec: str | None,
    examples: int,
    seed: int,
) -> int:
    """Test the encoding for the solver on a policy.

    Hypothesis makes up requests near what POLICY (and SPEC) say. For each of them the
    decision of the concrete evaluator and that of the encoding for the solver must be
    the same.

    Exit codes: 0 no disagreement, 1 a disagreement (a defect: please report it), 2 an
    input that cannot be used, 3 no request was found to compare.
    """
    once(policy, spec or "")
    judged = read_policy(policy, streams)
    known = spec_about(pc.load_spec(spec), judged) if spec else None
    with _notes_aside():
        found = pc.crosscheck(judged, known, examples, seed)
    if streams.form == "json":
        streams.result(
            agreement.render_json(judged.name, seed, found.examples, found.disagreements)
        )
    else:
        page = streams.results_page
        shown = agreement.render_text(found.examples, found.disagreements, page, examples)
        streams.result(shown)
    if found.disagreements:
        return exits.VIOLATED
    return exits.HOLDS if found.examples else exits.UNDECIDED


@contextmanager
def _notes_aside() -> Iterator[None]:
    """Hypothesis has a directory for this run alone, unless the user named one."""
    from hypothesis.configuration import set_hypothesis_home_dir  # noqa: PLC0415 -- slow to load

    if os.environ.get(_STORAGE):
        yield
        return
    with tempfile.TemporaryDirectory() as place:
        set_hypothesis_home_dir(place)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
