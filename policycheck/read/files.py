"""Texts from files and from standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from policycheck.diagnostics import Diagnostic, InputError, Source, Span

LIMIT = 1_048_576
"""The longest input that is read, in bytes. API Gateway's own quota is 8192 characters; the
documents around a policy are longer."""

STDIN = "-"

Check = Callable[[int], None]
"""Looks at the descriptor of a file that was opened. Raises InputError."""


def read_source(path: str | Path, *, limit: int = LIMIT, check: Check | None = None) -> Source:
    """The text of the file ``path``, or of standard input if ``path`` is ``-``.

    A byte order mark at the start is dropped. ``check`` looks at the file before anything is read
    of it, and no pipe is waited for then. Raises InputError if the file is not there, cannot
    be read, is longer than ``limit`` bytes or is not UTF-8.
    """
    name = "<stdin>" if str(path) == STDIN else str(path)
    data = _bytes(str(path), name, limit + 1, check)
    if len(data) > limit:
        raise _failure(
            "FILE_TOO_LARGE",
            f"{name} is longer than {limit} bytes",
            "give the file that holds the policy alone",
        )
    return Source(name, decoded(data, name))


def _bytes(path: str, name: str, count: int, check: Check | None) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read(count)
    try:
        with open(path, "rb", opener=_at_once if check else None) as file:
            if check:
                check(file.fileno())
            return file.read(count)
    except (OSError, ValueError) as error:
        raise unread(name, error) from None


def unread(name: str, error: OSError | ValueError) -> InputError:
    """What is wrong with a file that could not be opened or read, from what Python raised."""
    match error:
        case FileNotFoundError():
            return _failure("FILE_NOT_FOUND", f"there is no file {name}", "check the path")
        case IsADirectoryError():
            return _failure("FILE_IS_DIRECTORY", f"{name} is a directory", "give a file")
        case _:
            reason = error.strerror if isinstance(error, OSError) else error
            advice = "check the path, and who may read the file"
            return _failure("FILE_UNREADABLE", f"{name} cannot be read: {reason}", advice)


def _at_once(path: str, flags: int) -> int:
    """Opens a file; a pipe without a writer too, where the system can."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def decoded(data: bytes, name: str) -> str:
    """The text of UTF-8 bytes, without a byte order mark. Raises InputError if they are none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(name, error) from None


def _not_utf8(name: str, error: UnicodeDecodeError) -> InputError:
    """The error that a text is not UTF-8, with the place of the first byte that is wrong."""
    data = error.object
    start = len(data[: error.start].decode())
    span = Span(Source(name, data.decode(errors="replace")), start, start + 1)
    message = f"{name} is not UTF-8 text: byte 0x{data[error.start]:02x} on line {span.line}"
    advice = "save the file as UTF-8"
    return InputError([Diagnostic("FILE_NOT_UTF8", message, span, "not UTF-8", advice)])


def _failure(code: str, message: str, advice: str) -> InputError:
    return InputError([Diagnostic(code, message, help=advice)])
