"""Results that are written as they come, so that memory does not grow with their number."""

from __future__ import annotations

import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, Generic, Protocol, Self, TypeVar

from policycheck.cli.progress import Advance
from policycheck.cli.streams import Streams
from policycheck.fleet.outcome import Outcome
from policycheck.interrupts import interrupted_for_sure, postponed
from policycheck.report import json_rows

Counts = TypeVar("Counts", bound="Counted")


class Counted(Protocol):
    """The counts of a run or a part of one; parts add up with ``+``."""

    def __add__(self, other: Self) -> Self:
        """The counts of both parts."""

    @property
    def count(self) -> int:
        """How many results there are."""

    @property
    def exit_code(self) -> int:
        """The exit code that they stand for."""


LISTS = ("waived", "undecided", "errors")
"""The lists that follow the results in JSON, in this order, each if it has an entry."""

IN_MEMORY = 1_048_576
"""How many bytes of each list are kept in memory until all results are written."""

NOT_REACHED = "interrupted: inputs after those of the results were not looked at"


def stepping(outcomes: Iterable[Outcome], advance: Advance) -> Iterator[Outcome]:
    """The outcomes; the bar moves on after each."""
    for outcome in outcomes:
        yield outcome
        advance()


@contextmanager
def results(
    streams: Streams, sink: BinaryIO, advance: Advance, start: Counts
) -> Iterator[Results[Counts]]:
    """What writes results to ``sink``; ``start`` are the counts of nothing."""
    with ExitStack() as stack:
        lists = {name: _Aside(name, stack) for name in LISTS}
        yield Results(streams, sink, advance, start, lists)


class _Aside:
    """A list that is written after the results."""

    def __init__(self, name: str, stack: ExitStack) -> None:
        file = tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115
        self._file = stack.enter_context(file)
        self._rows = json_rows.Rows(name)

    def add(self, found: Iterable[Mapping[str, object]]) -> None:
        """Further entries."""
        self._file.write(self._rows.of(map(json_rows.row, found)))

    def texts(self) -> Iterator[str]:
        """The whole list, piece by piece; nothing, if it is empty."""
        self._file.write(self._rows.end(always=False))
        self._file.seek(0)
        while text := self._file.read(IN_MEMORY):
            yield text


class Results(Generic[Counts]):
    """Writes outcomes one after the other, then what counts them.

    ``defects`` are errors of policycheck that single inputs showed, ``wholes`` what reports are
    made from that need everything; ``interrupted`` is whether the run was stopped.
    """

    def __init__(
        self,
        streams: Streams,
        sink: BinaryIO,
        advance: Advance,
        start: Counts,
        lists: Mapping[str, _Aside],
    ) -> None:
        self.tally: Counts = start
        self.defects: list[Exception] = []
        self.wholes: list[Any] = []
        self.interrupted = False
        self._streams, self._sink, self._advance, self._lists = streams, sink, advance, lists
        self._rows = json_rows.Rows("results")
        self._is_json = streams.form == "json"
        self._begun = False

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Writes each outcome as it comes, until they end or the run is interrupted."""
        try:
            with interrupted_for_sure():
                self._take_each(outcomes)
        except KeyboardInterrupt:
            self.interrupted = True

    def _take_each(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self._take(outcome)
            if outcome.interrupted:
                self.interrupted = True
                return

    def _take(self, outcome: Outcome) -> None:
        self.tally += outcome.tally
        if outcome.defect is not None:
            self.defects.append(outcome.defect)
        if outcome.whole is not None:
            self.wholes.append(outcome.whole)
        with postponed(signal.SIGINT), self._advance.aside():
            self._begin()
            if outcome.messages:
                self._streams.message(outcome.messages)
            self._write(self._rows.of(outcome.pieces) if self._is_json else "".join(outcome.pieces))
            for name, found in outcome.lists.items():
                self._lists[name].add(found)

    def _begin(self) -> None:
        if self._is_json and not self._begun:
            self._write(json_rows.head())
        self._begun = True

    @postponed(signal.SIGINT)
    def end(
        self, spelled: Callable[[Counts], str], counted: Callable[[Counts], dict[str, object]]
    ) -> None:
        """Writes what follows the results: a line of text, or errors and summary of JSON."""
        self._begin()
        if not self._is_json:
            self._write(spelled(self.tally) if self.tally.count else "")
            return
        self._write(self._rows.end())
        for one in self._lists.values():
            for text in one.texts():
                self._write(text)
        stopped: dict[str, object] = {"interrupted": True} if self.interrupted else {}
        self._write(json_rows.tail(counted(self.tally) | stopped))

    def _write(self, text: str) -> None:
        if text:
            self._sink.write(text.encode("utf-8", "backslashreplace"))
            self._sink.flush()
