"""The process that asks cvc5: run as a script, it imports nothing of policycheck.

It reads a JSON object from standard input: ``scripts``, ``seconds`` for all of them, ``memory`` in
bytes, ``proofs`` (whether each refutation is wanted as a proof), ``parent`` (the number of the
process that asks). It writes JSON objects, a line each: first ``solver``, then for each script
``answer`` (with ``why`` if it is unknown) and, where a proof is wanted, ``proof`` or ``why``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2): the signal that a process gets when its parent ends."""


def main() -> None:
    """Answers what stands in standard input."""
    task = json.load(sys.stdin)
    _end_with(task["parent"])
    _bound(task["memory"])
    import cvc5  # noqa: PLC0415 -- under the limit, and only here

    _say({"solver": f"cvc5 {cvc5.__version__}"})
    end = time.monotonic() + task["seconds"]
    for script in task["scripts"]:
        try:
            _answer(cvc5, script, max(0.001, end - time.monotonic()), task["proofs"])
        except MemoryError:
            _say({"answer": "unknown", "why": "the memory limit was reached"})
        except RuntimeError as error:
            _say({"answer": "unknown", "why": f"cvc5 cannot use the script: {error}"})


def _end_with(parent: int) -> None:
    """Ends this process when the one that asks is gone; elsewhere than on Linux, in time."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 -- not on every system

    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _bound(size: int) -> None:
    try:
        import resource  # noqa: PLC0415 -- not on every system
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _answer(cvc5: Any, script: str, seconds: float, wants_proof: bool) -> None:
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("tlimit-per", str(int(seconds * 1000) + 1))
    if wants_proof:
        solver.setOption("produce-proofs", "true")
        solver.setOption("proof-granularity", "dsl-rewrite")
    found = _result(cvc5, solver, script)
    if found.isUnknown():
        _say({"answer": "unknown", "why": _reason(found.getUnknownExplanation())})
        return
    _say({"answer": "unsat" if found.isUnsat() else "sat"})
    if wants_proof and found.isUnsat():
        _say(_proof(cvc5, solver))


def _result(cvc5: Any, solver: Any, script: str) -> Any:
    """The answer to the one question of the script."""
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "script")
    found = None
    while not (command := parser.nextCommand()).isNull():
        if command.getCommandName() == "check-sat":
            found = solver.checkSat()
        else:
            command.invoke(solver, parser.getSymbolManager())
    return found


def _reason(explanation: Any) -> str:
    name = explanation.name.lower()
    return "the time limit was reached" if name == "timeout" else f"cvc5 gave up ({name})"


def _proof(cvc5: Any, solver: Any) -> dict[str, str]:
    try:
        (whole,) = solver.getProof()
        text = solver.proofToString(whole, cvc5.ProofFormat.CPC)
        return {"proof": text.decode() if isinstance(text, bytes) else text}
    except (MemoryError, RuntimeError) as error:
        return {"why": f"cvc5 writes no proof: {error or 'the memory limit was reached'}"}


def _say(found: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
