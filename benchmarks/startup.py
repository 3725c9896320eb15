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
PROVE = ["-m", "policycheck", "prove", str(SCENE / "policy.json"), str(SCENE / "spec.yaml")]
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
    for command in (PROVE, IMPORTS):
        seconds(command)
    pairs = [(seconds(PROVE), seconds(IMPORTS)) for _ in range(ROUNDS)]
    whole, imports = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(one / other for one, other in pairs)
    sys.stdout.write(
        f"Processor time, median of {ROUNDS} runs of each, in turns.\n\n"
        "| process | median (s) |\n|---|---|\n"
        f"| `policycheck prove` on the first example | {whole:.3f} |\n"
        f'| `python -c "{LOADED}"` | {imports:.3f} |\n'
        f"| ratio | {ratio:.2f} |\n"
    )


if __name__ == "__main__":
    main()
