"""``policycheck explain``."""

from __future__ import annotations

import click

import policycheck as pc
from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, read_policy, read_request
from policycheck.cli.options import streams
from policycheck.cli.sources import documents
from policycheck.cli.streams import Streams
from policycheck.report import explanation

_EXAMPLES = """
policycheck explain policy.json request.json
policycheck explain policy.json - --format json < request.json
policycheck explain policy.json \\
  '{"resource": "arn:aws:execute-api:us-east-1:123456789012:abc/prod/GET/"}'
"""


@click.command("explain", cls=Command, examples=_EXAMPLES)
@click.argument("policy", metavar="POLICY")
@click.argument("request", metavar="REQUEST")
@documents
@streams("text", "json")
def command(*, streams: Streams, policy: str, request: str) -> int:
    """Tell one decision step by step.

    Each statement of POLICY, each element of it, each condition, and why it holds
    for REQUEST or not. REQUEST is a JSON file, - for standard input, or JSON itself.

    The exit code is 0 whatever the decision is, and 2 for an input that cannot be
    used.
    """
    once(policy, request)
    found = pc.trace(read_policy(policy, streams), read_request(request))
    if streams.form == "json":
        streams.result(explanation.render_json(found))
    else:
        streams.result(explanation.render_text(found, streams.results_page))
    return exits.HOLDS
