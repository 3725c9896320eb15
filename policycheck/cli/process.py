"""What a process has from the system: its standard streams, and the signal that ends it."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

from policycheck.cli import exits


def open_missing_streams() -> None:
    """Has a stream for each standard one that was closed, so that no file takes its number."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    sys.stdin = sys.stdin or os.fdopen(0, "r", closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def drop_results() -> None:
    """Has what is still buffered go nowhere; Python would write it at its end, and fail."""
    _drop(sys.stdout)


def flush_messages() -> None:
    """Writes what is still to be said; if nobody can be told, it goes nowhere."""
    try:
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def _drop(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())


def end(code: int) -> NoReturn:
    """Ends the process without Python's taking apart all that it has loaded.

    What is registered to run at exit runs, and what is buffered is written. With threads left,
    inside another program, or under a debugger, a profiler or a measurement of coverage, Python
    ends it as usual.
    """
    if threading.active_count() > 1 or sys.flags.inspect or _is_watched() or not _is_alone():
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 -- as multiprocessing ends its processes
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)  # Python says what it cannot write
    os._exit(code)


def _is_watched() -> bool:
    """A debugger, a profiler or a measurement of coverage looks on (PEP 669 from Python 3.12)."""
    monitoring = getattr(sys, "monitoring", None)
    tools = [monitoring.get_tool(number) for number in range(6)] if monitoring else []
    return any((sys.gettrace(), sys.getprofile(), *tools))


def _is_alone() -> bool:
    """The process is the script ``policycheck`` or ``python -m policycheck``: no other program has
    called it, which may have more to do and an exit code of its own."""
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    name = spec.name if spec else Path(getattr(main, "__file__", "")).name
    callers = "/".join(_callers(sys._getframe()))  # noqa: SLF001 -- inspect would have to be loaded
    return name in _NAMES and callers.partition("/<module>")[2] in _BEFORE


def _callers(frame: FrameType | None) -> Iterator[str]:
    while frame:
        yield frame.f_code.co_name
        frame = frame.f_back


_NAMES = ("policycheck", "policycheck.__main__")
_BEFORE = ("", "/_run_code/_run_module_as_main")
"""What calls the first line of a script, and that of ``python -m``."""


class Termination:
    """SIGTERM, which has the same effect as Control-C: what is decided is written, and what is half
    written is taken away."""

    def __init__(self) -> None:
        self.came = False

    def watch(self) -> None:
        """Takes the signal from now on."""
        signal.signal(signal.SIGTERM, self._handle)

    def code(self, code: int) -> int:
        """The exit code of a run that would end with ``code`` had the signal not come."""
        return exits.TERMINATED if self.came and code == exits.INTERRUPTED else code

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number
        self.came = True
        interrupt = signal.getsignal(signal.SIGINT)
        if callable(interrupt):
            interrupt(signal.SIGINT, frame)
        else:
            raise KeyboardInterrupt
