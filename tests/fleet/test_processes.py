"""Results of processes: complete, once, in order, whatever happens to a process."""

import os
import signal
import sys
import time
from multiprocessing import forkserver

import pytest
from estate import Shielding, Squaring

from policycheck.fleet import processes
from policycheck.fleet.engine import INTERRUPTED, InOrder, chunks
from policycheck.fleet.processes import AHEAD, CHUNK, DIED, Processes

SQUARES = [number * number for number in range(60)]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def test_chunks_hold_every_item_once_and_begin_small():
    found = list(chunks(range(500), 4))
    assert [item for chunk in found for item in chunk] == list(range(500))
    assert {len(one) for one in found[:4]} == {1}
    assert max(map(len, found)) == 4


def test_in_this_process():
    assert list(InOrder().run(Squaring(), range(60))) == SQUARES


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_are_in_the_order_of_the_items(jobs):
    assert list(Processes(jobs).run(Squaring(slow=0, seconds=0.3), range(60))) == SQUARES


def test_processes_are_renewed_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(processes, "RENEWED", 5)
    made = []
    pool = processes._pool
    monkeypatch.setattr(processes, "_pool", lambda jobs: made.append(pool(jobs)) or made[-1])
    assert list(Processes(2).run(Squaring(), range(200))) == [n * n for n in range(200)]
    assert len(made) > 4


def test_a_process_that_dies_among_renewed_ones_takes_its_item_alone(monkeypatch):
    monkeypatch.setattr(processes, "RENEWED", 3)
    found = list(Processes(2).run(Squaring(deadly=41), range(60)))
    assert found == [*SQUARES[:41], (41, DIED), *SQUARES[42:]]


def test_no_items():
    assert list(Processes(2).run(Squaring(), [])) == []


def test_items_are_taken_as_they_are_needed():
    taken = []

    def items():
        for number in range(10_000):
            taken.append(number)
            yield number

    results = Processes(2).run(Squaring(), items())
    next(results)
    assert len(taken) <= 2 * AHEAD * CHUNK
    results.close()


def test_a_process_that_dies_takes_its_item_alone():
    found = list(Processes(2).run(Squaring(deadly=41), range(60)))
    assert found == [*SQUARES[:41], (41, DIED), *SQUARES[42:]]


def test_control_c_reaches_no_process_that_only_begins(monkeypatch):
    """It would tell so by a traceback. The mask of what begins is that of what began it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    server = forkserver.ForkServer()
    monkeypatch.setattr(forkserver, "_forkserver", server)
    monkeypatch.setattr(forkserver, "ensure_running", server.ensure_running)
    monkeypatch.setattr(forkserver, "connect_to_new_process", server.connect_to_new_process)
    assert set(Processes(2).run(Shielding(), range(9))) == {True}
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before


def until_interrupted(results):
    with pytest.raises(KeyboardInterrupt):
        yield from results


def test_an_interruption_gives_what_is_there():
    started = time.monotonic()
    results = Processes(2).run(Squaring(slow=3, interrupts=os.getpid()), range(60))
    found = list(until_interrupted(results))
    assert time.monotonic() - started < 20
    assert found[:3] == SQUARES[:3]
    assert found[3] == (3, INTERRUPTED)
    assert all(one in {n * n, (n, INTERRUPTED)} for n, one in enumerate(found))
