"""What is fuzzed: every reader, and the decision of one request.

Each target takes any bytes. A result or an InputError is right; any other exception is a defect.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from policycheck.concrete.policy import evaluate
from policycheck.concrete.trace import trace
from policycheck.diagnostics import InputError, Source
from policycheck.model.keys import KeySpace
from policycheck.model.policy import Policy
from policycheck.read.configuration import load_configuration
from policycheck.read.files import decoded
from policycheck.read.keys_used import check_keys
from policycheck.read.manifest import parse_manifest
from policycheck.read.policy import parse_policy
from policycheck.read.request import parse_request
from policycheck.read.sources.detect import is_document, may_hold_policy
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters
from policycheck.read.spec import parse_environment, parse_spec
from policycheck.read.waivers import parse_waivers

NOWHERE = Path("/nonexistent")
"""What paths in fuzzed texts are relative to."""

PARTING = b"\n----\n"
"""What parts the policy from the request in an input of ``eval``."""


def policy(data: bytes) -> None:
    """A policy in JSON."""
    found = parse_policy(Source("policy.json", decoded(data, "policy.json")))
    check_keys(found, KeySpace())


def document(data: bytes) -> None:
    """A larger document; its first byte tells how the name of the file ends."""
    ending = (".json", ".yaml", ".tf", "")[data[0] % 4] if data else ""
    name = f"{NOWHERE}/document{ending}"
    source = Source(name, decoded(data[1:], name))
    may_hold_policy(source)
    is_document(source)
    for leave_open in (False, True):
        policies_of(source, Parameters({"Stage": "prod"}, leave_open=leave_open))


def spec(data: bytes) -> None:
    """A spec, in YAML or, if it begins with a brace, in JSON."""
    name = "spec.json" if data.startswith(b"{") else "spec.yaml"
    source = Source(name, decoded(data, name))
    with suppress(InputError):
        parse_environment(source, NOWHERE)
    parse_spec(source, NOWHERE)


def request(data: bytes) -> None:
    """A request."""
    parse_request(data)


def manifest(data: bytes) -> None:
    """A manifest, in YAML or, if it begins with a brace, in JSON."""
    name = "manifest.json" if data.startswith(b"{") else "manifest.yaml"
    parse_manifest(Source(name, decoded(data, name)), NOWHERE)


def waivers(data: bytes) -> None:
    """Waivers beside a policy of one statement."""
    parse_waivers(Source("policy.waivers.yaml", decoded(data, "waivers")), _ONE.statements)


def configuration(data: bytes) -> None:
    """A configuration, in YAML or, if it has a table, in TOML."""
    name = "pyproject.toml" if b"[tool" in data else ".policycheck.yaml"
    place = Path(_PLACE.name, name)
    place.write_bytes(data)
    load_configuration(place)


def decision(data: bytes) -> None:
    """A policy and a request: the decision, and the steps to it, must agree."""
    about, _, asked = data.partition(PARTING)
    judged = parse_policy(Source("policy.json", decoded(about, "policy.json")))
    given = parse_request(asked)
    if evaluate(judged, given) != trace(judged, given).decision:
        raise AssertionError(data)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "policy": policy,
    "document": document,
    "spec": spec,
    "request": request,
    "manifest": manifest,
    "waivers": waivers,
    "configuration": configuration,
    "eval": decision,
}


def run(name: str, data: bytes) -> None:
    """Runs a target; an input that is refused is none of its defects."""
    with suppress(InputError):
        TARGETS[name](data)


def _one() -> Policy:
    text = (
        '{"Version": "2012-10-17", "Statement": [{"Sid": "One", "Effect": "Allow",'
        ' "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}'
    )
    return parse_policy(Source("policy.json", text))


_ONE = _one()
_PLACE = tempfile.TemporaryDirectory(prefix="policycheck-fuzz-")
