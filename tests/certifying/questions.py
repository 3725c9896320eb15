"""Policies and specs that have verdicts of every kind."""

import json
from pathlib import Path

from policycheck.diagnostics import Source
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec

ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "execute-api:/*"}
DENY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "*",
    "Resource": "execute-api:/prod/*",
    "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
}
EVERY_KIND = {
    "never proved": {"never_allowed": {"stage": "prod", "source_ip": "8.8.8.8"}},
    "never violated": {"never_allowed": {"stage": "prod", "path": "/a*"}},
    "always proved": {"always_allowed": {"stage": "test*"}},
    "always violated": {"always_allowed": {"method": "GET"}},
    "some proved": {"sometimes_allowed": {"stage": "p*d", "path": "/*/x"}},
    "some violated": {"sometimes_allowed": {"stage": "prod", "source_ip": "8.8.8.8"}},
    "no broader proved": {"no_broader_than": "wide.json"},
    "no broader violated": {"no_broader_than": "narrow.json"},
    "same proved": {"equivalent_to": "wide.json", "when": {"stage": "test"}},
    "same violated": {"equivalent_to": "wide.json"},
    "vacuous": {"never_allowed": {"source_vpc": "present"}},
}


def policy_of(*statements, name="policy.json"):
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return parse_policy(Source(name, text))


def spec_of(assertions, directory=Path(), **sections):
    found = [{"id": name, **demand} for name, demand in assertions.items()]
    data = {"version": 1, "api": {"endpoint": "regional"}, **sections, "assertions": found}
    return parse_spec(Source("spec.yaml", json.dumps(data)), directory)


def every_kind(directory):
    """A policy and a spec whose assertions have the verdicts that their ids say."""
    narrow = {**ALLOW, "Resource": "execute-api:/prod/GET/pets*"}
    (directory / "wide.json").write_text(policy_of(ALLOW).source.text)
    (directory / "narrow.json").write_text(policy_of(narrow).source.text)
    return policy_of(ALLOW, DENY), spec_of(EVERY_KIND, directory)
