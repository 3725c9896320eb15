"""One solver in a process of its own: a question a line on standard input, an answer a line out.

python benchmarks/solver_process.py policycheck|cvc5|z3|naive

An answer has what was ``said`` (sat, unsat, unknown, or why there is no answer) and processor
seconds: ``whole`` for all of the work on parsed texts, ``solve`` for the part that solvers have in
common, deciding formulas that are there in a solver that was empty. The least of some repetitions
counts, of more the shorter they are; nothing is remembered between them. A process that goes beyond
the limit is ended by its own timer, beside which Linux counts the time of a process in ticks of
4 ms: it is the thread's that is taken.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

REPETITIONS = 7
SHORT = 0.3
"""Seconds below which an answer is repeated so often."""
MOST = 60
ENOUGH = 0.15
"""Seconds until which it is repeated more often than that, but not more than ``MOST`` times."""

Measured = tuple[str, float, float]
"""What was said, seconds for the whole and for solving."""


def policycheck(asked: Mapping[str, Any]) -> Callable[[], Measured]:
    """The whole: formulas, solver, replay or refutation, minimal reasons, whether it is vacuous."""
    from workloads import Question  # noqa: PLC0415

    import policycheck as pc  # noqa: PLC0415 -- each process loads its own solver only
    from policycheck.solve.limits import Deadline  # noqa: PLC0415
    from policycheck.solve.question import ask  # noqa: PLC0415
    from policycheck.solve.solver import Sat, Solver  # noqa: PLC0415
    from policycheck.symbolic.boolean import negation  # noqa: PLC0415

    question = Question("", 0, asked["policy"], asked["spec"])
    limits = pc.Limits(seconds=asked["limit"])

    def solved(policy: pc.Policy, spec: pc.Spec) -> tuple[str, float]:
        made = ask(policy, spec)
        (goal,) = made.goals
        known = [one.known for one in made.definitions]
        fixed = [negation(flag) for flag in made.request.readings.values()]
        solver = Solver(made.request.atoms, limits, definitions=made.definitions)
        started = time.thread_time()
        deadline = Deadline(limits.seconds)
        solver.start(made.facts, deadline)
        found = solver.check(goal.breaks, [*known, *fixed], deadline)
        seconds = time.thread_time() - started
        return "sat" if isinstance(found, Sat) else "unsat", seconds

    def once() -> Measured:
        policy, spec = question.parsed()
        _forget()
        started = time.thread_time()
        (verdict,) = pc.prove(policy, spec, limits).verdicts
        whole = time.thread_time() - started
        if verdict.status is pc.Status.UNKNOWN:
            return "unknown", whole, whole
        _forget()
        said, solve = solved(policy, spec)
        return said, whole, solve

    return once


def _forget() -> None:
    """Empty the caches of the process, as if the question were its first."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("policycheck.solve", "policycheck.symbolic")):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if clear is not None and value.__module__ == name:
                    clear()


def cvc5(asked: Mapping[str, Any]) -> Callable[[], Measured]:
    """The exported script: parsing and solving; ``solve`` is the command ``check-sat``."""
    import cvc5 as api  # noqa: PLC0415

    def once() -> Measured:
        started = time.thread_time()
        solver = api.Solver()
        parser = api.InputParser(solver)
        parser.setStringInput(api.InputLanguage.SMT_LIB_2_6, asked["script"], "question")
        said, solve = "", 0.0
        while not (command := parser.nextCommand()).isNull():
            before = time.thread_time()
            said += command.invoke(solver, parser.getSymbolManager())
            solve = time.thread_time() - before
        return said.strip() or "unknown", time.thread_time() - started, solve

    return once


def z3(asked: Mapping[str, Any]) -> Callable[[], Measured]:
    """The exported script with Z3's own theory of strings."""
    import z3 as api  # noqa: PLC0415

    def once() -> Measured:
        started = time.thread_time()
        solver = api.Solver()
        solver.from_string(asked["script"])
        before = time.thread_time()
        said = str(solver.check())
        ended = time.thread_time()
        return said, ended - started, ended - before

    return once


def naive(asked: Mapping[str, Any]) -> Callable[[], Measured]:
    """Policy and spec in the encoding that one writes first; the formulas, and ``check``."""
    import z3 as api  # noqa: PLC0415
    from naive import formulas  # noqa: PLC0415
    from workloads import Question  # noqa: PLC0415

    question = Question("", 0, asked["policy"], asked["spec"])

    def once() -> Measured:
        policy, spec = question.parsed()
        started = time.thread_time()
        solver = api.Solver()
        solver.add(*formulas(policy, spec))
        before = time.thread_time()
        said = str(solver.check())
        ended = time.thread_time()
        return said, ended - started, ended - before

    return once


SOLVERS = {one.__name__: one for one in (policycheck, cvc5, z3, naive)}


def measured(once: Callable[[], Measured]) -> dict[str, Any]:
    """The least of the repetitions."""
    said, whole, solve = once()
    spent, count = whole, 1
    while whole < SHORT and (count < REPETITIONS or (count < MOST and spent < ENOUGH)):
        again, *seconds = once()
        spent, count = spent + seconds[0], count + 1
        if again != said:
            return {"said": f"{said}, then {again}", "whole": whole, "solve": solve}
        whole, solve = min(whole, seconds[0]), min(solve, seconds[1])
    return {"said": said, "whole": whole, "solve": solve}


def answer(prepare: Callable[[Mapping[str, Any]], Callable[[], Measured]], line: str) -> None:
    """Answer one question; the timer counts the seconds of the processor, and ends the process."""
    asked = json.loads(line)
    signal.setitimer(signal.ITIMER_PROF, asked["limit"] * 1.5 if prepare is policycheck else 0)
    try:
        once = prepare(asked)
        if prepare is not policycheck:
            signal.setitimer(signal.ITIMER_PROF, asked["limit"])
        found = measured(once)
    except Exception as error:  # noqa: BLE001 -- whatever a solver raises is its answer
        found = {"said": f"{type(error).__name__}: {error}", "whole": 0.0, "solve": 0.0}
    signal.setitimer(signal.ITIMER_PROF, 0)
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for given in sys.stdin:
        answer(SOLVERS[sys.argv[1]], given)
