"""Texts from commits: ``git:REV:PATH`` is the file PATH as it is at the revision REV."""

from __future__ import annotations

import os
import shutil

from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.read.files import LIMIT, decoded

PREFIX = "git:"

_SECONDS = 30
_FORM = "write git:REV:PATH, such as git:main:policy.json; PATH begins at the top of the repository"
_QUIET = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}
"""Messages in English, and nothing that writes, asks or reaches for a network."""


def is_git(name: str) -> bool:
    """Whether the name is of the form ``git:...``."""
    return name.startswith(PREFIX)


def read_git(name: str, *, limit: int = LIMIT) -> Source:
    """The text that ``git:REV:PATH`` names, in the repository of the current directory.

    PATH is relative to the top of the repository, or to the current directory if it begins with
    ``./``, as git has it. Raises InputError if there is no such text, or it is too long or not
    UTF-8.
    """
    rev, separator, path = name.removeprefix(PREFIX).partition(":")
    if not (rev and separator and path) or rev.startswith("-") or "\0" in name:
        raise _failure(name, "names no file of a commit", _FORM)
    object_name = f"{rev}:{path}"
    if _size(object_name, name) > limit:
        raise _failure(name, f"is longer than {limit} bytes", "give the file of the policy alone")
    return Source(name, decoded(_git(name, "cat-file", "blob", object_name), name))


def _size(object_name: str, name: str) -> int:
    kind = _git(name, "cat-file", "-t", object_name).decode().strip()
    if kind != "blob":
        raise _failure(name, f"is a {kind or 'thing'}, not a file", _FORM)
    return int(_git(name, "cat-file", "-s", object_name))


def _git(name: str, *arguments: str) -> bytes:
    """What git prints; no shell takes part."""
    import subprocess  # noqa: PLC0415 -- most policies are files

    program = shutil.which("git")
    if program is None:
        raise _failure(name, "cannot be read: there is no program git", "install git")
    try:
        done = subprocess.run(  # noqa: S603 (the arguments are git's, and no shell reads them)
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
            env={**os.environ, **_QUIET},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failure(name, f"cannot be read: {error}", "") from None
    if done.returncode:
        raise _failure(name, f"cannot be read: {_complaint(done.stderr)}", _FORM)
    return done.stdout


def _complaint(said: bytes) -> str:
    """The last line of what git said, without its own prefix."""
    lines = said.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
    return lines[-1].removeprefix("fatal: ")


def _failure(name: str, what: str, advice: str) -> InputError:
    return InputError([Diagnostic("GIT_FAILED", f"{name} {what}", help=advice)])
