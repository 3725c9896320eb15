"""``policycheck eval``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

import click

from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, read_policy
from policycheck.cli.options import streams
from policycheck.cli.request_places import RequestText
from policycheck.cli.request_texts import request_texts, too_long
from policycheck.cli.sources import documents
from policycheck.cli.streams import Streams
from policycheck.concrete.policy import evaluate
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.decision import Decision
from policycheck.model.policy import Policy
from policycheck.model.request import Request
from policycheck.read.files import STDIN, unread
from policycheck.read.request import parse_request
from policycheck.report import decisions

_EXAMPLES = """
policycheck eval policy.json requests.jsonl
policycheck eval policy.json - < requests.json
tail -f requests.jsonl | policycheck eval policy.json -
"""


@click.command("eval", cls=Command, examples=_EXAMPLES)
@click.argument("policy", metavar="POLICY")
@click.argument("requests", metavar="REQUESTS")
@documents
@streams("json", "text")
def command(*, streams: Streams, policy: str, requests: str) -> int:
    """Decide concrete requests.

    REQUESTS is a file, or - for standard input: JSON Lines, one JSON object, or an
    array of them. For each request comes one JSON line, in order, as soon as it is
    decided; for one that is invalid {"error": "..."}, and exit code 2 at the end.

    Only this policy is judged, on its own: no authorizer and no identity policy
    takes part.
    """
    once(policy, requests)
    judged = read_policy(policy, streams)
    with _opened(requests) as source, streams.opened() as sink:
        spelling = _JSON if streams.form == "json" else _TEXT
        name = "<stdin>" if requests == STDIN else requests
        return _decide(judged, request_texts(source, sink.flush, name), sink, spelling)


@dataclass(frozen=True)
class _Spelling:
    """How decisions and errors are written."""

    decision: Callable[[Decision, Request], str]
    error: Callable[[Iterable[Diagnostic]], str]


_JSON = _Spelling(lambda decision, _: decisions.decision_json(decision), decisions.error_json)
_TEXT = _Spelling(decisions.decision_text, decisions.error_text)


def _decide(
    policy: Policy, texts: Iterable[RequestText], sink: BinaryIO, spelling: _Spelling
) -> int:
    """Writes the decision of each request; whether all of them were valid is the exit code."""
    code = exits.HOLDS
    for text in texts:
        try:
            request = _parsed(text)
            line = spelling.decision(evaluate(policy, request), request)
        except InputError as error:
            line = spelling.error(error.diagnostics)
            code = exits.WRONG_INPUT
        sink.write(line.encode("utf-8", "backslashreplace"))
    return code


def _parsed(text: RequestText) -> Request:
    """The request that a text is. Raises InputError, with places in the stream."""
    if text.text is None:
        raise too_long(text)
    try:
        return parse_request(text.text)
    except InputError as error:
        raise InputError(text.placed(error.diagnostics)) from None


def _opened(name: str) -> BufferedReader:
    """The bytes of a file or of standard input. Raises InputError if it cannot be read."""
    if name == STDIN:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    try:
        return Path(name).open("rb")
    except (OSError, ValueError) as error:
        raise unread(name, error) from None
