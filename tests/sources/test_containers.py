"""Real documents: SAM's own pairs of shorthand and policy, and templates of every format."""

import json

import pytest
from source_texts import CONTAINERS

from policycheck.diagnostics import Source
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure
from policycheck.read.json_text import parse_json
from policycheck.read.sources import cloudformation
from policycheck.read.sources.found import FoundPolicy
from policycheck.read.sources.json_form import plain
from policycheck.read.sources.load import policies_of
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.tags import parse_template

PAIRS = CONTAINERS / "sam" / "pairs.jsonl"
FILES = sorted(one for one in CONTAINERS.rglob("*") if one.suffix != ".jsonl" and one.is_file())
GIVEN = {
    "sam/input/api_with_custom_domain_security_policy_private.yaml": {
        "VpcEndpointId": "vpce-0123456789abcdef0"
    }
}

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


def pairs():
    """The pairs whose template is there, by its name."""
    rows = [json.loads(one) for one in PAIRS.read_text().splitlines()] if PAIRS.exists() else []
    return {row["input"]: row for row in rows if (CONTAINERS / row["input"]).exists()}


def listed(policy):
    """A policy with a list of statements."""
    found = policy["Statement"]
    return {**policy, "Statement": found if isinstance(found, list) else [found]}


@pytest.mark.parametrize("name", pairs())
def test_the_shorthand_becomes_the_policy_that_sam_makes(name):
    row = pairs()[name]
    source = Source(name, (CONTAINERS / name).read_text())
    root = parse_template(source)
    found = {
        one.resource: one for one in cloudformation.find(source, root, Parameters(GIVEN.get(name)))
    }
    one = found[row["api"]]
    if '"__Stage__": null' in json.dumps(row["expected_raw"]):
        assert [each.code for each in one.error.diagnostics] == ["EVENT_WITHOUT_STAGE"]
        return
    assert isinstance(one, FoundPolicy), one
    assert listed(plain(one.node)) == listed(row["expected_resolved"])


@pytest.mark.parametrize("name", pairs())
def test_the_template_that_sam_makes_has_the_same_policy(name):
    row = pairs()[name]
    source = Source(row["output"], (CONTAINERS / row["output"]).read_text())
    found = {one.resource: one for one in cloudformation.find(source, *made(source, name))}
    one = found[row["api"]]
    if '"__Stage__": null' in json.dumps(row["expected_raw"]):
        assert not isinstance(one, FoundPolicy)
        return
    assert listed(plain(one.node)) == listed(row["expected_resolved"])


def made(source, name):
    return parse_json(source), Parameters(GIVEN.get(name))


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.name)
def test_every_document_gives_policies_or_errors_with_their_place(path):
    source = Source(str(path), path.read_text())
    for found in policies_of(source, Parameters()):
        if isinstance(found, Policy):
            assert all(one.span.source is source for one in found.statements)
            continue
        assert isinstance(found, Failure)
        assert all(one.span is not None for one in found.diagnostics)
