"""What --manifest names: policies, and what each of them is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from functools import lru_cache
from pathlib import Path

import click

import policycheck as pc
from policycheck.cli.inputs import missing_assertion, only, sources
from policycheck.cli.streams import Streams
from policycheck.cli.texts import count_sources
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.fleet.proving import Task
from policycheck.fleet.reading import Input
from policycheck.model.assertion import Spec
from policycheck.model.environment import Environment
from policycheck.model.manifest import Entry
from policycheck.model.verdict import Failure
from policycheck.solve.limits import Limits

SPECS = 64
"""How many specs are remembered; a manifest names them in any order."""


@dataclass
class Tasks:
    """The tasks of a manifest, made one at a time; ``limits`` count where it says none.

    What is wrong with a spec, or with what is wanted of it, stands before the first policy that
    it is for; such policies are only read.
    """

    entries: tuple[Entry, ...]
    limits: Limits
    streams: Streams
    _shown: set[tuple[Path | None, tuple[str, ...]]] = field(default_factory=set)

    def __iter__(self) -> Iterator[Task]:
        for entry in self.entries:
            limits = limits_of(entry, self.limits)
            spec, errors = _spec(entry.spec, entry.assertions)
            if (entry.spec, entry.assertions) not in self._shown:
                self._shown.add((entry.spec, entry.assertions))
                if errors:
                    yield Task(Failure(str(entry.spec), _placed(errors, entry)), None, limits)
                elif spec:
                    self.streams.report(spec.warnings)
            judged = spec and replace(spec, warnings=())
            for source in policies(entry, self.streams, leave_open=True):
                yield Task(source, judged, limits)

    def count(self) -> int:
        """How many files are named, at most."""
        return count_sources(entry.policy for entry in self.entries)


def limits_of(entry: Entry, usual: Limits) -> Limits:
    """The limits of an entry, which may name a time of its own."""
    return replace(usual, seconds=entry.timeout or usual.seconds)


def given(manifest: str, arguments: Sequence[str]) -> tuple[Entry, ...]:
    """The entries of a manifest, which takes the place of arguments. Raises InputError."""
    if arguments:
        raise click.UsageError("with --manifest there are no policies as arguments")
    from policycheck.read.manifest import load_manifest  # noqa: PLC0415 -- few runs need it

    return load_manifest(manifest).entries


def policies(entry: Entry, streams: Streams, *, leave_open: bool = False) -> Iterator[Input]:
    """The policies that an entry names; an error about a whole file has its place in the manifest.

    ``leave_open``: values that are not given may stay open.
    """
    for found in sources([entry.policy], streams, leave_open=leave_open, more=True):
        if isinstance(found, Failure):
            errors = tuple(replace(one, span=one.span or entry.span) for one in found.diagnostics)
            yield Failure(found.name, errors)
        else:
            yield found


def environments(
    entries: Iterable[Entry], known: Environment, usual: Limits, streams: Streams
) -> Iterator[tuple[Input, Environment, Limits]]:
    """Each policy of a manifest with what its spec says of its API, ``known`` without a spec.

    A spec that cannot be read stands in the place of a policy, once for each entry.
    """
    for entry in entries:
        limits = limits_of(entry, usual)
        try:
            found = _environment(entry.spec) if entry.spec else known
        except InputError as error:
            yield Failure(str(entry.spec), _placed(error.diagnostics, entry)), known, limits
            continue
        for source in policies(entry, streams):
            yield source, found, limits


@lru_cache(SPECS)
def _environment(spec: Path) -> Environment:
    return pc.load_environment(spec)


@lru_cache(SPECS)
def _spec(path: Path | None, wanted: tuple[str, ...]) -> tuple[Spec | None, tuple[Diagnostic, ...]]:
    """The spec with the assertions that are wanted, or what is wrong with it."""
    if path is None:
        advice = "write spec: spec.yaml into the entry, or under defaults"
        return None, (Diagnostic("NO_SPEC", "a policy without a spec", help=advice),)
    try:
        found = pc.load_spec(path)
    except InputError as error:
        return None, error.diagnostics
    complaints = filter(None, (missing_assertion(found, name) for name in wanted))
    errors = tuple(Diagnostic("UNKNOWN_ASSERTION", f"{path}: {one}") for one in complaints)
    return (None, errors) if errors else (only(found, wanted), ())


def _placed(errors: tuple[Diagnostic, ...], entry: Entry) -> tuple[Diagnostic, ...]:
    """The errors, with the place in the manifest where they have none of their own."""
    spans = entry.assertion_spans if errors[0].code == "UNKNOWN_ASSERTION" else ()
    place = next(iter(spans), entry.spec_span or entry.span)
    return tuple(replace(one, span=one.span or place) for one in errors)
