"""The benchmark of many policies still finds what it measures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
import fleet
folder = Path(sys.argv[1])
(folder / "spec.yaml").write_text(fleet.SPEC, encoding="utf-8")
fleet.write_policies(folder / "policies", 4)
print(*fleet.where_time_goes(folder, 4), sep="\\n")
"""


def test_every_stage_takes_time_with_an_empty_cache(tmp_path: Path) -> None:
    """In a process of its own, as the benchmark puts clocks around functions of policycheck."""
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}", "PATH": ""},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    rows = [line.split(" | ") for line in run.stdout.splitlines() if line.startswith("| ")]
    cold = {row[0].lstrip("| "): float(row[1]) for row in rows if row[1][0].isdigit()}
    assert set(cold) == {
        "reading",
        "cache",
        "encoding",
        "solving",
        "replay against proofs",
        "replay of examples",
        "reporting",
        "the rest",
        "all",
    }
    assert all(milliseconds > 0 for milliseconds in cold.values()), cold
