"""A progress bar for runs that take longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from policycheck.cli.streams import Streams, is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""After how many seconds the bar appears."""


@contextmanager
def progress(total: int, streams: Streams) -> Iterator[Callable[[object], None]]:
    """A function to call after each of ``total`` steps; the bar is on standard error.

    Nothing is drawn where nobody looks: without a terminal, or if quiet is asked for.
    """
    if streams.quiet or not is_terminal(sys.stderr):
        yield lambda _: None
        return
    bar = _Bar(total)
    timer = threading.Timer(PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.advance
    finally:
        timer.cancel()
        bar.hide()


class _Bar:
    """Counts steps from the start and draws them once it is shown (by the timer's thread)."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        self._hidden = False
        self._drawn: Progress | None = None

    def advance(self, _: object) -> None:
        """One step more is done."""
        with self._lock:
            self._done += 1
            if self._drawn:
                self._drawn.update(self._drawn.task_ids[0], completed=self._done)

    def show(self) -> None:
        """Draws the bar from now on."""
        drawn = _drawing(self._total)
        with self._lock:
            if self._hidden:
                return
            drawn.update(drawn.task_ids[0], completed=self._done)
            drawn.start()
            self._drawn = drawn

    def hide(self) -> None:
        """Takes the bar away for good."""
        with self._lock:
            self._hidden = True
            if self._drawn:
                self._drawn.stop()


def _drawing(total: int) -> Progress:
    """The bar; rich costs tens of milliseconds, which a short run should not pay."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn  # noqa: PLC0415

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    drawn = Progress(*columns, console=Console(stderr=True), transient=True)
    drawn.add_task("proving", total=total)
    return drawn
