"""Random policies and specs, each pair checked in every way that is known.

make soak EXAMPLES=1000 SEED=1 PROCESSES=2

The figures are those of all runs with the same --totals file, which a run goes on from. Each
failure is put into a folder with its seed, its policy and its spec, made smaller.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from soak_checks import Examined, Failure, Plan, examine
from soak_pairs import pair
from soak_shrinking import smaller

CHUNK = 25


@dataclass
class Totals:
    """The figures of a soak: how many pairs of a seed are done, and what came of them."""

    seed: int
    done: int = 0
    failures: int = 0
    processor_seconds: float = 0.0
    figures: Counter[str] = field(default_factory=Counter)

    def add(self, chunk: Chunk) -> None:
        """Count what a chunk gave."""
        self.done = chunk.first + chunk.count
        self.failures += chunk.failures
        self.processor_seconds += chunk.processor_seconds
        self.figures += chunk.figures

    def write(self, path: Path) -> None:
        """Write the totals, in place of those before."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(vars(self), indent=1), encoding="utf-8")
        new.replace(path)


@dataclass(frozen=True)
class Chunk:
    """What some consecutive pairs gave."""

    first: int
    count: int
    figures: Counter[str]
    failures: int
    processor_seconds: float


@dataclass(frozen=True)
class Work:
    """Some consecutive pairs to examine."""

    seed: int
    first: int
    count: int
    plan: Plan
    failures: Path

    def done(self) -> Chunk:
        """Examine the pairs, and put what fails into the folder."""
        figures: Counter[str] = Counter()
        failed, started = 0, _processor_seconds()
        with tempfile.TemporaryDirectory(dir=_memory()) as name:
            for number in range(self.first, self.first + self.count):
                found = self._one(number, Path(name))
                figures += found.figures
                failed += bool(found.failures)
        return Chunk(self.first, self.count, figures, failed, _processor_seconds() - started)

    def _one(self, number: int, folder: Path) -> Examined:
        seed = f"{self.seed}-{number}"
        found = examine(pair(seed), seed, number, self.plan, folder)
        for failure in found.failures:
            self._keep(seed, number, failure, folder)
        return found

    def _keep(self, seed: str, number: int, failure: Failure, folder: Path) -> None:
        place = self.failures / f"{seed}-{failure.kind.replace(' ', '-')}"
        place.mkdir(parents=True, exist_ok=True)
        small = smaller(pair(seed), failure, seed, number, self.plan, folder)
        for name, one in (("", pair(seed)), ("small-", small)):
            for part in fields(one):
                text = json.dumps(getattr(one, part.name), indent=1)
                (place / f"{name}{part.name}.json").write_text(text, encoding="utf-8")
        (place / "failure.txt").write_text(f"{failure.kind}\n{failure.detail}\n", encoding="utf-8")
        sys.stdout.write(f"FAILURE {seed}: {failure.kind}, see {place}\n")
        sys.stdout.flush()


def _processor_seconds() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _ready() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.set_threshold(100_000, 20, 100)


def chunks(work: list[Work], processes: int) -> Iterator[Chunk]:
    """What the pieces of work give, in order; worker processes are replaced now and then."""
    if not work:  # a worker that is ended while it starts may lose the signal, and stay
        return
    context = multiprocessing.get_context("fork")
    with context.Pool(processes, _ready, maxtasksperchild=200) as pool:
        yield from pool.imap(Work.done, work)


def planned(options: argparse.Namespace, totals: Totals, plan: Plan) -> list[Work]:
    """The pairs that are left, cut into pieces."""
    end = options.examples
    return [
        Work(totals.seed, first, min(CHUNK, end - first), plan, options.failures)
        for first in range(totals.done, end, CHUNK)
    ]


def table(totals: Totals) -> str:
    """The figures as a table in Markdown."""
    rows = {
        "pairs drawn": totals.done,
        **dict(sorted(totals.figures.items())),
        "failures": totals.failures,
        "processor seconds": round(totals.processor_seconds),
    }
    lines = [f"| {name} | {number:,} |" for name, number in rows.items()]
    return "\n".join(["| figure | number |", "|---|---|", *lines]) + "\n"


def options_of(arguments: list[str] | None) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--examples", type=int, default=1000, help="how many pairs")
    parser.add_argument("--seed", type=int, default=1, help="which pairs")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--failures", type=Path, default=Path("soak-failures"))
    parser.add_argument("--totals", type=Path, help="file to go on from and to keep totals in")
    parser.add_argument("--only", type=int, help="examine the pair of this number alone")
    for one in fields(Plan):
        name = f"--{one.name.replace('_', '-')}"
        parser.add_argument(name, type=type(one.default), default=one.default)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Runs the soak; 1 if something failed."""
    options = options_of(arguments)
    plan = Plan(**{one.name: getattr(options, one.name) for one in fields(Plan)})
    if options.only is not None:
        always = replace(plan, **{f.name: 1 for f in fields(plan) if f.name.endswith("_every")})
        return Work(options.seed, options.only, 1, always, options.failures).done().failures
    totals = Totals(options.seed)
    if options.totals and options.totals.exists():
        kept = json.loads(options.totals.read_text(encoding="utf-8"))
        totals = Totals(**{**kept, "figures": Counter(kept["figures"])})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    started = time.monotonic()
    try:
        for chunk in chunks(planned(options, totals, plan), options.processes):
            totals.add(chunk)
            if options.totals:
                totals.write(options.totals)
            if totals.done % (CHUNK * 8) == 0 or totals.done == options.examples:
                _tell(totals, time.monotonic() - started)
    except KeyboardInterrupt:
        sys.stdout.write(f"interrupted after {totals.done} pairs\n")
    sys.stdout.write(table(totals))
    return int(totals.failures > 0)


def _tell(totals: Totals, seconds: float) -> None:
    each = 1000 * totals.processor_seconds / max(totals.done, 1)
    sys.stdout.write(
        f"{totals.done} pairs, {totals.failures} failures, {seconds:.0f} s, "
        f"{each:.0f} ms of processor time each\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
