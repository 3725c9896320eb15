"""What is read out of each document of a folder, and what is refused and why, as a Markdown table.

python benchmarks/containers.py FOLDER

Values that only a deployment knows stay open, as in ``policycheck prove``.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import policycheck as pc
from policycheck.diagnostics import Level


def documents(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files that can hold a policy, each after the folder that it came from."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".yaml", ".yml", ".tf"}:
            yield path.relative_to(folder).parts[0], path


def outcome(path: Path) -> tuple[str, str]:
    """What comes of a document: whether its policies are read, and what is said of it."""
    try:
        found = pc.load_policies(str(path), leave_open=True)
    except pc.InputError as error:
        first = next(one for one in error.diagnostics if one.level is Level.ERROR)
        return "refused", f"`{first.code}`: {first.message}"
    names = {one.name.partition("#")[2] for one in found} - {""}
    statements = sum(len(one.statements) for one in found)
    opened = sum(one.code == "OPEN_VALUE" for policy in found for one in policy.warnings)
    said = [counted(len(found), "policy", "policies"), counted(statements, "statement")]
    said += [counted(opened, "open value")] if opened else []
    return "read", ", ".join(said) + (f" ({', '.join(sorted(names))})" if names else "")


def counted(count: int, noun: str, plural: str = "") -> str:
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def main(folder: Path) -> None:
    """Prints both tables."""
    tally: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rows: list[str] = []
    for source, path in documents(folder):
        state, said = outcome(path)
        tally[source][state] += 1
        name = path.relative_to(folder / source).as_posix()
        rows.append(f"| {source} | {name} | {state} | {said.replace('|', '&#124;')} |")
    print("| source | files | read | refused |\n|---|---|---|---|")
    for source, counts in tally.items():
        cells = counts.total(), counts["read"], counts["refused"]
        print(f"| {source} | {' | '.join(map(str, cells))} |")
    print("\n| source | file | | what was found, or why not |\n|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
