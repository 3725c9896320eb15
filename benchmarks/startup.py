"""How long a whole run takes, compared with loading what it needs.

python benchmarks/startup.py

Runs ``policycheck prove`` on the first example, with one of its assertions and with both, and
``python -c "import z3, click, yaml"`` in turns. What is compared is the time that the processors
spent on each, user and system, which hangs less on what else the machine does than the time on the
clock, and that too. Where PyYAML is not installed (extra ``bench``), ruamel.yaml stands in for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory

SCENE = Path(__file__).parents[1] / "examples" / "nobody-gets-in"
ROUNDS = 21
PROVE = ["-m", "policycheck", "prove", str(SCENE / "policy.json")]
BOTH = str(SCENE / "spec.yaml")
SECOND = "  - id: somebody-can-call"
LOADED = f"import z3, click, {'yaml' if find_spec('yaml') else 'ruamel.yaml'}"
IMPORTS = ["-c", LOADED]


def seconds(arguments: list[str]) -> tuple[float, float]:
    """The processor time of one process, and the time on the clock, with compiled modules."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before, started = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, check=False, env=environment
    )
    ended, after = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, ended - started


def first_assertion(folder: str) -> str:
    """A spec with the first of the example's assertions."""
    before, found, _ = Path(BOTH).read_text(encoding="utf-8").partition(SECOND)
    assert found
    made = Path(folder) / "spec.yaml"
    made.write_text(before, encoding="utf-8")
    return str(made)


def main() -> None:
    """Writes a line for each process and their ratios as a table in Markdown."""
    with TemporaryDirectory() as folder:
        report(first_assertion(folder))


def report(one: str) -> None:
    """The table, ``one`` being a spec with one assertion."""
    commands = {
        "`policycheck prove --no-cache`, one statement, one assertion": [*PROVE, one, "--no-cache"],
        "the same with two assertions, the first example": [*PROVE, BOTH, "--no-cache"],
        "the first example with verdicts that are kept": [*PROVE, BOTH],
        f'`python -c "{LOADED}"`': IMPORTS,
    }
    for command in commands.values():
        seconds(command)
    found = [list(map(seconds, commands.values())) for _ in range(ROUNDS)]
    sys.stdout.write(
        f"Medians of {ROUNDS} runs of each, in turns; ratios run by run.\n\n"
        "| process | processor (s) | ratio | clock (s) | ratio |\n|---|---|---|---|---|\n"
    )
    for place, name in enumerate(commands):
        cells = [name]
        for clock in (0, 1):
            cells.append(f"{median(one[place][clock] for one in found):.3f}")
            cells.append(f"{median(one[place][clock] / one[-1][clock] for one in found):.2f}")
        sys.stdout.write(f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
