"""Results of a Dask cluster: complete, once, in order, though a worker is killed."""

import json
import re
import socket
import subprocess
import sys
import threading
import time

import pytest
from estate import SPEC, write_policies
from test_prove_many import settings, steady

pytest.importorskip("distributed")

from policycheck import InputError
from policycheck.fleet import cluster
from policycheck.fleet.cluster import Cluster, _Run, applied
from policycheck.fleet.proving import Proving, Task
from policycheck.read.files import read_source
from policycheck.read.spec import load_spec
from policycheck.report.layout import Layout
from policycheck.report.page import Page
from policycheck.solve.limits import Limits

COUNT = 40


@pytest.fixture(scope="module")
def address():
    """A scheduler without workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard") as one:
        yield f"tcp://127.0.0.1:{port}"
        one.kill()


def dask(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        env=settings(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def start_worker(address):
    options = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
    return dask("worker", address, *options)


@pytest.fixture
def workers(address):
    found = [start_worker(address), start_worker(address)]
    yield found
    for one in found:
        one.kill()
        one.wait()


@pytest.fixture
def folder(tmp_path):
    write_policies(tmp_path / "policies", COUNT, statements=2)
    (tmp_path / "policies" / "00007.json").write_text("{")
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


def test_a_worker_is_killed_and_every_result_is_there_once(address, workers, folder):
    spec = load_spec(folder / "spec.yaml")
    files = sorted((folder / "policies").iterdir())
    tasks = [Task(read_source(one), spec, Limits()) for one in files]
    proving = Proving(Layout("json", Page(), Page(), quiet=False))
    found = []
    for outcome in Cluster(address).run(proving, tasks):
        found.append(outcome)
        if len(found) == 3:
            workers[0].kill()
    assert len(found) == COUNT
    assert [steady(str(one.pieces)) for one in found] == [
        steady(str(proving(task).pieces)) for task in tasks
    ]
    assert workers[0].poll() is not None


def test_a_scheduler_is_killed_and_what_is_not_decided_is_unknown(folder):
    write_policies(folder / "many", 300, statements=4)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    place = f"tcp://127.0.0.1:{port}"
    cluster = [dask("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")]
    cluster.append(start_worker(place))
    command = ["prove", "many", "spec.yaml", "-f", "json", "--engine", "dask", "--scheduler", place]
    with subprocess.Popen(
        [sys.executable, "-m", "policycheck", *command],
        cwd=folder,
        env=settings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        first = "".join(process.stdout.readline() for _ in range(30))
        for one in cluster:
            one.kill()
            one.wait()
        found = json.loads(first + process.stdout.read())["results"]
    assert [one["policy"] for one in found[::2]] == [f"many/{n:05}.json" for n in range(300)]
    lost = [one.get("reason") == "the connection to the Dask scheduler was lost" for one in found]
    assert lost == sorted(lost)
    assert (lost[0], lost[-1]) == (False, True)


class Late:
    """A future whose result comes just after the time to wait for it was up."""

    def __init__(self, status, *answers):
        self.status, self.answers = status, list(answers)

    def result(self, timeout=None):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def awaited(future):
    class Client:
        status = "running"

    return _Run(Client(), None, 1)._awaited(future)


def test_a_result_that_comes_late_is_waited_for():
    assert awaited(Late("finished", TimeoutError(), TimeoutError(), [1])) == [1]
    assert awaited(Late("pending", TimeoutError(), [1])) == [1]


def test_an_error_that_comes_late_is_the_works_own():
    with pytest.raises(ZeroDivisionError):
        awaited(Late("error", TimeoutError(), ZeroDivisionError()))
    with pytest.raises(TimeoutError, match="its own"):
        awaited(Late("error", TimeoutError(), TimeoutError("its own")))


def test_the_command_line(address, workers, folder):
    command = [sys.executable, "-m", "policycheck", "prove", "policies", "spec.yaml"]
    options = ["--engine", "dask", "--scheduler", address, "--cache-dir", "kept"]
    alone, spread, again = (
        subprocess.run(
            [*command, *more],
            cwd=folder,
            env=settings(),
            capture_output=True,
            text=True,
            check=False,
        )
        for more in ([], options, options)
    )
    assert alone.returncode == spread.returncode == again.returncode == 2
    assert steady(spread.stdout) == steady(alone.stdout)
    assert spread.stderr == alone.stderr
    assert re.search(rf"{2 * (COUNT - 1)}\sfrom\sthe\scache", again.stdout)


def test_a_cluster_without_workers_is_an_error(address, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(InputError, match="has no worker"):
        list(Cluster(address).run(print, [1]))


def test_no_scheduler_is_an_error(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with pytest.raises(InputError, match="there is no Dask scheduler at tcp"):
        list(Cluster("tcp://127.0.0.1:1").run(print, [1]))


def test_a_worker_of_another_version_is_an_error(address, workers, monkeypatch):
    monkeypatch.setattr(cluster, "__version__", "99.0")
    with pytest.raises(InputError, match=r"the workers need policycheck 99\.0"):
        list(Cluster(address).run(print, [1]))
    with pytest.raises(InputError, match=r"policycheck 98\.0"):
        applied("98.0", print, [1])


def test_threads_of_a_worker_take_turns():
    busy = []

    class Watching:
        def __call__(self, item):
            busy.append(item)
            time.sleep(0.01)
            assert busy.pop() == item
            return item

        def lost(self, item, why):
            return item

    threads = [
        threading.Thread(target=applied, args=(cluster.__version__, Watching(), [number]))
        for number in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert busy == []
