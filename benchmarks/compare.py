"""The same questions for policycheck, for cvc5 and for Z3's own strings.

python benchmarks/compare.py [--policies DIR] [--sizes 3,10,30] [--count N] [--limit SECONDS]
                             [--plot FILE.svg]

A question is one assertion about one policy. policycheck answers it whole: the formulas, the
solver, the replay of a counterexample or the attempt to refute a proof, and whether the assertion
is vacuous. The other two check the SMT-LIB file that ``policycheck export`` writes for it: parsing
and solving, without replay. Each asks in a process of its own, and what is compared is the
processor time of the answer, not of starting up. Beyond the limit the answer is unknown, and counts
with the limit as its time.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import exp, log
from pathlib import Path
from statistics import median

import generator

import policycheck as pc

SIZES = (3, 10, 30, 60)
SOLVERS = ("policycheck", "cvc5", "z3")
LEAST = 0.001
"""Times below this, in seconds, are taken as this: they are noise."""
SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - {id: closed, never_allowed: {stage: prod, source_ip: public}}
  - {id: reads-open, sometimes_allowed: {stage: prod, method: GET}}
  - {id: admin-closed, never_allowed: {path: /admin/*, source_ip: public}}
"""


@dataclass(frozen=True)
class Answer:
    """What a solver says (``sat``, ``unsat``, ``unknown``), and in how many seconds."""

    said: str
    seconds: float


def adversarial(size: int) -> dict[str, object]:
    """Denies of patterns that overlap in every way, and one Allow of what they leave."""
    letters = "abcdefgh"
    patterns = [
        "*" + "*".join(letters[(seed * step + seed) % 8] for step in range(1, 4)) + "*"
        for seed in range(size)
    ]
    deny = {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke"}
    statements = [{**deny, "Resource": f"execute-api:/prod/GET/{one}"} for one in patterns]
    allow = {**deny, "Effect": "Allow", "NotResource": "execute-api:/prod/GET/*h"}
    return {"Version": "2012-10-17", "Statement": [allow, *statements]}


def workloads(options: argparse.Namespace) -> Iterator[tuple[str, list[pc.Policy]]]:
    for size in options.sizes:
        made = [generator.policy(size, seed) for seed in range(options.count)]
        yield f"random, {size}", list(map(read, made))
    for size in options.sizes:
        yield f"adversarial, {size}", [read(adversarial(size))]
    if options.policies:
        found = []
        for file in sorted(options.policies.glob("*.json")):
            try:
                found.append(pc.load_policy(file))
            except pc.InputError:
                continue
        yield "the folder", found


def read(policy: object) -> pc.Policy:
    return pc.parse_policy(pc.Source("policy.json", json.dumps(policy)))


def ask_policycheck(policy: str, spec: str, limit: float) -> str:
    verdict = pc.prove(
        pc.load_policy(policy), pc.load_spec(spec), pc.Limits(seconds=limit)
    ).verdicts[0]
    if verdict.status is pc.Status.UNKNOWN:
        return "unknown"
    some = verdict.assertion.kind is pc.AssertionKind.SOMETIMES_ALLOWED
    return "sat" if (verdict.status is pc.Status.VIOLATED) is not some else "unsat"


def ask_cvc5(script: str, limit: float) -> str:
    import cvc5  # noqa: PLC0415 -- only the process that asks it loads it

    solver = cvc5.Solver()
    solver.setOption("tlimit", str(int(limit * 1000)))
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, script)
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said += command.invoke(solver, parser.getSymbolManager())
    return said.strip() or "unknown"


def ask_z3(script: str, limit: float) -> str:
    import z3  # noqa: PLC0415 -- only the process that asks it loads it

    solver = z3.Solver()
    solver.set("timeout", int(limit * 1000))
    solver.from_file(script)
    return str(solver.check())


def worker(solver: str, limit: float, files: Sequence[str]) -> None:
    """Asks once, and prints the answer and its processor time; called in a process of its own."""
    ask: Callable[[], str] = {
        "policycheck": lambda: ask_policycheck(*files, limit),
        "cvc5": lambda: ask_cvc5(files[0], limit),
        "z3": lambda: ask_z3(files[0], limit),
    }[solver]
    if solver == "policycheck":
        ask()
    started = time.process_time()
    said = ask()
    sys.stdout.write(json.dumps([said, time.process_time() - started]))


def answer(solver: str, limit: float, *files: Path) -> Answer:
    command = [sys.executable, __file__, "--worker", solver, str(limit), *map(str, files)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=3 * limit + 20, check=False
        )
    except subprocess.TimeoutExpired:
        return Answer("unknown", limit)
    if done.returncode or not done.stdout:
        return Answer("unknown", limit)
    said, seconds = json.loads(done.stdout)
    return Answer("unknown", limit) if said == "unknown" else Answer(said, max(seconds, LEAST))


def questions(policy: pc.Policy, spec: pc.Spec, folder: Path) -> Iterator[tuple[Path, Path, Path]]:
    """Files of each question: the policy, a spec of one assertion, and the script."""
    scripts = list(pc.export(policy, spec))
    for number, (line, (_, script)) in enumerate(
        zip(SPEC.strip().splitlines()[3:], scripts, strict=True)
    ):
        names = [folder / f"{number}.{end}" for end in ("json", "yaml", "smt2")]
        one = "\n".join([*SPEC.strip().splitlines()[:3], line]) + "\n"
        for name, text in zip(names, (policy.source.text, one, script), strict=True):
            name.write_text(text, encoding="utf-8")
        yield names[0], names[1], names[2]


def compared(policies: list[pc.Policy], limit: float) -> Iterator[dict[str, Answer]]:
    spec = pc.parse_spec(pc.Source("spec.yaml", SPEC), Path())
    for policy in policies:
        with tempfile.TemporaryDirectory() as name:
            for given, wanted, script in questions(policy, spec, Path(name)):
                yield {
                    "policycheck": answer("policycheck", limit, given, wanted),
                    "cvc5": answer("cvc5", limit, script),
                    "z3": answer("z3", limit, script),
                }


def geometric(values: Sequence[float]) -> float:
    return exp(sum(map(log, values)) / len(values)) if values else float("nan")


def row(name: str, found: list[dict[str, Answer]]) -> str:
    cells = [name, str(len(found))]
    for solver in SOLVERS:
        times = sorted(one[solver].seconds for one in found)
        unknown = sum(one[solver].said == "unknown" for one in found)
        slow = times[int(0.95 * (len(times) - 1))]
        cells += [f"{median(times):.3f}", f"{slow:.3f}", str(unknown)]
    ratios = {
        other: [one["policycheck"].seconds / one[other].seconds for one in found]
        for other in ("cvc5", "z3")
    }
    cells += [f"{geometric(ratios['cvc5']):.2f}", f"{max(ratios['cvc5']):.1f}"]
    cells.append(f"{geometric(ratios['z3']):.3f}")
    return "| " + " | ".join(cells) + " |\n"


HEAD = (
    "| workload, statements | questions "
    "| policycheck median (s) | 95 % | unknown | cvc5 median (s) | 95 % | unknown "
    "| Z3 strings median (s) | 95 % | unknown "
    "| policycheck : cvc5, geometric mean | most | policycheck : Z3 strings |\n"
    + "|---" * 14
    + "|\n"
)


def check(name: str, found: list[dict[str, Answer]]) -> None:
    """Stops at two answers that contradict each other."""
    for one in found:
        said = {solver: a.said for solver, a in one.items() if a.said != "unknown"}
        if len(set(said.values())) > 1:
            raise SystemExit(f"the solvers disagree on a question of {name}: {said}")


def plot(path: Path, medians: dict[str, list[tuple[int, float]]]) -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415 -- an extra

    figure, axes = plt.subplots(figsize=(7, 4.5))
    for solver, points in medians.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=solver)
    axes.set(xscale="log", yscale="log", xlabel="statements", ylabel="seconds, median")
    axes.set_title("One assertion about a random policy")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Writes a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--policies", type=Path)
    parser.add_argument(
        "--sizes", type=lambda text: tuple(map(int, text.split(","))), default=SIZES
    )
    parser.add_argument("--count", type=int, default=4, help="random policies of each size")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds for one answer")
    parser.add_argument("--plot", type=Path, help="write a plot of the random workload")
    parser.add_argument("--worker", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(options.worker[0], float(options.worker[1]), options.worker[2:])
        return
    sys.stdout.write(
        f"CPython {platform.python_version()}, z3-solver {version('z3-solver')}, "
        f"cvc5 {version('cvc5')}; processor time, limit {options.limit:g} s. IAMSpy takes no part: "
        "what the package index has under the name is a placeholder.\n\n" + HEAD
    )
    medians: dict[str, list[tuple[int, float]]] = {solver: [] for solver in SOLVERS}
    for name, policies in workloads(options):
        found = list(compared(policies, options.limit))
        check(name, found)
        sys.stdout.write(row(name, found))
        sys.stdout.flush()
        if name.startswith("random"):
            for solver in SOLVERS:
                value = median(one[solver].seconds for one in found)
                medians[solver].append((int(name.split()[-1]), value))
    if options.plot:
        plot(options.plot, medians)


if __name__ == "__main__":
    main()
