"""Other solvers of SMT-LIB scripts, each in a process of its own that ends with its time."""

from __future__ import annotations

import os
import select
import signal

CVC5 = "cvc5"
NATIVE = "Z3 strings"


def answer(solver: str, script: str, seconds: float) -> str:
    """What the solver says of the script within the time: sat, unsat or unknown."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(into, solver, script, seconds)
    os.close(into)
    try:
        ready, _, _ = select.select([out], [], [], seconds + 1)
        return (os.read(out, 1000).decode() if ready else "") or "unknown"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(out)


def _answer(into: int, solver: str, script: str, seconds: float) -> None:
    try:
        ask = _ask_cvc5 if solver == CVC5 else _ask_z3
        os.write(into, ask(script, int(seconds * 1000)).encode())
    finally:
        os._exit(0)


def _ask_cvc5(script: str, milliseconds: int) -> str:
    import cvc5  # noqa: PLC0415 -- only where it is asked

    solver = cvc5.Solver()
    solver.setOption("tlimit-per", str(milliseconds))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "script")
    said = ""
    while not (command := parser.nextCommand()).isNull():
        said += command.invoke(solver, parser.getSymbolManager())
    return said.strip()


def _ask_z3(script: str, milliseconds: int) -> str:
    import z3  # noqa: PLC0415

    solver = z3.Solver()
    solver.set("timeout", milliseconds)
    solver.from_string(script)
    return str(solver.check())
