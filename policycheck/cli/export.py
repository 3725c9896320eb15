"""``policycheck export``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, only, read_policy
from policycheck.cli.options import assertions, streams
from policycheck.cli.streams import Streams, replacing

_NO_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]")


_EXAMPLES = """
policycheck export policy.json spec.yaml --directory out
policycheck export policy.json spec.yaml --assertion no-public-prod | cvc5
"""


@click.command("export", cls=Command, examples=_EXAMPLES)
@click.argument("policy", metavar="POLICY")
@click.argument("spec", metavar="SPEC")
@click.option(
    "-d",
    "--directory",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a file ID.smt2 for each assertion into DIR, which is made if need be.",
)
@assertions
@streams("text", "json")
def command(
    *,
    streams: Streams,
    policy: str,
    spec: str,
    directory: Path | None,
    wanted: tuple[str, ...],
) -> int:
    """Write assertions as SMT-LIB files for any solver.

    Each assertion becomes one self-contained SMT-LIB 2.6 script with native
    strings. What the solver's answer means stands at the top of the script.
    """
    once(policy, spec)
    judged = only(pc.load_spec(spec), wanted)
    if directory is None and streams.form == "text" and len(judged.assertions) > 1:
        raise click.UsageError(
            f"the spec has {len(judged.assertions)} assertions: "
            "give --directory DIR, or one --assertion ID"
        )
    scripts = dict(pc.export(read_policy(policy, streams), judged))
    files = _write(scripts, directory) if directory else {}
    if streams.form == "json":
        found = [
            {"assertion": name, "script": script} | files.get(name, {})
            for name, script in scripts.items()
        ]
        streams.result(json.dumps({"version": 1, "scripts": found}, indent=2) + "\n")
    elif directory:
        streams.result("".join(f"{one['file']}\n" for one in files.values()))
    else:
        streams.result("".join(scripts.values()))
    return exits.HOLDS


def _write(scripts: dict[str, str], directory: Path) -> dict[str, dict[str, str]]:
    """Writes each script into a file of its own and returns the names of the files."""
    directory.mkdir(parents=True, exist_ok=True)
    files: dict[str, dict[str, str]] = {}
    for index, (name, script) in enumerate(scripts.items()):
        plain = _NO_FILE_NAME.sub("_", name).lstrip(".")
        taken = any(Path(one["file"]).stem.lower() == plain.lower() for one in files.values())
        path = directory / f"{plain}{f'-{index}' if taken or not plain else ''}.smt2"
        with replacing(path) as file:
            file.write(script.encode())
        files[name] = {"file": str(path)}
    return files
