"""The work of a run, spread over processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Any

from policycheck.dataclass import dataclass
from policycheck.fleet.engine import INTERRUPTED, Item, Result, Work, apply, chunks
from policycheck.interrupts import postponed

CHUNK = 8
"""How many items travel together, at most."""

AHEAD = 3
"""How many pieces a process are on their way at a time; this bounds memory."""

RENEWED = 400
"""After how many pieces new processes take the place of the old ones: Z3 keeps every name that it
has ever seen, those of keys among them."""

LISTENING = 0.25
"""How many seconds pass, at most, until an interruption is noticed."""

DIED = "the process that worked on it died"

_SAFE_PATH = "PYTHONSAFEPATH"
"""The environment variable that has Python begin without the working directory in its path."""

_SOLVER = "policycheck.solve.prover"
"""Loaded once, in the process that the workers are forked from, where processes can be."""


@dataclass
class _Piece:
    items: tuple[Any, ...]
    future: Future[list[Any]]


@dataclass(frozen=True)
class Processes:
    """``jobs`` worker processes. One that dies takes nothing with it but the item that it was
    working on."""

    jobs: int

    def run(self, work: Work[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """The result for each item, in order."""
        with _modules_from_elsewhere():
            run = _Run(work, self.jobs)
            try:
                yield from run.results(chunks(items, CHUNK))
            except KeyboardInterrupt:
                yield from run.leftovers()
                raise
            finally:
                run.stop()


class _Run:
    """The pool of one run, and the pieces that are on their way."""

    def __init__(self, work: Work[Any, Any], jobs: int) -> None:
        self._work, self._jobs = work, jobs
        self._others = set(multiprocessing.active_children())
        self._pool = _pool(jobs)
        self._sent = 0
        self._pieces: deque[_Piece] = deque()
        self._ready: deque[Any] = deque()

    def results(self, pieces: Iterator[tuple[Any, ...]]) -> Iterator[Any]:
        """The results of all pieces, in order."""
        while self._fill(pieces):
            first = self._pieces[0]
            try:
                found = _awaited(first.future)
            except BrokenProcessPool:
                found = self._one_by_one(first.items)
                self._begin_anew()
            self._pieces.popleft()
            self._ready.extend(found)
            while self._ready:
                yield self._ready.popleft()

    def _fill(self, pieces: Iterator[tuple[Any, ...]]) -> bool:
        """Sends pieces until enough are on their way; whether any is."""
        while len(self._pieces) < self._jobs * AHEAD and (items := next(pieces, None)):
            self._pieces.append(_Piece(items, self._submitted(items)))
        return bool(self._pieces)

    def _submitted(self, items: tuple[Any, ...]) -> Future[list[Any]]:
        self._sent += 1
        if self._sent % RENEWED == 0:
            self._pool.shutdown(wait=False)  # it finishes what it was given
            self._pool = _pool(self._jobs)
        try:
            return _submitted(self._pool, self._work, items)
        except BrokenProcessPool as error:
            broken: Future[list[Any]] = Future()
            broken.set_exception(error)
            return broken

    def _one_by_one(self, items: tuple[Any, ...]) -> list[Any]:
        """The results of a piece among which the one may be that a process died of."""
        found: list[Any] = []
        pool = _pool(1)
        for item in items:
            try:
                found += _submitted(pool, self._work, (item,)).result()
            except BrokenProcessPool:
                found.append(self._work.lost(item, DIED))
                pool = _pool(1)
        pool.shutdown()
        return found

    def _begin_anew(self) -> None:
        """A new pool for the pieces that the broken one did not finish."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = _pool(self._jobs)
        for piece in list(self._pieces)[1:]:
            if not _is_finished(piece.future):
                piece.future = self._submitted(piece.items)

    def leftovers(self) -> Iterator[Any]:
        """After an interruption: what is there of the pieces that were on their way."""
        yield from self._ready
        for piece in self._pieces:
            if _is_finished(piece.future):
                yield from piece.future.result()
            else:
                yield from (self._work.lost(item, INTERRUPTED) for item in piece.items)

    def stop(self) -> None:
        """Ends the processes; if the run was stopped, whatever they are doing."""
        is_done = not self._pieces
        if not is_done:  # before the shutdown, which takes away what a process needs to begin
            for process in set(multiprocessing.active_children()) - self._others:
                process.terminate()
        self._pool.shutdown(wait=is_done, cancel_futures=True)


def _submitted(
    pool: ProcessPoolExecutor, work: Work[Any, Any], items: tuple[Any, ...]
) -> Future[list[Any]]:
    """Gives a piece to a pool, which may begin a process for it.

    Control-C waits until that has begun: half begun it would not be ended. And it never reaches the
    process, or the one that it is forked from: Python would answer with a traceback while it loads
    its modules.
    """
    with postponed(signal.SIGINT), _kept_from_children(signal.SIGINT):
        return pool.submit(apply, work, items)


@contextmanager
def _kept_from_children(number: signal.Signals) -> Iterator[None]:
    """A signal does not reach the processes that are begun meanwhile: they inherit the mask of the
    thread that begins them. The tracker of resources takes care of itself, but takes the mask away
    as it begins, so that it begins before."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _awaited(future: Future[list[Any]]) -> list[Any]:
    """The result of a future. A signal that reaches another thread than the one that waits here
    would be seen only when the wait is over, so that none is long."""
    while not wait([future], LISTENING).done:
        pass
    return future.result()


def _is_finished(future: Future[list[Any]]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Workers begin without what this process has loaded: forking a process that has threads, such
    as that of the progress bar, is not safe."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload([_SOLVER])
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)


@contextmanager
def _modules_from_elsewhere() -> Iterator[None]:
    """New processes do not look for modules in the working directory, which may be anybody's."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def _begin() -> None:
    """Control-C reaches all processes of a terminal; the one that reports acts on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when the one that reports is gone, even if that was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
