"""The blocks of commands in a page, and what a reader has who runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from scenes import ROOT, TODAY, timeless

_FENCE = re.compile(
    r"(?P<before>(?:^ *<!--[^>]*-->\n)?)"
    r"^(?P<indent> *)```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?\n"
    r"(?P<text>.*?)^(?P=indent)```\n",
    re.MULTILINE | re.DOTALL,
)
_EXITS = re.compile(r"exits (\d+)")
COMMANDS = ("sh", "console")


@dataclass(frozen=True)
class Block:
    """A fenced block. ``line`` is that of its fence, ``exits`` the exit code that is expected,
    ``shown`` the lines of output that the page shows."""

    page: Path
    line: int
    language: str
    title: str
    text: str
    exits: int
    shown: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def script(self) -> str:
        """What is typed: all of it, or in a console what stands behind the prompt."""
        if self.language == "sh":
            return self.text
        lines = self.text.splitlines()
        return "\n".join(line[2:] for line in lines if line.startswith("$ "))


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order; a block of output belongs to the commands above it."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    end = 0
    for match in _FENCE.finditer(text):
        block = _block(page, text, match)
        follows = found and found[-1].language == "sh" and not text[end : match.start()].strip()
        if block.language == "text" and follows:
            last = found.pop()
            block = Block(**(vars(last) | {"shown": _lines(block.text)}))
        found.append(block)
        end = match.end()
    return found


def _block(page: Path, text: str, match: re.Match[str]) -> Block:
    exits = _EXITS.search(match["before"])
    indent = len(match["indent"])
    body = "".join(line[indent:] for line in match["text"].splitlines(keepends=True))
    shown = ()
    if match["language"] == "console":
        shown = tuple(line for line in _lines(body) if not line.startswith("$ "))
    line = text.count("\n", 0, match.start("language")) + 1
    code = int(exits[1]) if exits else 0
    return Block(page, line, match["language"], match["title"] or "", body, code, shown)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line.strip())


def write_files(found: list[Block], folder: Path) -> None:
    """Writes the blocks that have the name of a file."""
    for one in found:
        if one.title:
            path = folder / one.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(one.text, encoding="utf-8")


def tools(folder: Path) -> Path:
    """A folder with the program ``policycheck``, to stand first in PATH."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "policycheck"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policycheck "$@"\n')
    program.chmod(0o755)
    return folder


def type_in(block: Block, folder: Path, programs: Path) -> tuple[int, str]:
    """Runs the commands of a block in a folder: the exit code of the first that fails, if any
    does, and all output with its times set to zero."""
    settings = {
        "SOURCE_DATE_EPOCH": TODAY,
        "COLUMNS": "80",
        "PYTHONPATH": str(ROOT),
        "PATH": os.pathsep.join(
            [str(programs), str(Path(sys.executable).parent), os.environ["PATH"]]
        ),
    }
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-euo", "pipefail", "-c", block.script],
        cwd=folder,
        env=os.environ | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, timeless(done.stdout)


def check(block: Block, code: int, output: str) -> None:
    """Asserts the exit code, and that the shown lines are lines of the output, in this order."""
    assert code == block.exits, f"{block}\n{output}"
    printed = iter(output.splitlines())
    for line in block.shown:
        assert any(one.rstrip() == line.rstrip() for one in printed), f"{block}: {line}\n{output}"
