"""Bytes by key in a file that several processes share.

SQLite does the work: transactions, locks between processes, one file with a bounded number of
pages. Whatever is read is checked against a digest over key and payload, so that a torn, changed
or misplaced entry is found out; a file that is no database any more is begun anew.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sqlite3
import stat
import sys
import time
from pathlib import Path

from policycheck.diagnostics import PolicycheckError

FILE = "verdicts-1.sqlite3"
"""The number is that of the form of the table."""

LIMIT = 256 * 1024 * 1024
"""The largest size of the file in bytes, unless another one is asked for."""

PAGE = 4096
PATIENCE = 5.0
"""How many seconds a process waits for another one that is writing."""

_PAUSE = 0.005
"""Seconds between two tries to open a file that other processes are opening."""

_FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite answers; the text of an error may quote bytes of a torn file that are none."""

_SECONDS_A_DAY = 86_400
_SHARE_EVICTED = 8
"""One entry in so many goes when the file is full."""

_TABLE = """
CREATE TABLE IF NOT EXISTS entries(
  key BLOB PRIMARY KEY, digest BLOB NOT NULL, payload BLOB NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID
"""
_INDEX = "CREATE INDEX IF NOT EXISTS by_use ON entries(used)"
_READ = "SELECT digest, payload, used FROM entries WHERE key = ?"
_USED = "UPDATE entries SET used = ? WHERE key = ?"
_WRITE = "INSERT OR REPLACE INTO entries(key, digest, payload, used) VALUES (?, ?, ?, ?)"
_DROP = "DELETE FROM entries WHERE key = ?"
_EVICT = """
DELETE FROM entries WHERE key IN (
  SELECT key FROM entries ORDER BY used LIMIT max(1, (SELECT count(*) FROM entries) / ?)
)
"""


class CacheError(PolicycheckError):
    """There can be no cache in a directory; the text says why."""


def _check_writers(path: Path) -> None:
    """Raises CacheError for what another user than this one and root can put something into: a
    digest is no signature, and a proof there might never have been."""
    if sys.platform == "win32" or not path.exists():
        return
    found = path.stat()
    if found.st_uid not in {os.geteuid(), 0}:
        raise CacheError(f"{path.name} belongs to another user")
    if found.st_mode & stat.S_IWOTH:
        raise CacheError(f"everybody can write {path.name}")


class Store:
    """A bounded store in a directory; the entries that were not used for longest go first.

    What fails later (a lock that is not given, a disk that is full) is a miss, or is not kept.
    """

    def __init__(self, directory: Path, limit: int = LIMIT) -> None:
        """Raises CacheError if the directory cannot be made or written to, or others can write."""
        self.path = directory / FILE
        self._pages = max(limit // PAGE, 16)
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in (directory, self.path):
                _check_writers(path)
            self._connection = self._opened()
        except (OSError, *_FAILURES) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise CacheError(str(reason)) from error

    def _opened(self) -> sqlite3.Connection:
        """Tries again while other processes make the same file, or take a torn one away.

        SQLite does not wait where two connections change the mode of the journal at once, and
        tells of a file that another process took away as of a disk that fails.
        """
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._connected()
            except _FAILURES as error:
                if time.monotonic() > end:
                    raise
                if _is_torn(error):
                    self._removed()
                elif not _passes(error):
                    raise
            time.sleep(_PAUSE)

    def _removed(self) -> None:
        """Takes away a file that is no database any more."""
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)

    def _connected(self) -> sqlite3.Connection:
        """Nothing waits for the disk: what a power failure tears is found out and dropped."""
        found = sqlite3.connect(
            self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
        )
        try:
            found.execute(f"PRAGMA page_size = {PAGE}")
            found.execute("PRAGMA journal_mode = WAL")
            found.execute("PRAGMA synchronous = OFF")
            found.execute("PRAGMA trusted_schema = OFF")
            found.execute("PRAGMA cell_size_check = ON")
            found.execute(f"PRAGMA max_page_count = {self._pages}")
            found.execute("BEGIN IMMEDIATE")
            found.execute(_TABLE)
            found.execute(_INDEX)
            found.execute("COMMIT")
        except BaseException:
            found.close()
            raise
        return found

    def get(self, key: bytes) -> bytes | None:
        """The payload that was put under the key; None if there is none that can be believed."""
        try:
            row = self._connection.execute(_READ, (key,)).fetchone()
            if row is None:
                return None
            digest, payload, used = row
            if not _is_whole(key, digest, payload):
                self.drop(key)
                return None
            if used != _day():
                self._connection.execute(_USED, (_day(), key))
        except _FAILURES as error:
            self._lost(error)
            return None
        return bytes(payload)

    def put(self, key: bytes, payload: bytes) -> None:
        """Keeps a payload, in the place of the oldest ones if the file is full."""
        row = (key, _digest(key, payload), payload, _day())
        try:
            self._connection.execute(_WRITE, row)
        except _FAILURES as error:
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
                self._lost(error)
                return
            self._evict(row)

    def _evict(self, row: tuple[bytes, bytes, bytes, int]) -> None:
        try:
            self._connection.execute(_EVICT, (_SHARE_EVICTED,))
            self._connection.execute(_WRITE, row)
        except _FAILURES as error:
            self._lost(error)

    def drop(self, key: bytes) -> None:
        """Forgets an entry."""
        try:
            self._connection.execute(_DROP, (key,))
        except _FAILURES as error:
            self._lost(error)

    def _lost(self, error: Exception) -> None:
        """Begins anew if the file is torn; a lock or a full disk passes."""
        if not _is_torn(error):
            return
        self._connection.close()
        try:
            self._removed()
            self._connection = self._opened()
        except (OSError, *_FAILURES):
            self._connection = sqlite3.connect(":memory:", isolation_level=None)
            self._connection.execute(_TABLE)

    def close(self) -> None:
        """Gives the file back."""
        self._connection.close()


def _digest(key: bytes, payload: bytes) -> bytes:
    return hashlib.blake2b(payload, key=key, digest_size=32).digest()


def _is_whole(key: bytes, digest: object, payload: object) -> bool:
    if not (isinstance(digest, bytes) and isinstance(payload, bytes)):
        return False
    return hmac.compare_digest(digest, _digest(key, payload))


def _passes(error: Exception) -> bool:
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR}


def _is_torn(error: Exception) -> bool:
    """Whether the file is no database, or has not the table that was made in it."""
    return not isinstance(error, sqlite3.OperationalError) or _code(error) == sqlite3.SQLITE_ERROR


def _code(error: Exception) -> int:
    """The low byte is the primary code: https://sqlite.org/rescode.html."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _day() -> int:
    return int(time.time()) // _SECONDS_A_DAY
