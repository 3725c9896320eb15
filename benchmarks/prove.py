"""How long proofs take, by the number of statements of random policies.

python benchmarks/prove.py [--policies DIR]

Four assertions about each policy, below. Times are wall-clock seconds for one assertion in this
process: the formulas, the solver, the replay of a counterexample or the attempt to refute a proof;
not the reading of the files.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

import generator

import policycheck as pc

SIZES = (3, 10, 30, 60)
SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - {id: closed, never_allowed: {stage: prod, source_ip: public}}
  - {id: open, always_allowed: {stage: prod, source_ip: 198.51.100.0/24}}
  - {id: reads-open, sometimes_allowed: {stage: prod, method: GET}}
  - {id: admin-closed, never_allowed: {path: /admin/*, source_ip: public}}
"""


def random_policies(statements: int, count: int) -> list[pc.Policy]:
    texts = [json.dumps(generator.policy(statements, seed)) for seed in range(count)]
    return [pc.parse_policy(pc.Source(f"{i}.json", text)) for i, text in enumerate(texts)]


def found_policies(directory: Path) -> list[pc.Policy]:
    """The policies below a directory that can be read."""
    found = []
    for file in sorted(directory.rglob("*.json")):
        try:
            found.append(pc.load_policy(file))
        except pc.InputError:
            continue
    return found


def row(name: str, policies: Iterable[pc.Policy], spec: pc.Spec, seconds: float) -> str:
    verdicts = pc.prove(policies, spec, pc.Limits(seconds=seconds)).verdicts
    times = sorted(one.seconds for one in verdicts)
    unknown = sum(one.status is pc.Status.UNKNOWN for one in verdicts)
    slow = times[int(0.95 * (len(times) - 1))]
    return (
        f"| {name} | {len(verdicts)} | {median(times):.3f} | {slow:.3f} | {times[-1]:.3f} "
        f"| {unknown} |"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes a table in Markdown to standard output."""
    parser = argparse.ArgumentParser(description="How long proofs take.")
    parser.add_argument("--policies", type=Path, help="also those below this directory")
    parser.add_argument("--count", type=int, default=10, help="policies of each size")
    parser.add_argument("--seconds", type=float, default=60.0, help="the limit for one assertion")
    options = parser.parse_args(arguments)
    spec = pc.parse_spec(pc.Source("benchmark.yaml", SPEC), Path())
    say(f"{platform.python_implementation()} {platform.python_version()}, ")
    say(f"z3-solver {version('z3-solver')}, {os.cpu_count()} processors, ")
    say(f"{options.count} random policies of each size, limit {options.seconds:g} s.\n\n")
    say("| statements | assertions | median (s) | 95 % below (s) | most (s) | unknown |\n")
    say("|---|---|---|---|---|---|\n")
    for size in SIZES:
        say(row(str(size), random_policies(size, options.count), spec, options.seconds) + "\n")
    if options.policies:
        policies = found_policies(options.policies)
        say(row(f"{len(policies)} files", policies, spec, options.seconds) + "\n")


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
