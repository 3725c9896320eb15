"""How long Z3 works on: at first so much, without a clock, and then until the deadline."""

from __future__ import annotations

import os
import signal
import threading
import time
from itertools import combinations

import pytest
import z3

from policycheck.solve import solver as solving
from policycheck.solve.limits import NEVER, Deadline, Limits, UndecidedError
from policycheck.solve.solver import Sat, Solver, Unsat
from policycheck.symbolic.boolean import either, negation, proposition
from policycheck.symbolic.symbols import Atoms


def pigeons(count: int) -> Solver:
    """Each of so many pigeons has a hole of one fewer: exponential for resolution (Haken 1985)."""
    places = [[proposition(f"{p} in {h}") for h in range(count - 1)] for p in range(count)]
    apart = (
        either([negation(one), negation(other)])
        for hole in zip(*places, strict=True)
        for one, other in combinations(hole, 2)
    )
    solver = Solver(Atoms(), Limits())
    solver.start([*map(either, places), *apart])
    return solver


def asked_for(solver: Solver, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the solver's Z3 is set to from now on."""
    found: list[str] = []
    set_ = solver.engine.set

    def noting(**values: object) -> None:
        found.extend(values)
        set_(**values)

    monkeypatch.setattr(solver.engine, "set", noting)
    return found


GOAL = proposition("goal")


def test_a_small_check_looks_at_no_clock(monkeypatch):
    solver = pigeons(4)
    found = asked_for(solver, monkeypatch)
    assert isinstance(solver.check(GOAL, [], Deadline(60)), Unsat)
    assert not found


def test_what_takes_longer_is_decided_with_a_clock(monkeypatch):
    monkeypatch.setattr(solving, "_BRIEF", 1000)
    solver = pigeons(6)
    found = asked_for(solver, monkeypatch)
    assert isinstance(solver.check(GOAL, [], Deadline(60)), Unsat)
    assert {"timeout", "rlimit"} <= set(found)
    found.clear()
    assert isinstance(solver.check(GOAL, [], NEVER), Unsat)


def test_an_answer_after_the_first_attempt_is_a_model(monkeypatch):
    monkeypatch.setattr(solving, "_BRIEF", 1)
    solver = Solver(Atoms(), Limits())
    solver.start([either([GOAL, proposition("other")])])
    found = solver.check(negation(GOAL), [], Deadline(60))
    assert isinstance(found, Sat)
    assert z3.is_true(found.model.eval(proposition("other")))


@pytest.mark.parametrize("seconds", [0.3, 1.3])
def test_the_deadline_holds_within_a_check(seconds):
    solver = pigeons(12)
    started = time.monotonic()
    with pytest.raises(UndecidedError, match=r"time limit of [\d.]+ seconds"):
        solver.check(GOAL, [], Deadline(seconds))
    assert time.monotonic() - started < seconds + 5


@pytest.mark.parametrize("brief", [100_000, 1_500_000], ids=["clock", "no clock"])
def test_an_interruption_is_never_taken_for_a_limit(brief, monkeypatch):
    monkeypatch.setattr(solving, "_BRIEF", brief)
    solver = pigeons(13)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        solver.check(GOAL, [], Deadline(60))
    timer.join()
