"""The file that several processes share."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from kept import change

from policycheck.cache import store
from policycheck.cache.store import FILE, CacheError, Store

ROOT = Path(__file__).parents[2]


def test_a_payload_comes_back(tmp_path):
    Store(tmp_path).put(b"key", b"payload")
    assert Store(tmp_path).get(b"key") == b"payload"
    assert Store(tmp_path).get(b"other") is None


def test_a_dropped_entry_is_gone(tmp_path):
    found = Store(tmp_path)
    found.put(b"key", b"payload")
    found.drop(b"key")
    assert found.get(b"key") is None


@pytest.mark.parametrize("columns", [{"payload": b"paylead"}, {"digest": bytes(32)}, {"digest": 7}])
def test_a_changed_entry_is_dropped(tmp_path, columns):
    found = Store(tmp_path)
    found.put(b"key", b"payload")
    change(tmp_path, **columns)
    assert found.get(b"key") is None
    found.put(b"key", b"payload")
    assert found.get(b"key") == b"payload"


def test_a_misplaced_entry_is_dropped(tmp_path):
    found = Store(tmp_path)
    found.put(b"key", b"payload")
    change(tmp_path, key=b"other")
    assert found.get(b"other") is None


def test_the_size_is_bounded(tmp_path):
    limit = 256 * 1024
    found = Store(tmp_path, limit)
    for number in range(2000):
        found.put(number.to_bytes(4, "big"), os.urandom(500))
    assert found.get((1999).to_bytes(4, "big")) is not None
    found.close()
    assert (tmp_path / FILE).stat().st_size <= limit


def test_what_was_not_used_for_longest_goes_first(tmp_path, monkeypatch):
    found = Store(tmp_path, 256 * 1024)
    for day in range(1000):
        monkeypatch.setattr(store, "_day", lambda day=day: day)
        found.put(day.to_bytes(4, "big"), os.urandom(500))
        assert found.get(bytes(4)) is not None
    assert found.get((1).to_bytes(4, "big")) is None


@pytest.mark.parametrize("cut", [0, 100, 5000])
def test_a_torn_file_is_begun_anew(tmp_path, cut):
    found = Store(tmp_path)
    for number in range(100):
        found.put(bytes([number]), bytes(200))
    found.close()
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:cut] + b"\xff" * 5000)
    found = Store(tmp_path)
    for number in range(100):
        assert found.get(bytes([number])) in {None, bytes(200)}
    found.put(b"key", b"payload")
    found.put(b"key", b"payload")
    assert found.get(b"key") == b"payload"


@pytest.mark.parametrize("number", range(0, 256, 5))
def test_a_byte_of_the_tables_definition_that_changes_is_found_out(tmp_path, number):
    """Whatever SQLite makes of it: an error with a text that is none, columns of other names."""
    found = Store(tmp_path)
    found.put(b"key", b"payload")
    found._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found.close()
    data = bytearray((tmp_path / FILE).read_bytes())
    begin = data.rindex(b"CREATE TABLE entries") - 40
    data[begin + number % 200] ^= 0x80 if number < 200 else 0x01
    (tmp_path / FILE).write_bytes(data)
    found = Store(tmp_path)
    assert found.get(b"key") in {None, b"payload"}
    found.put(b"key", b"new")
    found.put(b"key", b"new")
    assert found.get(b"key") == b"new"


def test_a_file_that_is_torn_while_it_is_open_is_begun_anew(tmp_path):
    found = Store(tmp_path)
    for number in range(100):
        found.put(bytes([number]), bytes(200))
    found._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (tmp_path / FILE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    found._connection.execute("PRAGMA shrink_memory")
    for number in range(100):
        assert found.get(bytes([number])) in {None, bytes(200)}
    found.put(b"key", b"payload")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_cannot_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(CacheError):
        Store(tmp_path)
    tmp_path.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_directory_that_everybody_can_write_is_not_believed(tmp_path):
    Store(tmp_path).put(b"key", b"payload")
    tmp_path.chmod(0o1777)
    with pytest.raises(CacheError, match="everybody can write"):
        Store(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives things away")
@pytest.mark.parametrize("name", ["", FILE])
def test_what_another_user_owns_is_not_believed(tmp_path, name):
    Store(tmp_path).put(b"key", b"payload")
    os.chown(tmp_path / name, 65534, -1)
    with pytest.raises(CacheError, match="another user"):
        Store(tmp_path)


def test_a_directory_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError):
        Store(tmp_path / "file")


WRITING = """
import sys
from pathlib import Path
from policycheck.cache.store import Store
found = Store(Path(sys.argv[1]), 1024 * 1024)
for number in range(3000):
    key = (number % 700).to_bytes(4, "big")
    payload = found.get(key)
    assert payload in (None, key * 100), payload
    found.put(key, key * 100)
"""


def test_processes_that_write_at_once(tmp_path):
    command = [sys.executable, "-c", WRITING, str(tmp_path)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen(command, env=settings, stderr=subprocess.PIPE) for _ in range(3)]
    assert [one.communicate(timeout=60)[1] for one in running] == [b""] * 3
    assert [one.returncode for one in running] == [0] * 3
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM entries").fetchone() == (700,)


OPENING = """
import multiprocessing
import sys
from pathlib import Path
from policycheck.cache.store import FILE, Store

def opens(directory, start):
    start.wait()
    found = Store(directory)
    found.put(b"key", b"payload")
    found.close()

many = multiprocessing.get_context("fork")
for number in range(60):
    directory = Path(sys.argv[1], str(number))
    directory.mkdir()
    if sys.argv[2]:
        (directory / FILE).write_text(sys.argv[2])
    start = many.Barrier(8)
    running = [many.Process(target=opens, args=(directory, start)) for _ in range(8)]
    for one in running:
        one.start()
    for one in running:
        one.join()
        assert one.exitcode == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("before", ["", "no database" * 1000], ids=["no file", "torn"])
def test_processes_that_open_a_new_file_at_once(tmp_path, before):
    command = [sys.executable, "-c", OPENING, str(tmp_path), before]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        command, env=settings, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    for directory in tmp_path.iterdir():
        found = Store(directory)
        found.put(b"key", b"payload")
        found.put(b"key", b"payload")
        assert found.get(b"key") == b"payload"


def test_a_lock_that_is_not_given_is_a_miss(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE", 0.01)
    found = Store(tmp_path)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    found.put(b"key", b"payload")
    other.execute("COMMIT")
    assert found.get(b"key") is None
    found.put(b"key", b"payload")
    assert found.get(b"key") == b"payload"
