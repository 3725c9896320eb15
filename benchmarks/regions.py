"""How long ``reach`` and ``diff`` take, whole process, for each policy of a folder.

python benchmarks/regions.py FOLDER
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path


def seconds(*arguments: str) -> tuple[float, int]:
    """The processor time of a command line, which on a quiet machine is its time, and its exit
    code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "policycheck", *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return taken, done.returncode


def main(folder: str) -> None:
    """Prints the slowest policies, and how many were undecided."""
    files = sorted(Path(folder).glob("*.json"))
    rows: list[tuple[float, int, str]] = []
    for old, new in zip(files, [*files[1:], files[0]], strict=True):
        rows.append((*seconds("reach", "-q", str(new)), f"reach {new.name}"))
        rows.append((*seconds("diff", "-q", str(old), str(new)), f"diff {old.name} {new.name}"))
    decided = [row for row in rows if row[1] in {0, 1}]
    odd = [row for row in rows if row[1] not in {0, 1, 2}]
    print(f"{len(decided)} decided, {len(odd)} unknown or failed, the rest refused")
    for taken, code, what in [*sorted(decided, reverse=True)[:8], *odd]:
        print(f"{taken:6.2f} s  exit {code}  {what}")


if __name__ == "__main__":
    main(sys.argv[1])
