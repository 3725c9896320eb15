"""The commands of a page, run as a reader runs them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCENES = sorted(page.parent for page in (ROOT / "examples").glob("*/README.md"))
TODAY = "1796083200"

_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Session:
    """A command line, what it printed (messages first), and its exit code."""

    command: str
    output: str
    code: int

    def __str__(self) -> str:
        return f"$ {self.command}\n{self.output}(exit code {self.code})\n"


def commands(page: Path) -> list[str]:
    """The lines of the page's blocks of shell commands."""
    text = page.read_text(encoding="utf-8")
    return [line for block in _BLOCK.findall(text) for line in block.splitlines()]


def run(command: str, directory: Path, *options: str, merged: bool = True) -> Session:
    """Runs a policycheck command line in a directory."""
    program, *arguments = shlex.split(command)
    assert program == "policycheck"
    settings = {"SOURCE_DATE_EPOCH": TODAY, "COLUMNS": "80", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "policycheck", *arguments, *options],
        cwd=directory,
        env=os.environ | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if merged else subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    return Session(command, timeless(done.stdout), done.returncode)


def timeless(text: str) -> str:
    """The text with every duration set to zero."""
    text = re.sub(r"\(\d+\.\d\d s\)", "(0.00 s)", text)
    return re.sub(r'"seconds": [0-9.e-]+', '"seconds": 0', text)
