"""How long a whole run takes, compared with loading what it needs.

python benchmarks/startup.py

Runs ``policycheck prove`` on the first example and ``python -c "import z3, click, yaml"`` (the
YAML library is ruamel.yaml) in turns, and compares the medians.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

SCENE = Path(__file__).parents[1] / "examples" / "nobody-gets-in"
ROUNDS = 15
PROVE = ["-m", "policycheck", "prove", str(SCENE / "policy.json"), str(SCENE / "spec.yaml")]
IMPORTS = ["-c", "import z3, click, ruamel.yaml"]


def seconds(arguments: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - started


def main() -> None:
    """Writes two lines and their ratio as a table in Markdown."""
    for command in (PROVE, IMPORTS):
        seconds(command)
    pairs = [(seconds(PROVE), seconds(IMPORTS)) for _ in range(ROUNDS)]
    whole, imports = (median(times) for times in zip(*pairs, strict=True))
    ratio = median(one / other for one, other in pairs)
    sys.stdout.write(
        f"Median of {ROUNDS} runs of each, in turns.\n\n"
        "| process | median (s) |\n|---|---|\n"
        f"| `policycheck prove` on the first example | {whole:.3f} |\n"
        f'| `python -c "import z3, click, ruamel.yaml"` | {imports:.3f} |\n'
        f"| ratio | {ratio:.2f} |\n"
    )


if __name__ == "__main__":
    main()
