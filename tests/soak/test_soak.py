"""A small soak, and that the soak notices what it is there for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from random import Random

import pytest
import soak
from defects import DEFECTS
from injection import injected
from pillars import TIED
from soak_checks import Plan, examine
from soak_pairs import DECLARED, Pair, pair
from soak_variants import rewritten_policy, rewritten_spec

SMALL = Plan(more_every=0, solvers_every=15, regions_every=15, variants_every=2, reduced_every=2)


def test_nothing_fails(tmp_path):
    chunk = soak.Work(3, 0, 30, SMALL, tmp_path).done()
    assert not chunk.failures, list(tmp_path.rglob("failure.txt"))
    figures = chunk.figures
    assert figures["pairs"] + figures["refused"] == 30
    assert figures["pairs"] > 25
    for name in ("replays", "variants", "reduced policies", "diff compared", "reach compared"):
        assert figures[name], name
    assert figures["concrete requests"] > 500


NOTICED = [
    "IPv4 and IPv6 are mixed, in formulas",
    "all Deny statements must apply, in formulas",
    "Null is inverted, in formulas",
]


@pytest.mark.parametrize("name", NOTICED)
def test_a_defect_is_noticed(name, tmp_path):
    (defect,) = (one for one in DEFECTS if one.name == name)
    with injected(defect):
        seeds = (f"5-{number}" for number in range(1, 200))
        failed = any(examine(pair(seed), seed, 1, SMALL, tmp_path).failures for seed in seeds)
    assert failed


TEXT = "${custom:text}"
BOTH = {
    "StringLike": {"custom:text": f"{TEXT}*", "aws:Referer": f"a?{TEXT}b*"},
    "StringEqualsIgnoreCase": {"custom:text": "ba"},
}


@pytest.mark.parametrize("is_there", [True, False])
def test_a_defect_that_guesses_hide_is_noticed(is_there, tmp_path):
    """The first star stands for nothing, the second for anything; not for the same text."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": {**statement, "Condition": BOTH}}
    spec = {"version": 1, "keys": DECLARED, "assertions": [{"id": "a", "never_allowed": {}}]}
    (fault,) = TIED
    with injected(fault.defect) if is_there else nullcontext():
        failures = examine(Pair(policy, spec, policy), "1", 1, SMALL, tmp_path).failures
    assert [one.kind for one in failures] == ["guess"] * is_there


def test_pairs_are_the_same_for_the_same_seed():
    assert pair("1-7") == pair("1-7")
    assert pair("1-7") != pair("1-8")


def test_what_is_rewritten_is_written_differently():
    made = [pair(f"2-{number}") for number in range(20)]
    changed = [
        (rewritten_policy(one.policy, Random(1)), rewritten_spec(one.spec, Random(1)))
        for one in made
    ]
    assert (
        sum(
            json.dumps(p) != json.dumps(one.policy)
            for one, (p, _) in zip(made, changed, strict=True)
        )
        > 15
    )
    assert (
        sum(
            json.dumps(s) != json.dumps(one.spec) for one, (_, s) in zip(made, changed, strict=True)
        )
        > 15
    )


def test_an_interrupted_run_goes_on_where_it_was(tmp_path):
    script = Path(soak.__file__)
    totals = tmp_path / "totals.json"
    command = [sys.executable, "-u", str(script), "--seed", "1", "--totals", str(totals)]
    places = (script.parents[2], script.parents[1], script.parents[1] / "regions")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))}
    options = {"cwd": tmp_path, "env": environment, "stdout": subprocess.PIPE, "text": True}
    started = subprocess.Popen([*command, "--examples", "100000"], **options)
    while not totals.exists() and started.poll() is None:
        time.sleep(0.1)
    started.send_signal(signal.SIGINT)
    told, _ = started.communicate()
    kept = json.loads(totals.read_text())
    assert f"interrupted after {kept['done']} pairs" in told
    assert f"| pairs drawn | {kept['done']:,} |" in told
    again = subprocess.run([*command, "--examples", str(kept["done"])], check=True, **options)
    assert f"| replays | {kept['figures']['replays']:,} |" in again.stdout
