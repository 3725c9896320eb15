"""A progress bar for runs that take longer than a second."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from policycheck.cli.streams import Streams, is_terminal

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""After how many seconds the bar appears."""


class Advance(Protocol):
    """Moves a bar on."""

    def __call__(self, steps: int = 1) -> None:
        """So many steps more are done."""

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The bar is out of the way meanwhile, so that something else can be shown."""


@contextmanager
def progress(total: Callable[[], int], streams: Streams) -> Iterator[Advance]:
    """What moves a bar of ``total()`` steps on; it is drawn on standard error.

    Nothing is drawn where nobody looks: without a terminal, or if quiet is asked for.
    """
    if streams.quiet or not is_terminal(sys.stderr):
        yield _Nothing()
        return
    bar = _Bar(total())
    timer = threading.Timer(PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar
    finally:
        timer.cancel()
        bar.hide()


class _Nothing:
    """The bar where nobody looks."""

    def __call__(self, steps: int = 1) -> None:
        """Nothing moves."""

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Nothing is in the way."""
        yield


class _Bar:
    """Counts steps from the start and draws them once it is shown (by the timer's thread)."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        self._hidden = False
        self._drawn: Progress | None = None

    def __call__(self, steps: int = 1) -> None:
        """So many steps more are done."""
        with self._lock:
            self._done += steps
            if self._drawn:
                self._drawn.update(self._drawn.task_ids[0], completed=self._done)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The bar is out of the way meanwhile."""
        with self._lock:
            if self._drawn:
                self._drawn.stop()
            try:
                yield
            finally:
                if self._drawn and not self._hidden:
                    self._drawn.start()

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
