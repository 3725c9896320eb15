"""The options of commands that judge many policies, and what they stand for."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from policycheck.cli.streams import Streams
from policycheck.dataclass import dataclass
from policycheck.fleet.engine import Engine, InOrder

Run = Callable[..., int]

CACHE = "POLICYCHECK_CACHE_DIR"
"""The environment variable that has a directory for the cache; empty: none is used."""


@dataclass(frozen=True)
class Fleet:
    """How the work is spread: over ``jobs`` processes, or over the cluster of ``scheduler``."""

    jobs: int = 1
    scheduler: str | None = None

    def engine(self) -> Engine:
        """What applies the work to the policies; nothing is loaded that is not needed."""
        if self.scheduler is not None:
            from policycheck.fleet.cluster import Cluster  # noqa: PLC0415

            return Cluster(self.scheduler)
        if self.jobs > 1:
            from policycheck.fleet.processes import Processes  # noqa: PLC0415

            return Processes(self.jobs)
        return InOrder()


def fleet(run: Run) -> Run:
    """Adds --jobs, --engine and --scheduler, as ``fleet``."""

    @functools.wraps(run)
    def command(*, jobs: int, engine: str, scheduler: str | None, **parameters: Any) -> int:
        if (engine == "dask") is not (scheduler is not None):
            raise click.UsageError("--engine dask and --scheduler ADDRESS go together")
        count = jobs or _processors()
        return run(fleet=Fleet(1 if scheduler else count, scheduler), **parameters)

    return _jobs(_engine(_scheduler(command)))


def _processors() -> int:
    """The processors that this process may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


_jobs = click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="How many processes work; 0: one for each processor.",
)
_engine = click.option(
    "--engine",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    show_default=True,
    help="Processes of this machine, or the workers of a Dask cluster.",
)
_scheduler = click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The scheduler of the Dask cluster, such as tcp://127.0.0.1:8786.",
)


def cached(run: Run) -> Run:
    """Adds --cache-dir and --no-cache, as ``cache``: a directory that can be used, or None."""

    @functools.wraps(run)
    def command(
        *, streams: Streams, cache_dir: Path | None, no_cache: bool, **parameters: Any
    ) -> int:
        if no_cache and cache_dir is not None and not _is_from_environment():
            raise click.UsageError("--cache-dir and --no-cache exclude each other")
        found = None if no_cache else _usable(cache_dir, streams)
        return run(streams=streams, cache=found, **parameters)

    return _cache_dir(_no_cache(command))


def _is_from_environment() -> bool:
    source = click.get_current_context().get_parameter_source("cache_dir")
    return source is click.core.ParameterSource.ENVIRONMENT


def _usable(given: Path | None, streams: Streams) -> Path | None:
    """The directory, made and tried; None, after a note, where verdicts cannot be kept."""
    from policycheck.cache.directory import default_directory  # noqa: PLC0415 -- only if it is wanted
    from policycheck.cache.store import CacheError  # noqa: PLC0415
    from policycheck.cache.verdicts import shared_cache  # noqa: PLC0415

    directory = given or default_directory()
    if directory is None or (given is None and os.environ.get(CACHE) == ""):
        return None
    directory = directory.absolute()
    try:
        shared_cache(directory)
    except CacheError as error:
        streams.note(f"working without the cache in {directory}: {error}")
        return None
    return directory


_cache_dir = click.option(
    "--cache-dir",
    metavar="DIR",
    envvar=CACHE,
    type=click.Path(path_type=Path),
    help="Where verdicts are kept for further runs. Without: the user's cache directory. "
    f"Also by the environment variable {CACHE}; if it is empty, none are kept.",
)
_no_cache = click.option(
    "--no-cache", is_flag=True, help="Decide everything anew, and keep nothing."
)
