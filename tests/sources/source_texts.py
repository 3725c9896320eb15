"""Documents with policies, and what is read out of them."""

import json
from pathlib import Path

from policycheck.diagnostics import Source
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters

INPUTS = Path(__file__).parents[1] / "inputs" / "sources"
CONTAINERS = Path(__file__).parents[3] / "shared" / "corpus" / "containers"
STATEMENT = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}


def read(text, name="document", **parameters):
    """The policies of a text, and why others cannot be read, by the names of their resources."""
    found = policies_of(Source(name, text), Parameters(parameters))
    return {_name(one).partition("#")[2]: one for one in found}


def read_file(name, parameters=None):
    path = INPUTS / name
    found = policies_of(Source(str(path), path.read_text()), Parameters(parameters))
    return {_name(one).partition("#")[2]: one for one in found}


def _name(found):
    return found.name


def codes(found):
    assert isinstance(found, Failure), found
    return [one.code for one in found.diagnostics]


def document(found):
    """The policy alone, as JSON."""
    assert isinstance(found, Policy), [str(one) for one in found.diagnostics]
    return json.loads(found.text)
