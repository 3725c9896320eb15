"""How many policies a second are decided, and where the time goes.

python benchmarks/fleet.py [--count 10000] [--write]

Random policies of 1 to 10 statements, two assertions about each, are decided by ``policycheck
prove`` as a process: with 1 and 2 worker processes and on a Dask cluster of two workers on this
machine, with an empty cache and again with the full one. ``--write`` puts the tables into
docs/scale.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import generator

import policycheck as pc
from policycheck.cache.verdicts import VerdictCache
from policycheck.fleet import proving
from policycheck.read.files import read_source
from policycheck.report.layout import Layout
from policycheck.report.page import Page
from policycheck.solve import proof, prover, replay

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "scale.md"
SIZES = (1, 1, 2, 2, 3, 3, 5, 10)
SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - {id: closed, never_allowed: {stage: prod, source_ip: public}}
  - {id: used, sometimes_allowed: {stage: prod}}
"""
ESTATE = 100_000
MEBIBYTE = 1024
"""In the unit of ``ru_maxrss`` on Linux, kibibytes."""


def write_policies(directory: Path, count: int) -> None:
    directory.mkdir()
    for seed in range(count):
        text = json.dumps(generator.policy(SIZES[seed % len(SIZES)], seed))
        (directory / f"{seed:06}.json").write_text(text, encoding="utf-8")


def run(folder: Path, policies: str, *options: str) -> tuple[float, float]:
    """Wall-clock seconds and the largest resident set (MiB) of the process that reports."""
    output = folder / "results.json"
    command = [sys.executable, "-m", "policycheck", "prove", policies, "spec.yaml", "--quiet"]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    with subprocess.Popen(
        [*command, "--format", "json", "-o", str(output), *options], cwd=folder, env=settings
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    found = json.loads(output.read_text(encoding="utf-8"))
    expected = 2 * len(list((folder / policies).iterdir()))
    if len(found["results"]) != expected or process.returncode not in {0, 1}:
        raise SystemExit(f"{len(found['results'])} of {expected} results: {found['summary']}")
    return seconds, usage.ru_maxrss / MEBIBYTE


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a scheduler with two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    port = address.rpartition(":")[2]
    options = ["--no-dashboard"]
    commands = [
        ["scheduler", "--host", "127.0.0.1", "--port", port, *options],
        *[["worker", address, "--nthreads", "1", *options]] * 2,
    ]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "dask", *one],
            env=settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for one in commands
    ]
    try:
        time.sleep(8)
        yield address
    finally:
        for one in reversed(running):
            one.terminate()
            one.wait()


def speeds(folder: Path, count: int, memories: dict[str, float]) -> Iterator[str]:
    """A row for each engine and state of the cache; ``memories`` gets the most that each took."""
    yield "| engine | cache | policies a second | seconds | memory of the reporting process (MiB) |"
    yield "|---|---|---|---|---|"
    with cluster() as address:
        for name, *options in (
            ("1 process", "--jobs", "1"),
            ("2 processes", "--jobs", "2"),
            ("cluster, 2 workers", "--engine", "dask", "--scheduler", address),
        ):
            kept = tempfile.mkdtemp(dir=folder)
            for state in ("empty", "full"):
                seconds, memory = run(folder, "policies", *options, "--cache-dir", kept)
                rate = count / seconds
                memories.setdefault(name, memory)
                yield f"| {name} | {state} | {rate:.1f} | {seconds:.1f} | {memory:.0f} |"


def memory(folder: Path, count: int, memories: dict[str, float]) -> Iterator[str]:
    """Rows for a tenth of the policies, beside those of all of them, with an empty cache."""
    yield "| policies | engine | memory of the reporting process (MiB) |"
    yield "|---|---|---|"
    write_policies(folder / "fewer", count // 10)
    for jobs, name in (("1", "1 process"), ("2", "2 processes")):
        kept = tempfile.mkdtemp(dir=folder)
        _, most = run(folder, "fewer", "--jobs", jobs, "--cache-dir", kept)
        yield f"| {count // 10} | {name} | {most:.0f} |"
        yield f"| {count} | {name} | {memories[name]:.0f} |"


class Stages:
    """Counts the seconds that are spent in functions, without those that one of them calls."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._inner = [0.0]

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self._inner.append(0.0)
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                whole = time.perf_counter() - started
                self.seconds[stage] += whole - self._inner.pop()
                self._inner[-1] += whole

        return call

    def watch(self, stage: str, owner: Any, *names: str) -> None:
        for name in names:
            setattr(owner, name, self.timed(stage, getattr(owner, name)))


def where_time_goes(folder: Path, count: int) -> Iterator[str]:
    stages = Stages()
    stages.watch("reading", proving, "_policy")
    stages.watch("encoding", prover, "ask")
    stages.watch("solving", prover.Solver, "check", "start")
    stages.watch("replay of examples", replay, "replayed")
    stages.watch("replay against proofs", proof, "attempt")
    stages.watch("cache", VerdictCache, "recall", "keep")
    stages.watch("reporting", Layout, "pieces", "messages_of")
    spec = pc.load_spec(folder / "spec.yaml")
    files = sorted((folder / "policies").iterdir())[:count]
    columns = []
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        work = proving.Proving(Layout("json", Page(), Page(), quiet=True), Path(kept))
        for _ in ("empty", "full"):
            stages.seconds.clear()
            whole = stages.timed("the rest", work)
            for file in files:
                source = stages.timed("reading", read_source)(file)
                whole(proving.Task(source, spec, pc.Limits()))
            columns.append(dict(stages.seconds))
    yield "| stage | ms a policy, cache empty | ms a policy, cache full |"
    yield "|---|---|---|"
    for stage in columns[0]:
        cold, warm = (1000 * column.get(stage, 0.0) / len(files) for column in columns)
        yield f"| {stage} | {cold:.2f} | {warm:.2f} |"
    cold, warm = (1000 * sum(column.values()) / len(files) for column in columns)
    yield f"| all | {cold:.2f} | {warm:.2f} |"
    yield ""
    yield (
        f"From this a hundred thousand policies cost {_spelled(cold * ESTATE / 1000)} of one "
        f"processor with an empty cache, and {_spelled(warm * ESTATE / 1000)} with a full one."
    )


def _spelled(seconds: float) -> str:
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"


def report(folder: Path, count: int) -> Iterator[str]:
    (folder / "spec.yaml").write_text(SPEC, encoding="utf-8")
    write_policies(folder / "policies", count)
    yield (
        f"{count} policies of {min(SIZES)} to {max(SIZES)} statements, 2 assertions about each; "
        f"Python {platform.python_version()}, z3-solver {version('z3-solver')}, "
        f"{os.cpu_count()} processors."
    )
    memories: dict[str, float] = {}
    for part in (
        speeds(folder, count, memories),
        memory(folder, count, memories),
        where_time_goes(folder, min(count, 1000)),
    ):
        yield ""
        yield from part


def written(lines: list[str]) -> None:
    """Puts the tables between the marks of the page."""
    page = PAGE.read_text(encoding="utf-8")
    marks = re.compile(r"(<!-- fleet: begin -->\n).*(<!-- fleet: end -->)", re.DOTALL)
    text = "\n".join(lines)
    PAGE.write_text(marks.sub(lambda m: f"{m[1]}{text}\n{m[2]}", page), encoding="utf-8")


def main() -> None:
    """Writes tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="how many policies")
    parser.add_argument("--write", action="store_true", help="into docs/scale.md")
    options = parser.parse_args()
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for line in report(Path(folder), options.count):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
            lines.append(line)
    if options.write:
        written(lines)


if __name__ == "__main__":
    main()
