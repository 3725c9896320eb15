"""What limits hold, also where the work is none of Z3's."""

from __future__ import annotations

import gc
import json
import math
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
import z3

import policycheck as pc
from policycheck.analyse.regions.differing import diff
from policycheck.analyse.regions.reaching import reach
from policycheck.diagnostics import Source
from policycheck.model.verdict import Status
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec
from policycheck.solve.limits import NEVER, Deadline, Limits, UndecidedError
from policycheck.solve.prover import prove
from policycheck.solve.solver import Solver
from policycheck.symbolic.symbols import Atoms

SPEC = """
version: 1
api: {authorization: iam}
assertions:
  - {id: closed, never_allowed: {not: {path: /zzz}}}
  - {id: opened, always_allowed: {stage: prod}}
"""


def decided(limits, *statements, spec=SPEC):
    policy = parse_policy(Source("p.json", json.dumps({"Statement": list(statements)})))
    return prove([policy], parse_spec(Source("spec.yaml", spec), Path()), limits).verdicts


def statement(effect="Allow", **elements):
    found = {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", **elements}
    return found if "NotResource" in elements else {"Resource": "*", **found}


LARGE = {
    "values": [
        statement(Condition={"StringEquals": {"aws:Referer": [f"{n}" for n in range(20_000)]}})
    ],
    "blocks": [
        statement(
            Condition={
                "NotIpAddress": {
                    "aws:SourceIp": [f"8.{n // 250}.{n % 250}.0/25" for n in range(20_000)]
                }
            }
        )
    ],
    "resources": [statement(Resource=[f"execute-api:/prod/*/{n}*/?" for n in range(5_000)])],
    "statements": [statement(Resource=f"execute-api:/prod/GET/{n}/*") for n in range(5_000)],
    "slots": [
        statement(Condition={"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"*{n}?*"}})
        for n in range(250)
    ],
}


@pytest.mark.parametrize("name", LARGE)
def test_time_is_up_while_formulas_are_made(name):
    for verdict in decided(Limits(seconds=0.2), *LARGE[name]):
        assert verdict.status is Status.UNKNOWN
        assert verdict.reason == (
            "the time limit of 0.2 seconds was reached while the formulas were made"
        )


class Clock:
    """A clock that stands still, and steps on whenever it is looked at."""

    def __init__(self, step):
        self.now, self.step, self.looks = 0.0, step, 0

    def __call__(self):
        self.now += self.step
        self.looks += 1
        return self.now


@pytest.mark.parametrize("looks", [1, 2, 3, 5, 10, 20, 40, 80, 160, 320, 640, 1280])
def test_whenever_time_is_up_the_answer_is_unknown_or_right(looks, monkeypatch):
    """The clock is looked at in all parts of the work; the time ends at each of them in turn."""
    statements = (
        statement(Condition={"StringLike": {"aws:UserAgent": ["a*b*", "*${aws:Referer}"]}}),
        statement("Deny", Condition={"NotIpAddress": {"aws:SourceIp": ["8.0.0.0/8", "::/0"]}}),
    )
    truth = [one.status for one in decided(Limits(), *statements)]
    monkeypatch.setattr(time, "monotonic", Clock(1.0))
    found = decided(Limits(seconds=looks, probes=50), *statements)
    for verdict, right in zip(found, truth, strict=True):
        assert verdict.status in {right, Status.UNKNOWN}
        assert (verdict.status is Status.UNKNOWN) == ("time limit" in verdict.reason)


@pytest.mark.parametrize("seconds", [0.0, 0.0004, 0.0104, 1.0005, 59.99999])
def test_z3_is_never_given_less_than_there_is(seconds, monkeypatch):
    monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    assert Deadline(seconds).milliseconds > seconds * 1000


def test_work_without_a_limit_is_never_up():
    NEVER.check()
    assert NEVER.left == math.inf
    assert 10**9 < NEVER.milliseconds < 2**32
    with pytest.raises(UndecidedError):
        Deadline(0.0).check()


def test_what_z3_does_not_decide_is_unknown():
    """Whether cubes add up to a cube is beyond Z3."""
    x, y, z = z3.Ints("x y z")
    cubes = [x > 1, y > 1, z > 1, x * x * x + y * y * y == z * z * z]
    solver = Solver(Atoms(), Limits())
    solver.start([])
    with pytest.raises(UndecidedError, match="time limit"):
        solver.check(z3.And(*cubes), [], Deadline(0.2))


def test_patterns_that_blow_up_an_automaton():
    """Each holds that some letter stands so many places before the end."""
    patterns = [f"*{letter}" + "?" * size for letter in "ab" for size in range(5, 40)]
    random = Random(1)
    random.shuffle(patterns)
    statements = [statement(Condition={"StringLike": {"aws:UserAgent": patterns[::2]}})]
    statements += [
        statement("Deny", Condition={"StringLike": {"aws:UserAgent": one}})
        for one in patterns[1::2]
    ]
    spec = SPEC.replace("{stage: prod}", "{condition: {StringLike: {aws:UserAgent: '*c*d*'}}}")
    for verdict in decided(Limits(seconds=20), *statements, spec=spec):
        if verdict.status is Status.UNKNOWN:
            assert "automaton states" in verdict.reason


HEAVY = (
    statement(
        Condition={"IpAddress": {"aws:SourceIp": [f"8.{n % 250}.{n % 7}.0/24" for n in range(600)]}}
    ),
    statement(
        "Deny", Condition={"StringLike": {"aws:UserAgent": [f"*{n}*{n}*" for n in range(900)]}}
    ),
)


def in_use():
    """MiB that Z3 has taken."""
    gc.collect()
    return math.ceil(z3.z3core.Z3_get_estimated_alloc_size() / 2**20)


def out_of_memory():
    """Memory ends in the formulas, in a check, or not at all; the same process then goes on."""
    right = [one.status for one in decided(Limits(), *HEAVY)]
    assert Status.UNKNOWN not in right
    reasons = Counter()
    for more in (-9, -1, 0, 1, 2, 20):
        most = max(1, in_use() + more)
        for verdict, wanted in zip(decided(Limits(memory=most), *HEAVY), right, strict=True):
            assert verdict.status in {wanted, Status.UNKNOWN}
            reasons[verdict.reason.replace(str(most), "N")] += 1
        for verdict, wanted in zip(decided(Limits(), *HEAVY), right, strict=True):
            assert verdict.status in {wanted, Status.UNKNOWN}
    reached = "the memory limit of N MiB was reached"
    assert reasons[reached]
    assert reasons[f"{reached} while the formulas were made"]


def other_questions():
    decided(Limits(), *HEAVY)  # Z3 has what it needs for itself
    text = json.dumps({"Statement": list(HEAVY)})
    policy = parse_policy(Source("p.json", text))
    other = parse_policy(Source("p.json", json.dumps({"Statement": list(HEAVY[:1])})))
    message = "the memory limit of 1 MiB was reached"
    assert message in reach(policy, limits=Limits(memory=1)).unknown
    assert message in diff(policy, other, limits=Limits(memory=1)).unknown
    found = pc.lint(policy, limits=Limits(memory=1))
    assert any(message in one for one in found.undecided)


@pytest.mark.parametrize("what", [out_of_memory, other_questions], ids=lambda one: one.__name__)
def test_out_of_memory_is_unknown(what):
    """In a process of its own, as Z3 need not find out of it again."""
    done = subprocess.run(
        [sys.executable, "-c", f"import test_limits; test_limits.{what.__name__}()"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
