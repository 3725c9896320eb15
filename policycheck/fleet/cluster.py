"""The work of a run, spread over the workers of a Dask cluster."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.fleet.engine import INTERRUPTED, Item, Result, Work, apply, chunks
from policycheck.version import __version__

if TYPE_CHECKING:
    from distributed import Client, Future

CHUNK = 16
"""How many items travel together, at most: the scheduler takes about a millisecond for each."""

AHEAD = 4
"""How many pieces a worker are on their way at a time; this bounds memory."""

PATIENCE = 10
"""How many seconds the scheduler has to answer, and a cluster to have a worker."""

LISTENING = 1
"""How many seconds pass, at most, until it is noticed that the scheduler is gone."""

DIED = "every worker that worked on it died"
GONE = "the connection to the Dask scheduler was lost"

_alone = threading.Lock()
"""Z3 keeps its terms in one place for the whole process, so a worker's threads take turns."""


@dataclass(frozen=True)
class Cluster:
    """The workers of the scheduler at ``address``, such as ``tcp://127.0.0.1:8786``.

    Every worker has the same version of policycheck; only functions of the installed package
    travel. A worker that goes away takes nothing with it: its items go to others.
    """

    address: str

    def run(self, work: Work[Item, Result], items: Iterable[Item]) -> Iterator[Result]:
        """The result for each item, in order. Raises InputError if there is no such cluster."""
        with _client(self.address) as client:
            count = _checked_workers(client, self.address)
            yield from _Run(client, work, count * AHEAD).results(chunks(items, CHUNK))


class _Run:
    """The pieces of one run that are on their way."""

    def __init__(self, client: Client, work: Work[Any, Any], ahead: int) -> None:
        self._client, self._work, self._ahead = client, work, ahead
        self._pieces: deque[tuple[tuple[Any, ...], Future[list[Any]] | None]] = deque()
        self._ready: deque[Any] = deque()

    def results(self, pieces: Iterator[tuple[Any, ...]]) -> Iterator[Any]:
        """The results of all pieces, in order."""
        try:
            while self._fill(pieces):
                items, future = self._pieces[0]
                found = self._found(items, future)
                self._pieces.popleft()
                self._ready.extend(found)
                while self._ready:
                    yield self._ready.popleft()
        except KeyboardInterrupt:
            yield from self._leftovers()
            raise

    def _fill(self, pieces: Iterator[tuple[Any, ...]]) -> bool:
        while len(self._pieces) < self._ahead and (items := next(pieces, None)):
            self._pieces.append((items, self._submitted(items)))
        return bool(self._pieces)

    def _submitted(self, items: tuple[Any, ...]) -> Future[list[Any]] | None:
        """A piece on its way; None if there is no scheduler any more."""
        try:
            return self._client.submit(applied, __version__, self._work, items, pure=False)
        except Exception:
            if self._is_connected:
                raise
            return None

    @property
    def _is_connected(self) -> bool:
        return self._client.status in {"running", "connecting"}

    def _found(self, items: tuple[Any, ...], future: Future[list[Any]] | None) -> list[Any]:
        from distributed import KilledWorker  # noqa: PLC0415

        try:
            return self._awaited(future)
        except KilledWorker:
            why = DIED
        except CancelledError:
            why = GONE
        return [self._work.lost(item, why) for item in items]

    def _awaited(self, future: Future[list[Any]] | None) -> list[Any]:
        """The results of a piece. Raises CancelledError if the scheduler is gone: what is sent
        just then is never answered."""
        while future is not None:
            try:
                found: list[Any] = future.result(timeout=LISTENING)
            except TimeoutError:  # the wait's, or what the work itself raised
                if future.status == "error":
                    return list(future.result())
                if not self._is_connected:
                    break
            else:
                return found
        raise CancelledError

    def _leftovers(self) -> Iterator[Any]:
        """After an interruption: what is there of the pieces that were on their way."""
        yield from self._ready
        pieces = [*self._pieces]
        futures = [future for _, future in pieces if future is not None]
        unfinished = [future for future in futures if future.status != "finished"]
        self._client.cancel(unfinished, force=True)  # type: ignore[no-untyped-call]
        for items, future in pieces:
            if future is not None and future.status == "finished":
                yield from future.result()
            else:
                yield from (self._work.lost(item, INTERRUPTED) for item in items)


def applied(version: str, work: Work[Any, Any], items: Sequence[Any]) -> list[Any]:
    """The results for a piece, on a worker. Raises InputError on one of another version."""
    if version != __version__:
        raise _other_version(version, {"a worker": __version__})
    with _alone:
        return apply(work, items)


@contextmanager
def _client(address: str) -> Iterator[Client]:
    try:
        from distributed import Client  # noqa: PLC0415 -- an extra, and slow to load
    except ImportError:
        message = "the engine dask needs Dask, which is not installed"
        advice = "pip install policycheck[cluster]"
        raise InputError([Diagnostic("NO_DASK", message, help=advice)]) from None
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=PATIENCE, set_as_default=False
        )
    except (OSError, ValueError) as error:
        message = f"there is no Dask scheduler at {address}"
        advice = "start one with: dask scheduler --host 127.0.0.1"
        raise InputError(
            [Diagnostic("NO_SCHEDULER", message, label=str(error), help=advice)]
        ) from None
    with client:
        yield client


def _checked_workers(client: Client, address: str) -> int:
    """How many workers there are. Raises InputError if none comes, or if one differs."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        message = f"the Dask scheduler at {address} has no worker"
        advice = f"start one with: dask worker {address} --nthreads 1"
        raise InputError([Diagnostic("NO_WORKER", message, help=advice)]) from None
    told: Any = client.get_versions(packages=["policycheck"])
    workers: Mapping[str, Mapping[str, Any]] = told["workers"]
    versions = {name: _version_of(found) for name, found in workers.items()}
    if other := {name: one for name, one in versions.items() if one != __version__}:
        raise _other_version(__version__, other)
    return len(workers)


def _version_of(worker: Mapping[str, Any]) -> str | None:
    found: str | None = worker["packages"].get("policycheck")
    return found


def _other_version(wanted: str, found: Mapping[str, str | None]) -> InputError:
    listed = ", ".join(f"{name} has {version or 'none'}" for name, version in found.items())
    message = f"the workers need policycheck {wanted}: {listed}"
    advice = f"pip install policycheck=={wanted} where the workers run, and start them anew"
    return InputError([Diagnostic("OTHER_VERSION", message, help=advice)])
