"""``policycheck init``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.inputs import read_policy
from policycheck.cli.options import streams
from policycheck.cli.sources import documents, known_about
from policycheck.cli.streams import Streams, replacing
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.policy import Policy
from policycheck.read.files import STDIN

_EXAMPLES = """
policycheck init policy.json --endpoint regional
policycheck init policy.json --endpoint private -o spec.yaml
policycheck init policy.json -o spec.yaml --baseline reviewed.json --force
"""


@click.command("init", cls=Command, examples=_EXAMPLES)
@click.argument("policy", metavar="POLICY")
@click.option(
    "--endpoint",
    type=click.Choice([one.value for one in Endpoint]),
    help="The endpoint type of the API; left out: any.",
)
@click.option(
    "--authorization",
    type=click.Choice([one.value for one in Authorization]),
    help="The authorization type of the methods; left out: none.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The reviewed policy to compare with; POLICY is copied there if there is no such file.",
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
@documents
@streams("yaml", output_help="Write the spec to FILE, and a copy of POLICY beside it.")
def command(  # noqa: PLR0913 -- each option is one
    *,
    streams: Streams,
    policy: str,
    endpoint: str | None,
    authorization: str | None,
    baseline: Path | None,
    force: bool,
) -> int:
    """Write a starter spec for a policy.

    A spec in YAML with what holds of POLICY today, each assertion proved and with a
    comment: who gets in, from where, to what, and what is closed. With --output,
    the policy is copied beside it as NAME.baseline.json, so that later policies are
    compared with this one; --baseline names another file for that.

    Without --output the spec names POLICY itself to compare with.
    """
    if str(baseline) == STDIN:
        raise click.UsageError("--baseline needs a file, not standard input (-)")
    if streams.output and streams.output.exists() and not force:
        raise click.UsageError(f"{streams.output} is there already; --force replaces it")
    found = read_policy(policy, streams)
    known = known_about(_environment(endpoint, authorization), found)
    place = _baseline(policy, baseline, streams)
    if found.document is not None and place == Path(policy):
        raise click.UsageError(
            "the policy stands in a larger document: give --output or --baseline"
        )
    directory = streams.output.parent if streams.output else Path()
    name = os.path.relpath(place, directory) if place else None
    own = baseline is None and place != Path(policy)
    if own and place and _differs(place, found) and not force:
        raise click.UsageError(
            f"{place} is there already; --force replaces it, --baseline keeps it"
        )
    with _copied(found, place, force=force and own):
        made = pc.starter_spec(found, known, baseline=name, directory=directory)
        replace(streams, form="text").result(made.text)
    count = len(made.report.verdicts)
    streams.note(f"{count} assertions, all proved")
    return exits.HOLDS


def _environment(endpoint: str | None, authorization: str | None) -> Environment:
    """What the options say of the API."""
    return Environment(
        Endpoint(endpoint) if endpoint else None,
        Authorization(authorization) if authorization else Authorization.NONE,
        said=frozenset({"authorization"} if authorization else ()),
    )


def _baseline(policy: str, given: Path | None, streams: Streams) -> Path | None:
    """The policy to compare with: as given, beside the spec, or the policy itself."""
    if given is not None:
        return given
    if policy == STDIN:
        return streams.output.with_suffix(".baseline.json") if streams.output else None
    if streams.output is None:
        return Path(policy)
    return streams.output.parent / f"{Path(policy).stem}.baseline.json"


def _differs(place: Path, policy: Policy) -> bool:
    """Whether something else than the policy is at the place."""
    return place.exists() and place.read_bytes() != policy.text.encode()


@contextmanager
def _copied(policy: Policy, place: Path | None, *, force: bool) -> Iterator[None]:
    """Has a copy of the policy at the place; what was there comes back if there comes no spec."""
    text = policy.text.encode()
    if place is None or (place.exists() and not force):
        yield
        return
    before = place.read_bytes() if place.exists() else None
    if before == text:
        yield
        return
    _write(place, text)
    try:
        yield
    except BaseException:
        if before is None:
            place.unlink(missing_ok=True)
        else:
            _write(place, before)
        raise


def _write(place: Path, data: bytes) -> None:
    with replacing(place) as file:
        file.write(data)
