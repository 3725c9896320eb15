"""How many decisions a second ``policycheck eval`` makes, and in how much memory.

python benchmarks/eval.py [--policies DIR] [--requests N]

For each policy a file of requests near it, with IAM callers, is streamed through the command as a
process of its own. The figure is requests by CPU second (user and system), less what the same
command takes for one request. Memory is the largest resident set, for N requests and for N/10.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from subprocess import DEVNULL

import generator

import policycheck as pc
from policycheck.model.environment import Authorization, Environment
from policycheck.model.request_form import request_to_data
from policycheck.solve.probing import probes

MEBIBYTE = 1024
"""In the unit of ``ru_maxrss`` on Linux, kibibytes."""


def request_lines(policy: pc.Policy, count: int) -> list[str]:
    environment = Environment(authorization=Authorization.IAM)
    distinct = probes([policy], [], environment, seed=0, count=min(count, 5_000))
    lines = [json.dumps(request_to_data(one)) + "\n" for one in distinct]
    return [lines[index % len(lines)] for index in range(count)]


def run(policy: Path, lines: list[str]) -> tuple[float, float]:
    """CPU seconds and the largest resident set (MiB) of one run."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as requests:
        requests.writelines(lines)
        requests.flush()
        command = [sys.executable, "-m", "policycheck", "eval", str(policy), requests.name]
        settings = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
        with subprocess.Popen(command, env=settings, stdout=DEVNULL, stderr=DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"eval exits with {process.returncode} on {policy}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MEBIBYTE


def measured(policy: Path, count: int) -> tuple[float, float, float]:
    """Decisions a CPU second, and memory for all requests and for a tenth of them."""
    lines = request_lines(pc.load_policy(policy), count)
    idle, _ = run(policy, lines[:1])
    _, small = run(policy, lines[: count // 10])
    busy, large = run(policy, lines)
    return count / (busy - idle), large, small


def readable(directory: Path) -> list[Path]:
    found = []
    for file in sorted(directory.glob("*.json")):
        try:
            pc.load_policy(file)
        except pc.InputError:
            continue
        found.append(file)
    return found


def generated(directory: Path) -> list[Path]:
    """Random policies of several sizes, written to the directory."""
    for statements in (1, 3, 10):
        text = json.dumps(generator.policy(statements, 0))
        (directory / f"random-{statements}.json").write_text(text, encoding="utf-8")
    return readable(directory)


def main() -> None:
    """Writes a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--policies", type=Path, help="a folder of policies, in place of random ones"
    )
    parser.add_argument("--requests", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        policies = readable(options.policies) if options.policies else generated(Path(folder))
        rows = sorted((*measured(one, options.requests), one.stem) for one in policies)
    rates = [row[0] for row in rows]
    most = max(large - small for _, large, small, _ in rows)
    sys.stdout.write(
        f"{len(rows)} policies, {options.requests} requests each.\n\n"
        "| decisions a CPU second | policy | memory (MiB) |\n|---|---|---|\n"
        + "".join(f"| {r:.0f} | {name} | {large:.0f} |\n" for r, large, _, name in rows[:5])
        + f"| {median(rates):.0f} | the median | |\n"
        f"\nMemory grows by at most {most:.1f} MiB from a tenth of the requests to all.\n"
    )


if __name__ == "__main__":
    main()
