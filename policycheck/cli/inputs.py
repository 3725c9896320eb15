"""Policies, specs and requests from what the command line names."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

import policycheck as pc
from policycheck.cli.streams import Streams
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source, Span, nearest
from policycheck.model.assertion import Spec
from policycheck.model.keys import KeySpace
from policycheck.model.policy import Policy
from policycheck.model.request import Request
from policycheck.model.verdict import Failure
from policycheck.read.files import STDIN, read_source
from policycheck.read.git import is_git, read_git
from policycheck.read.keys_used import check_keys
from policycheck.read.policy import load_policy, parse_policy


@dataclass(frozen=True)
class Policies:
    """The policies that could be read, and the inputs that could not."""

    read: tuple[Policy, ...]
    failures: tuple[Failure, ...]


def once(*names: str) -> None:
    """Raises UsageError if more than one input is standard input."""
    if names.count(STDIN) > 1:
        raise click.UsageError("standard input (-) can be only one of the inputs")


def read_policies(names: Sequence[str], streams: Streams) -> Policies:
    """Every policy that is named; a directory stands for the policies below it.

    One that cannot be read does not stop the rest.
    """
    found: list[Policy] = []
    failures: list[Failure] = []
    for name in names:
        for path in _below(name, streams, failures) if Path(name).is_dir() else (name,):
            try:
                found.append(load_policy(path))
            except InputError as error:
                failures.append(Failure(path, error.diagnostics))
    return Policies(tuple(found), tuple(failures))


def read_policy(name: str, streams: Streams, keys: KeySpace | None = None) -> Policy:
    """One policy; its warnings are shown, those about condition keys as ``keys`` has them.

    ``git:REV:PATH`` is a file as it is in a commit. Raises InputError.
    """
    policy = parse_policy(read_git(name)) if is_git(name) else load_policy(name)
    streams.report((*policy.warnings, *check_keys(policy, keys or KeySpace())))
    return policy


def _below(name: str, streams: Streams, failures: list[Failure]) -> Iterator[str]:
    """The JSON files below a directory that hold, or should hold, a policy; hidden ones do not."""
    count = 0
    for path in _files(Path(name)):
        if _is_something_else(path):
            streams.note(f"{path} is no policy, as it has no Statement: passed over")
            continue
        count += 1
        yield str(path)
    if not count:
        message = f"there is no policy in the directory {name}"
        advice = "policies are files whose names end in .json"
        failures.append(Failure(name, (Diagnostic("FILE_NOT_FOUND", message, help=advice),)))


def _files(top: Path) -> Iterator[Path]:
    for directory, below, files in os.walk(top):
        below[:] = sorted(one for one in below if not one.startswith("."))
        for file in sorted(files):
            if file.endswith(".json") and not file.startswith("."):
                yield Path(directory, file)


def _is_something_else(path: Path) -> bool:
    """Whether a file is JSON without a Statement; what is not JSON is an error that is shown."""
    try:
        data = json.loads(read_source(path).text)
    except (InputError, ValueError, RecursionError):
        return False
    return not (isinstance(data, dict) and any(key.lower() == "statement" for key in data))


def only(spec: Spec, wanted: Sequence[str]) -> Spec:
    """The spec with the assertions whose ids are ``wanted``; with all of them if none is.

    Raises BadParameter for an id that the spec does not have.
    """
    known = {assertion.id for assertion in spec.assertions}
    for name in wanted:
        if name not in known:
            meant = nearest(name, known)
            advice = f"; did you mean {meant}?" if meant else ""
            raise click.BadParameter(
                f"the spec has no assertion {name}{advice}", param_hint="--assertion"
            )
    chosen = [one for one in spec.assertions if not wanted or one.id in wanted]
    return replace(spec, assertions=tuple(chosen))


def read_request(given: str) -> Request:
    """The request in a file, on standard input, or given as JSON itself. Raises InputError."""
    inline = given.lstrip().startswith("{")
    source = Source("<request>", given) if inline else read_source(given)
    try:
        return pc.parse_request(source.text)
    except InputError as error:
        raise InputError([_placed(one, source) for one in error.diagnostics]) from None


def _placed(found: Diagnostic, source: Source) -> Diagnostic:
    """The diagnostic with the name of the source that the request was read from."""
    whole = Span(source, 0, 1)
    return replace(found, span=replace(found.span, source=source) if found.span else whole)
