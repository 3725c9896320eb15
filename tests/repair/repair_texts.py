"""Policies, specs and repairs for the tests."""

import json
from pathlib import Path

import policycheck as pc
from policycheck.analyse.repair.document import Document

ALLOW = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}
DENY = ALLOW | {"Effect": "Deny", "Resource": "execute-api:/prod/*"}


def policy_of(*statements, indent=2):
    data = {"Version": "2012-10-17", "Statement": list(statements)}
    return pc.parse_policy(pc.Source("policy.json", json.dumps(data, indent=indent) + "\n"))


def document_of(text):
    return Document.read(pc.Source("policy.json", text))


def spec_of(*assertions, endpoint="regional", **fields):
    rows = [{"id": f"a{place}", **one} for place, one in enumerate(assertions)]
    api = {"endpoint": endpoint, **fields}
    data = {"version": 1, "api": api, "assertions": rows}
    return pc.parse_spec(pc.Source("spec.json", json.dumps(data)), Path())


def best(policy, spec, **options):
    """The first repair, proved once more."""
    found = pc.repair(policy, spec, **options)
    assert found.outcome is pc.RepairOutcome.REPAIRED, found
    [repair, *_] = found.repairs
    assert pc.prove(pc.parse_policy(repair.policy.source), spec).ok
    return repair
