"""Random policies to measure with."""

from __future__ import annotations

import json

import generator
import pytest

from policycheck.diagnostics import Source
from policycheck.read.policy import parse_policy


@pytest.mark.parametrize("statements", [1, 3, 30])
@pytest.mark.parametrize("variables", [False, True])
def test_policies_can_be_read(statements, variables):
    made = generator.policy(statements, 5, variables=variables)
    policy = parse_policy(Source("generated", json.dumps(made)))
    assert len(policy.statements) == statements


def test_same_seed_same_policy():
    assert generator.policy(5, 1) == generator.policy(5, 1) != generator.policy(5, 2)


def test_command_prints_json(capsys):
    generator.main(["--statements", "3", "--seed", "1"])
    assert json.loads(capsys.readouterr().out) == generator.policy(3, 1)
