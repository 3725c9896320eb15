"""How long a whole run takes, compared with loading what it needs.

python benchmarks/startup.py

Runs ``policycheck prove`` on the first example and ``python -c "import z3, click, yaml"`` in turns
and compares the time that the processors spent on each, user and system, which hangs less on what
else the machine does than the time on the clock. Where PyYAML is not installed (extra ``bench``),
ruamel.yaml stands in for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

SCENE = Path(__file__).parents[1] / "examples" / "nobody-gets-in"
ROUNDS = 21
AGAIN = ["-m", "policycheck", "prove", str(SCENE / "policy.json"), str(SCENE / "spec.yaml")]
PROVE = [*AGAIN, "--no-cache"]
LOADED = f"import z3, click, {'yaml' if find_spec('yaml') else 'ruamel.yaml'}"
IMPORTS = ["-c", LOADED]


def seconds(arguments: list[str]) -> float:
    """The processor time of one process, as users have it: with compiled modules."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, check=False, env=environment
    )
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Writes two lines and their ratio as a table in Markdown."""
    commands = (PROVE, AGAIN, IMPORTS)
    for command in commands:
        seconds(command)
    found = [tuple(map(seconds, commands)) for _ in range(ROUNDS)]
    whole, again, imports = (median(times) for times in zip(*found, strict=True))
    ratio, kept = (median(one[n] / one[2] for one in found) for n in (0, 1))
    sys.stdout.write(
        f"Processor time, median of {ROUNDS} runs of each, in turns.\n\n"
        "| process | median (s) |\n|---|---|\n"
        f"| `policycheck prove --no-cache` on the first example | {whole:.3f} |\n"
        f"| the same with verdicts that are kept | {again:.3f} |\n"
        f'| `python -c "{LOADED}"` | {imports:.3f} |\n'
        f"| ratio, and with verdicts that are kept | {ratio:.2f}, {kept:.2f} |\n"
    )


if __name__ == "__main__":
    main()
