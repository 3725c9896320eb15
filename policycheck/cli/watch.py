"""``policycheck watch``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from policycheck.cli import exits
from policycheck.cli.help import Command
from policycheck.cli.prove import command as prove
from policycheck.cli.streams import Streams
from policycheck.read.files import STDIN

_EXAMPLES = """
policycheck watch policy.json spec.yaml
policycheck watch policies/ spec.yaml --quiet --timeout 10
"""
_MILLISECONDS = 500
"""How long one wait for changes lasts."""

_ENDINGS = (".json", ".yaml", ".yml", ".toml", ".tf")


def _watch(**parameters: Any) -> int:
    """Prove again whenever a file changes.

    Arguments and options are those of prove. Files beside the inputs are watched too,
    as a spec may compare with them. Control-C ends it (exit code 130). It needs
    watchfiles: pip install 'policycheck[watch]'.
    """
    watching = _watcher()
    names = list(_names(parameters))
    if STDIN in names:
        raise click.UsageError("standard input (-) does not change: name a file")
    streams = Streams(quiet=bool(parameters["quiet"]))
    for number, changed in enumerate(_changes(watching, names)):
        if number and not changed:
            continue
        if number:
            streams.note(f"{datetime.now().astimezone():%H:%M:%S} changed: {', '.join(changed)}")
        _run(parameters, streams)
    return 0


command = Command(
    "watch", params=prove.params, callback=_watch, help=_watch.__doc__, examples=_EXAMPLES
)


def _watcher() -> Any:
    """The module that waits for changes. Raises ClickException if it is not installed."""
    try:
        import watchfiles  # noqa: PLC0415 -- an extra
    except ImportError:
        message = "watch needs the package watchfiles: pip install 'policycheck[watch]'"
        raise click.ClickException(message) from None
    return watchfiles


def _changes(watching: Any, names: Sequence[str]) -> Iterator[list[str]]:
    """The names of the files that changed, now and then of none; the first is when watching has
    begun, so that no change is missed while a run lasts."""
    has_folders = any(Path(name).is_dir() for name in names)
    for found in watching.watch(
        *_places(names),
        recursive=has_folders,
        watch_filter=_is_input,
        rust_timeout=_MILLISECONDS,
        yield_on_timeout=True,
    ):
        yield sorted({Path(path).name for _, path in found})


def _run(parameters: Mapping[str, Any], streams: Streams) -> None:
    """One run of prove; an input that cannot be used now may be usable after the next change."""
    try:
        code = click.get_current_context().invoke(prove, **parameters)
    except click.ClickException as error:
        error.show()
    else:
        if code == exits.INTERRUPTED:
            raise KeyboardInterrupt
    sys.stdout.flush()
    streams.note("waiting for changes; Control-C ends it")


def _names(parameters: Mapping[str, Any]) -> Iterator[str]:
    """The inputs that the command line names."""
    for one in command.params:
        if isinstance(one, click.Argument) or one.name == "manifest":
            value = parameters[str(one.name)]
            yield from [value] if isinstance(value, str) else value or ()


def _places(names: Iterable[str]) -> set[Path]:
    """The directories in which something may change: editors replace files."""
    paths = [Path(name) for name in names]
    found = {one if one.is_dir() else one.absolute().parent for one in paths}
    return {one for one in found if one.is_dir()}


def _is_input(_change: object, path: str) -> bool:
    return path.endswith(_ENDINGS)
