"""Assertions that no policy meets together."""

import json

import pytest
from repair_texts import ALLOW, DENY, policy_of, spec_of

import policycheck as pc
from policycheck.analyse.repair.contradictions import contradictions
from policycheck.solve.limits import Limits

PROD, DEV = {"stage": "prod"}, {"stage": "dev"}
VACUOUS = {"sometimes_allowed": {"source_vpc": "present"}, "allow_vacuous": True}


def named(spec):
    return [[a.id for a in one.assertions] for one in contradictions(spec, Limits())]


@pytest.mark.parametrize(
    ("assertions", "expected"),
    [
        ([{"never_allowed": PROD}, {"always_allowed": {"method": "GET"}}], [["a1", "a0"]]),
        ([{"never_allowed": PROD}, {"always_allowed": DEV}], []),
        ([{"never_allowed": {}}, {"sometimes_allowed": PROD}], [["a1", "a0"]]),
        ([{"never_allowed": PROD}, {"sometimes_allowed": {}}], []),
        (
            [
                {"never_allowed": {"stage": ["dev", "prod"], "method": "GET"}},
                {"never_allowed": {"not": {"method": "GET"}}},
                {"never_allowed": {"source_ip": "8.8.8.8"}},
                {"sometimes_allowed": {"stage": "dev"}},
            ],
            [["a3", "a0", "a1"]],
        ),
        ([{"sometimes_allowed": {"source_vpc": "present"}}], [["a0"]]),
        ([{"never_allowed": {"source_vpc": "present"}}], [["a0"]]),
        ([{"never_allowed": {"source_vpc": "present"}, "allow_vacuous": True}], []),
        ([VACUOUS], []),
        ([{"never_allowed": {}}, VACUOUS], []),
    ],
)
def test_pairs_and_more(assertions, expected):
    assert named(spec_of(*assertions)) == expected


def test_every_assertion_speaks_of_the_request_that_is_shown():
    spec = spec_of({"never_allowed": PROD}, {"always_allowed": {"method": "GET"}})
    [found] = contradictions(spec, Limits())
    assert "/prod/GET/" in found.example.request.resource


BASELINES = {
    "prod": [ALLOW | {"Resource": "execute-api:/prod/*"}],
    "dev": [ALLOW | {"Resource": "execute-api:/dev/*"}],
}


@pytest.mark.parametrize(
    ("assertions", "expected"),
    [
        ([{"no_broader_than": "prod"}, {"always_allowed": DEV}], [["a1", "a0"]]),
        ([{"no_broader_than": "prod"}, {"always_allowed": PROD}], []),
        ([{"no_broader_than": "prod"}, {"sometimes_allowed": DEV}], [["a1", "a0"]]),
        ([{"no_broader_than": "prod", "when": PROD}, {"sometimes_allowed": DEV}], []),
        ([{"no_broader_than": "prod"}, {"sometimes_allowed": {}}], []),
        ([{"no_broader_than": "prod"}, VACUOUS], []),
        ([{"equivalent_to": "prod"}, {"never_allowed": PROD}], [["a0", "a1"]]),
        ([{"equivalent_to": "prod"}, {"never_allowed": DEV}], []),
        ([{"equivalent_to": "prod"}, {"equivalent_to": "dev"}], [["a0", "a1"]]),
        ([{"equivalent_to": "prod"}, {"equivalent_to": "dev", "when": {"stage": "x"}}], []),
        ([{"equivalent_to": "prod"}, {"no_broader_than": "dev"}], [["a0", "a1"]]),
        ([{"equivalent_to": "prod"}, {"always_allowed": DEV}], [["a1", "a0"]]),
    ],
)
def test_with_a_policy_to_compare_with(assertions, expected, tmp_path):
    for name, statements in BASELINES.items():
        (tmp_path / name).write_text(policy_of(*statements).source.text)
    rows = [{"id": f"a{place}", **one} for place, one in enumerate(assertions)]
    data = {"version": 1, "api": {"endpoint": "regional"}, "assertions": rows}
    assert named(pc.parse_spec(pc.Source("spec.json", json.dumps(data)), tmp_path)) == expected


def test_a_contradiction_ends_the_search():
    spec = spec_of({"never_allowed": PROD}, {"always_allowed": {"method": "GET"}})
    found = pc.repair(policy_of(ALLOW, DENY), spec)
    assert found.outcome is pc.RepairOutcome.CONTRADICTION
    assert not found.repairs
