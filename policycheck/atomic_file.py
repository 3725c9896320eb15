"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing_file(target: Path, mode: int | None = None) -> Iterator[BinaryIO]:
    """A new file beside ``target`` that takes its place at the end; an error leaves what was there.

    ``mode`` are the permissions that it gets, those of any new file if None. Raises OSError.
    """
    import tempfile  # noqa: PLC0415 -- most runs write no file

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        temporary.chmod(_of_new_files() if mode is None else mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def append(target: Path, data: bytes) -> None:
    """Adds to the end of a file; an error leaves what was there. Raises OSError."""
    with target.open("ab", buffering=0) as file:
        size = file.tell() if file.seekable() else None
        try:
            while data:
                data = data[file.write(data) :]
        except BaseException:
            if size is not None:
                file.truncate(size)
            raise


def _of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
