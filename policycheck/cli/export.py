"""``policycheck export``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, only, read_policy
from policycheck.cli.options import assertions, streams
from policycheck.cli.sources import documents, spec_about
from policycheck.cli.streams import Streams, replacing
from policycheck.dataclass import dataclass

_NO_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]")

_EXAMPLES = """
policycheck export policy.json spec.yaml --output out
policycheck export policy.json spec.yaml --assertion no-public-prod | cvc5
"""


@click.command("export", cls=Command, examples=_EXAMPLES)
@click.argument("policy", metavar="POLICY")
@click.argument("spec", metavar="SPEC")
@assertions
@documents
@streams(
    "text",
    "json",
    output="DIR",
    output_help="Write a file ID.smt2 for each assertion into DIR, which is made if need be.",
)
def command(*, streams: Streams, policy: str, spec: str, wanted: tuple[str, ...]) -> int:
    """Write assertions as SMT-LIB files for any solver.

    Each assertion becomes one self-contained SMT-LIB 2.6 script with native
    strings. What the solver's answer means stands at the top of the script.
    """
    once(policy, spec)
    judged = only(pc.load_spec(spec), wanted)
    if not streams.output and streams.form == "text" and len(judged.assertions) > 1:
        count = len(judged.assertions)
        raise click.UsageError(f"{count} assertions: give --output DIR, or one --assertion ID")
    found = read_policy(policy, streams)
    scripts = [_Script(*one) for one in pc.export(found, spec_about(judged, found))]
    if streams.output:
        scripts = list(_written(scripts, streams.output))
    replace(streams, output=None).result(_shown(scripts, streams))
    return exits.HOLDS


@dataclass(frozen=True)
class _Script:
    """The script of an assertion, and the file that it was written to, if it was."""

    assertion: str
    text: str
    file: str = ""


def _written(scripts: Iterable[_Script], directory: Path) -> Iterator[_Script]:
    """Writes each script into a file of its own."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.FileError(str(directory), error.strerror) from error
    taken: set[str] = set()
    for script in scripts:
        name = _NO_FILE_NAME.sub("_", script.assertion).lstrip(".")
        while not name or name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        path = directory / f"{name}.smt2"
        with replacing(path) as file:
            file.write(script.text.encode())
        yield replace(script, file=str(path))


def _shown(scripts: Iterable[_Script], streams: Streams) -> str:
    """The names of the files, or else the scripts themselves."""
    if streams.form == "json":
        rows = [
            {"assertion": one.assertion, "script": one.text}
            | ({"file": one.file} if one.file else {})
            for one in scripts
        ]
        return json.dumps({"version": 1, "scripts": rows}, indent=2) + "\n"
    return "".join(f"{one.file}\n" if one.file else one.text for one in scripts)
