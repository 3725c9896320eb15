"""The texts that a name on the command line stands for: files, directories, globs, commits."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from glob import has_magic
from pathlib import Path

from policycheck.cli.sources import LIVE
from policycheck.cli.streams import Streams
from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.verdict import Failure
from policycheck.read.directory import (
    ENDINGS,
    files_below,
    fixed_part,
    links_below,
    matching,
    read_member,
)
from policycheck.read.files import STDIN, read_source
from policycheck.read.git import is_git, read_git
from policycheck.read.sources.detect import may_hold_policy


def texts_of(name: str, streams: Streams) -> Iterator[Source | Failure]:
    """The texts that a name stands for."""
    if name == STDIN or is_git(name) or Path(name).is_file():
        yield _read(name)
    elif Path(name).is_dir():
        yield from _below(name, streams)
    elif has_magic(name) and not name.startswith(LIVE):
        yield from _matching(name, streams)
    else:
        yield _read(name)


def count_sources(names: Iterable[str]) -> int:
    """How many files are named, at most: what a directory holds that is no policy counts too."""
    return sum(
        _count_below(Path(name)) if name != STDIN and Path(name).is_dir() else 1 for name in names
    )


def _count_below(top: Path) -> int:
    """The files below a directory, as far as it can be read; those who read them say what fails."""
    count = 0
    with suppress(InputError):
        for _ in files_below(top):
            count += 1
    return count


def is_several(name: str) -> bool:
    """Whether a name can stand for several policies."""
    return name != STDIN and (Path(name).is_dir() or (has_magic(name) and not Path(name).exists()))


def top_of(name: str) -> Path | None:
    """The directory that the files lie below that a name stands for; None if it names one."""
    if not is_several(name):
        return None
    return Path(name) if Path(name).is_dir() else fixed_part(name)


def _read(name: str) -> Source | Failure:
    try:
        return read_git(name) if is_git(name) else read_source(name)
    except InputError as error:
        return Failure(name, error.diagnostics)


def _member(path: Path, top: Path) -> Source | Failure:
    """The text of a file that a directory or a glob stands for, if it is really one of theirs."""
    try:
        return read_member(path, top)
    except InputError as error:
        return Failure(str(path), error.diagnostics)


def _matching(pattern: str, streams: Streams) -> Iterator[Source | Failure]:
    """The files that a glob matches, and those below the directories that it matches."""
    found = matching(pattern)
    if not found:
        message = f"no file matches {pattern}"
        advice = "** stands for any number of directories, * for any name"
        yield Failure(pattern, (Diagnostic("FILE_NOT_FOUND", message, help=advice),))
    directories = tuple(f"{one}{os.sep}" for one in found if Path(one).is_dir())
    for name in found:
        if name.startswith(directories):
            continue  # it is among the files below one of them
        if Path(name).is_dir() and not Path(name).is_symlink():
            yield from _below(name, streams)
        else:
            yield _member(Path(name), fixed_part(pattern))


def _below(name: str, streams: Streams) -> Iterator[Source | Failure]:
    """The files below a directory that hold, or should hold, a policy; hidden ones do not."""
    count = 0
    for link in links_below(Path(name)):
        streams.note(f"{link} is a link to a directory: passed over")
    for found in _members(Path(name)):
        if isinstance(found, Source) and not may_hold_policy(found):
            if found.name.endswith(".json"):
                streams.note(f"{found.name} is no policy, as it has no Statement: passed over")
            continue
        count += 1
        yield found
    if not count:
        message = f"there is no policy in the directory {name}"
        advice = f"policies are in files whose names end in {', '.join(ENDINGS)}"
        yield Failure(name, (Diagnostic("FILE_NOT_FOUND", message, help=advice),))


def _members(top: Path) -> Iterator[Source | Failure]:
    try:
        for path in files_below(top):
            yield _member(path, top)
    except InputError as error:
        yield Failure(str(top), error.diagnostics)
