"""Counterexamples hold times and accounts that a person takes for real."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from policycheck.diagnostics import Source
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec
from policycheck.solve.prover import prove

ALLOW = """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
"Action": "execute-api:Invoke", "Resource": "%s"}]}"""
MONDAY = "1795392000"
"""2026-11-23T00:00:00Z."""


def counterexample(demand, resource="execute-api:/*"):
    spec = f"version: 1\nassertions:\n  - {{id: a, {demand}}}\n"
    policy = parse_policy(Source("policy.json", ALLOW % resource))
    (verdict,) = prove([policy], parse_spec(Source("spec.yaml", spec), Path())).verdicts
    return verdict.counterexample.request


@pytest.mark.parametrize(
    ("window", "weekday"),
    [
        ('{daily: "22:00-06:00", days: [sat], utc_offset: "+01:00"}', 5),
        ('{daily: "03:10-03:20", days: [wed]}', 2),
        ('{daily: "09:00-17:00", days: [mon]}', 0),
    ],
)
def test_a_recurring_time_is_one_of_this_week(monkeypatch, window, weekday):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", MONDAY)
    request = counterexample(f"never_allowed: {{time: {window}}}")
    found = datetime.fromisoformat(request.context["aws:CurrentTime"])
    assert found.strftime("%Y-%m") in {"2026-11", "2026-12"}
    assert found.weekday() in {weekday, (weekday + 1) % 7}


def test_another_account_is_a_plain_one():
    one = "arn:aws:execute-api:us-east-1:123456789012:*"
    request = counterexample("always_allowed: {partition: aws, region: us-east-1}", one)
    assert request.resource.split(":")[4] == "111122223333"


def test_another_partition_is_one_that_there_is():
    request = counterexample("never_allowed: {not: {partition: aws}}")
    assert request.resource.split(":")[1] == "aws-cn"


@pytest.mark.parametrize(
    ("resource", "open_paths", "path"),
    [
        ("execute-api:/prod/*/reports/*", "[/reports/*]", "/a/reports/"),
        ("execute-api:/prod/GET/new/*/old", "[/old]", "/new/a/old"),
        ("execute-api:/prod/GET//reports", "[/reports]", "//reports"),
    ],
)
def test_a_path_has_no_slashes_in_a_row_unless_it_must(resource, open_paths, path):
    demand = f"never_allowed: {{stage: prod, method: GET, not: {{path: {open_paths}}}}}"
    found = counterexample(demand, resource)
    assert "/" + found.resource.split("/", 3)[3] == path
