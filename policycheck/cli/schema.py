"""``policycheck schema``."""

from __future__ import annotations

import json

import click

from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.options import streams
from policycheck.cli.streams import Streams
from policycheck.read.schema import (
    diff_schema,
    findings_schema,
    manifest_schema,
    reach_schema,
    repair_schema,
    request_schema,
    result_schema,
    spec_schema,
)

_SCHEMAS = {
    "spec": spec_schema,
    "request": request_schema,
    "result": result_schema,
    "manifest": manifest_schema,
    "reach": reach_schema,
    "diff": diff_schema,
    "findings": findings_schema,
    "repair": repair_schema,
}

_EXAMPLES = """
policycheck schema > spec.schema.json
policycheck schema result -o result.schema.json
"""


@click.command("schema", cls=Command, examples=_EXAMPLES)
@click.argument(
    "of",
    metavar="[spec|request|result|manifest|reach|diff|findings|repair]",
    type=click.Choice(list(_SCHEMAS)),
    default="spec",
)
@streams("json")
def command(*, streams: Streams, of: str) -> int:
    """Print a JSON Schema.

    Of specs and manifests (for editors, with completion and checks), of requests as
    eval and explain take them, or of results as prove, reach, diff, lint (findings)
    and repair give them with --format json.
    """
    streams.result(json.dumps(_SCHEMAS[of](), indent=2) + "\n")
    return exits.HOLDS
