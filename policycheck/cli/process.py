"""What a process has from the system: its standard streams, and the signal that ends it."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import TextIO

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
