"""Results that are written as they come, so that memory does not grow with their number."""

from __future__ import annotations

import signal
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import IO, BinaryIO

from policycheck.cli.progress import Advance
from policycheck.cli.streams import Streams
from policycheck.fleet.outcome import Outcome
from policycheck.model.tally import Tally
from policycheck.report import json_rows

IN_MEMORY = 1_048_576
"""How many bytes of errors are kept in memory until all results are written."""


@contextmanager
def interrupted_later() -> Iterator[None]:
    """Control-C has its effect after what is done meanwhile, so that no result is torn."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came and callable(before):
        before(*came[0])


@contextmanager
def results(streams: Streams, sink: BinaryIO, advance: Advance) -> Iterator[Results]:
    """What writes results to ``sink``."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8") as errors:
        yield Results(streams, sink, advance, errors)


class Results:
    """Writes outcomes one after the other, then what counts them.

    ``defects`` are errors of policycheck that single inputs showed; ``interrupted`` is whether the
    run was stopped.
    """

    def __init__(self, streams: Streams, sink: BinaryIO, advance: Advance, errors: IO[str]) -> None:
        self.tally = Tally()
        self.defects: list[Exception] = []
        self.interrupted = False
        self._streams, self._sink, self._advance, self._errors = streams, sink, advance, errors
        self._rows, self._failed = json_rows.Rows("results"), json_rows.Rows("errors")
        self._is_json = streams.form == "json"
        self._begun = False

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Writes each outcome as it comes, until they end or the run is interrupted."""
        try:
            for outcome in outcomes:
                self._take(outcome)
                if outcome.interrupted:
                    self.interrupted = True
                    return
        except KeyboardInterrupt:
            self.interrupted = True

    def _take(self, outcome: Outcome) -> None:
        self.tally += outcome.tally
        if outcome.defect is not None:
            self.defects.append(outcome.defect)
            return
        with interrupted_later(), self._advance.aside():
            self._begin()
            if outcome.messages:
                self._streams.message(outcome.messages)
            self._write(self._rows.of(outcome.pieces) if self._is_json else "".join(outcome.pieces))
            self._errors.write(self._failed.of(map(json_rows.row, outcome.errors)))

    def _begin(self) -> None:
        if self._is_json and not self._begun:
            self._write(json_rows.head())
        self._begun = True

    def end(
        self, spelled: Callable[[Tally], str], counted: Callable[[Tally], dict[str, object]]
    ) -> None:
        """Writes what follows the results: a line of text, or errors and summary of JSON.

        Nothing, if there is nothing but defects.
        """
        if self.defects and not self._begun:
            return
        self._begin()
        if not self._is_json:
            self._write(spelled(self.tally) if self.tally.assertions else "")
            return
        self._write(self._rows.end())
        self._errors.write(self._failed.end(always=False))
        self._errors.seek(0)
        while text := self._errors.read(IN_MEMORY):
            self._write(text)
        stopped: dict[str, object] = {"interrupted": True} if self.interrupted else {}
        self._write(json_rows.tail(counted(self.tally) | stopped))

    def _write(self, text: str) -> None:
        if text:
            self._sink.write(text.encode("utf-8", "backslashreplace"))
            self._sink.flush()
