"""Which files a directory or a glob stands for.

No link is followed out of the directory, or round in it: who may put a link there could otherwise
have any file of the machine read, and quoted in messages.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from glob import escape, glob, has_magic
from pathlib import Path
from typing import NoReturn

from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.read.files import read_source

ENDINGS = (".json", ".yaml", ".yml", ".tf")
"""How the names of files end that may hold policies."""


def files_below(top: Path) -> Iterator[Path]:
    """The files below a directory that may hold policies, by their names, in the order of these.

    Hidden ones are left out. Links to directories are not followed. Raises InputError if a
    directory cannot be listed.
    """
    for directory, below, files in os.walk(top, onerror=_unreadable):
        below[:] = sorted(one for one in below if not one.startswith("."))
        for file in sorted(files):
            if file.endswith(ENDINGS) and not file.startswith("."):
                yield Path(directory, file)


def links_below(top: Path) -> Iterator[Path]:
    """The links to directories below a directory, which are not followed; hidden ones are not."""
    for directory, below, _ in os.walk(top):
        below[:] = sorted(one for one in below if not one.startswith("."))
        yield from (one for name in below if (one := Path(directory, name)).is_symlink())


def matching(pattern: str) -> list[str]:
    """The paths that a glob matches, in order; ``**`` is any number of directories, and does not
    follow links."""
    return sorted({os.path.normpath(one) for one in _matching(Path(pattern).parts)})


def _matching(parts: Sequence[str]) -> Iterator[str]:
    if "**" not in parts:
        yield from glob(os.path.join(*parts))  # noqa: PTH118, PTH207 -- the pattern may be absolute
        return
    place = parts.index("**")
    rest = parts[place + 1 :]
    for top in _matching(parts[:place]) if place else (".",):
        for directory, below, files in os.walk(top):
            below[:] = [one for one in below if not one.startswith(".")]
            if rest:
                yield from _matching((escape(directory), *rest))
            else:
                yield from (str(Path(directory, one)) for one in files if not one.startswith("."))


def fixed_part(pattern: str) -> Path:
    """The directory that all paths lie below that a glob matches."""
    parts = Path(pattern).parts
    first = next(index for index, part in enumerate(parts) if has_magic(part))
    return Path(*parts[:first])


def read_member(path: Path, top: Path) -> Source:
    """The text of a file of a directory. Raises InputError if it leads out of it, also if it is
    swapped for a link after it was looked at: what was opened is what counts."""
    check_member(path, top)
    return read_source(path, check=lambda descriptor: _check_opened(descriptor, path, top))


def _check_opened(descriptor: int, path: Path, top: Path) -> None:
    opened, end = os.fstat(descriptor), Path(os.path.realpath(path))
    inside = end.is_relative_to(os.path.realpath(top))
    if not (inside and stat.S_ISREG(opened.st_mode) and os.path.samestat(opened, end.lstat())):
        message = f"{path} was changed while it was opened, and may lead out of {top}"
        raise InputError([Diagnostic("LINK_OUTSIDE", message, help="run again")])


def check_member(path: Path, top: Path) -> None:
    """Raises InputError if a file of a directory leads out of it, or is no file to be read."""
    end = Path(os.path.realpath(path))  # Path.resolve does not take loops
    if path.is_symlink() and not end.is_relative_to(top.resolve()):
        message = f"{path} is a link that leads out of {top}: {path.readlink()}"
        raise InputError([Diagnostic("LINK_OUTSIDE", message, help="name the file itself")])
    if path.is_dir():
        what = (
            "a link to a directory, which is not followed" if path.is_symlink() else "a directory"
        )
        message = f"{path} is {what}"
        raise InputError([Diagnostic("FILE_IS_DIRECTORY", message, help="name the directory")])
    check_regular(path)


def check_regular(path: Path) -> None:
    """Raises InputError for a pipe, a socket or a device: to read one may never end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        message = f"{path} is a pipe, a socket or a device, not a file"
        raise InputError([Diagnostic("FILE_NOT_REGULAR", message, help="take it away")])


def _unreadable(error: OSError) -> NoReturn:
    message = f"the directory {error.filename} cannot be read: {error.strerror}"
    raise InputError([Diagnostic("FILE_UNREADABLE", message)]) from None
