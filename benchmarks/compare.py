"""policycheck, cvc5, Z3's own strings, a naive encoding for these and IAMSpy on the same questions.

python benchmarks/compare.py [--quick] [--policies DIR] [--iamspy PYTHON] [--plot FILE.svg]

Each solver has one process, and they take turns. policycheck and the naive encoding get policy and
spec; cvc5 and Z3 get the SMT-LIB file that ``policycheck export`` writes, which is what policycheck
has made of them; IAMSpy, which has no specs, gets the questions about one caller and one resource.
Times are processor seconds, the least of a few repetitions.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import comparison
import comparison_targets
from comparison import Answer, Asked
from workloads import Question, questions

import policycheck as pc

HERE = Path(__file__).parent
SIZES = (3, 10, 30, 60, 120, 200)
QUICK_SIZES = (3, 10, 30)
LOCAL = ("policycheck", "cvc5", "z3", "naive")
PATIENCE = 1
"""So many times may a solver take too long in one size of a workload; then it is not asked the rest
of that size. A folder of policies is of no size and has five times as much."""
ASKED_ALL = {"naive"}
"""Asked whatever it took before: a mean over all questions of a size is to be one over all."""


@dataclass
class Process:
    """A solver's process, started again after it was ended for taking too long."""

    command: list[str]
    speaks: bool = False
    name: str = ""
    running: subprocess.Popen[str] | None = None

    def start(self) -> subprocess.Popen[str]:
        started = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        if self.speaks:
            self.name = json.loads(_line(started) or "{}").get("name", "")
        return started

    def ask(self, message: dict[str, object]) -> Answer:
        if self.running is None:
            self.running = self.start()
        assert self.running.stdin is not None
        try:
            self.running.stdin.write(json.dumps(message) + "\n")
            self.running.stdin.flush()
            line = _line(self.running)
        except BrokenPipeError:
            line = ""
        if line:
            return Answer(**json.loads(line))
        self.running.wait()
        self.running = None
        limit = float(str(message["limit"]))
        return Answer("unknown", limit, limit)

    def end(self) -> None:
        if self.running is not None:
            self.running.kill()
            self.running.wait()


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@dataclass
class Patience:
    """Which solver is still asked what."""

    unknown: dict[tuple[str, str, int], int] = field(default_factory=dict)

    def allows(self, solver: str, question: Question) -> bool:
        place = (solver, question.workload, question.size)
        most = PATIENCE if question.size else 5 * PATIENCE
        if solver == "policycheck" or (solver in ASKED_ALL and question.size):
            return True
        return self.unknown.get(place, 0) < most

    def note(self, solver: str, question: Question, answer: Answer, limit: float) -> None:
        place = (solver, question.workload, question.size)
        if answer.said == "unknown" and answer.whole >= limit:
            self.unknown[place] = self.unknown.get(place, 0) + 1


def processes(iamspy: str | None) -> dict[str, Process]:
    worker = str(HERE / "solver_process.py")
    found = {solver: Process([sys.executable, worker, solver]) for solver in LOCAL}
    if iamspy:
        one = Process([iamspy, str(HERE / "iamspy_process.py")], speaks=True)
        one.running = one.start()
        if one.name:
            found["iamspy"] = one
    return found


def asked(options: argparse.Namespace, solvers: dict[str, Process]) -> Iterator[Asked]:
    """Every question with the answer of each solver that was asked."""
    patience = Patience()
    for question in questions(options.sizes, options.count, options.policies):
        message: dict[str, object] = {
            "policy": question.policy,
            "spec": question.spec,
            "point": question.point,
        }
        try:
            ((_, message["script"]),) = pc.export(*question.parsed())
        except pc.InputError as error:
            sys.stderr.write(f"left out: {question.workload}: {error}\n")
            continue
        answers: dict[str, Answer] = {}
        for solver, process in solvers.items():
            if solver == "iamspy" and question.point is None:
                continue
            if patience.allows(solver, question):
                limit = options.limits[solver]
                answers[solver] = process.ask(message | {"limit": limit})
                patience.note(solver, question, answers[solver], limit)
        _report(question, answers)
        yield Asked(question.workload, question.size, answers)


def _report(question: Question, answers: dict[str, Answer]) -> None:
    said = ", ".join(f"{s} {a.said[:60]} {a.whole:.3f}/{a.solve:.3f}" for s, a in answers.items())
    sys.stderr.write(f"{question.workload} {question.size}: {said}\n")


def main() -> None:
    """Writes tables in Markdown."""
    options = _options()
    solvers = processes(options.iamspy)
    found: list[Asked] = []
    try:
        found.extend(asked(options, solvers))
    except KeyboardInterrupt:
        sys.stdout.write("Interrupted: only the first questions were asked.\n\n")
    finally:
        for process in solvers.values():
            process.end()
    iamspy = solvers["iamspy"].name if "iamspy" in solvers else ""
    sys.stdout.write(
        f"CPython {platform.python_version()}, z3-solver {version('z3-solver')}, "
        f"cvc5 {version('cvc5')}, {iamspy or 'no IAMSpy'}; processor seconds, "
        f"limit {options.limit:g} s, for the naive encoding {options.limits['naive']:g} s.\n\n"
    )
    if not iamspy:
        sys.stdout.write(
            "IAMSpy could not be measured: no Python was named (`--iamspy`) that can import it. "
            "The index's package `iamspy` is empty; `zeuscloud-iamspy` has the code.\n\n"
        )
    if options.policies is None:
        sys.stdout.write("No folder of policies was given (`--policies`).\n\n")
    sys.stdout.write(comparison.report(found, options.limits))
    sys.stdout.write("\n" + comparison_targets.report(found, options.limits))
    if options.plot:
        comparison.plot(options.plot, found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, short limit")
    parser.add_argument("--policies", type=Path, help="ask about those in this directory too")
    parser.add_argument("--iamspy", help="a Python that can import iamspy or zeuscloud_iamspy")
    parser.add_argument("--sizes", type=_sizes, help="statements, such as 3,10,30")
    parser.add_argument("--count", type=int, help="random policies of each size")
    parser.add_argument("--limit", type=float, help="processor seconds for one question")
    parser.add_argument(
        "--naive-limit", type=float, help="that of the naive encoding, else twice it"
    )
    parser.add_argument("--plot", type=Path, help="write a plot of the random workload")
    options = parser.parse_args()
    options.sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    options.count = options.count or 1
    options.limit = options.limit or (3.0 if options.quick else 10.0)
    options.limits = dict.fromkeys([*LOCAL, "iamspy"], options.limit)
    options.limits["naive"] = options.naive_limit or 2 * options.limit
    if options.plot and find_spec("matplotlib") is None:
        parser.error("--plot needs matplotlib: pip install '.[bench]'")
    options.iamspy = options.iamspy if options.iamspy and Path(options.iamspy).exists() else None
    if options.policies is not None and not options.policies.is_dir():
        options.policies = None
    return options


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


if __name__ == "__main__":
    main()
