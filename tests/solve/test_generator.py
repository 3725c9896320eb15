"""Random policies to measure with."""

from __future__ import annotations

import json
import os
import subprocess
import sys

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


def printed(hash_seed):
    """What the command prints in a process where sets have another order."""
    settings = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, generator.__file__, "--statements", "30", "--seed", "1"]
    return subprocess.run(command, env=settings, capture_output=True, check=True).stdout


def test_same_policy_in_every_process():
    assert printed("1") == printed("2") == printed("3")


def test_command_prints_json(capsys):
    generator.main(["--statements", "3", "--seed", "1"])
    assert json.loads(capsys.readouterr().out) == generator.policy(3, 1)
