"""cvc5 in a process of its own, which ends when its time is up, whatever it is doing."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.certificate import UNKNOWN

SPARE = 5.0
"""How many seconds the process has for its start and its end, besides those for the answers."""

LONGEST = 1e6
"""The longest time in seconds, some days, that the system can be asked to wait."""

MEMORY = 2 << 30
"""How many bytes of address space cvc5 may use, where nobody says otherwise."""

_NO_MEMORY = (b"MemoryError", b"bad_alloc", b"failed to map", b"annot allocate")
_PROGRAM = Path(__file__).with_name("cvc5_process.py")


@dataclass(frozen=True)
class Reply:
    """An answer in the words of SMT-LIB, why it is unknown or has no proof, and the proof."""

    answer: str
    why: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Replies:
    """The solver's name and version, and an answer to each script."""

    solver: str
    replies: tuple[Reply, ...]


def has_cvc5() -> bool:
    """Whether cvc5 is installed. It is not loaded here."""
    return importlib.util.find_spec("cvc5") is not None


def require_cvc5() -> None:
    """Raises InputError if cvc5 is not installed."""
    if not has_cvc5():
        message = "a second opinion needs cvc5, which is not installed"
        advice = "pip install 'policycheck[certify]'"
        raise InputError([Diagnostic("NO_CVC5", message, help=advice)])


def ask_cvc5(scripts: Sequence[str], seconds: float, memory: int, *, proofs: bool) -> Replies:
    """What cvc5 answers to the scripts, within ``seconds`` for all and ``memory`` bytes.

    With ``proofs`` each unsat has its proof in the format CPC.
    """
    seconds = min(seconds, LONGEST)
    task = {"scripts": scripts, "seconds": seconds, "memory": memory, "proofs": proofs}
    task["parent"] = os.getpid()
    try:
        done = subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-P", str(_PROGRAM)],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=seconds + SPARE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return _replies(error.stdout or b"", len(scripts), "the time limit was reached")
    return _replies(done.stdout, len(scripts), _ended(done.returncode, done.stderr))


def _ended(code: int, messages: bytes) -> str:
    """Why there is nothing more to read."""
    if any(sign in messages for sign in _NO_MEMORY):
        return "the memory limit was reached"
    said = messages.decode(errors="replace").strip().splitlines()
    return f"cvc5 ended with code {code}" + (f": {said[-1]}" if said else "")


def _replies(output: bytes, count: int, otherwise: str) -> Replies:
    """The replies in the output; where one is missing, ``otherwise`` is why."""
    whole = output[: output.rfind(b"\n") + 1]
    solver, found = "cvc5", list[Reply]()
    for said in map(json.loads, whole.splitlines()):
        if "solver" in said:
            solver = said["solver"]
        elif "answer" in said:
            found.append(Reply(said["answer"], said.get("why", "")))
        else:
            found[-1] = Reply(found[-1].answer, said.get("why", ""), said.get("proof", ""))
    missing = [Reply(UNKNOWN, otherwise)] * (count - len(found))
    return Replies(solver, (*found, *missing))
