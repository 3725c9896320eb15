"""Policies, specs and requests from what the command line names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

import policycheck as pc
from policycheck.cli.sources import check_parameters, given_parameters, named_policies
from policycheck.cli.streams import Streams
from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source, Span, nearest
from policycheck.model.assertion import Spec
from policycheck.model.keys import KeySpace
from policycheck.model.policy import Policy
from policycheck.model.request import Request
from policycheck.model.verdict import Failure
from policycheck.read.files import STDIN, read_source
from policycheck.read.keys_used import check_keys
from policycheck.read.sources.detect import ENDINGS, may_hold_policy


@dataclass(frozen=True)
class Policies:
    """The policies that could be read, and the inputs that could not."""

    read: tuple[Policy, ...]
    failures: tuple[Failure, ...]


def once(*names: str) -> None:
    """Raises UsageError if more than one input is standard input."""
    if names.count(STDIN) > 1:
        raise click.UsageError("standard input (-) can be only one of the inputs")


def read_policies(names: Sequence[str], streams: Streams, *, leave_open: bool = False) -> Policies:
    """Every policy that is named; a directory stands for the policies below it.

    One that cannot be read does not stop the rest.
    """
    found: list[Policy] = []
    failures: list[Failure] = []
    parameters = given_parameters(leave_open=leave_open)
    for name in names:
        is_directory = Path(name).is_dir()
        for path in _below(name, streams, failures) if is_directory else (name,):
            for one in named_policies(path, parameters):
                if isinstance(one, Policy):
                    found.append(one)
                elif is_directory and _has_none(one):
                    streams.note(f"{one.name} has no resource policy: passed over")
                else:
                    failures.append(one)
    check_parameters(parameters)
    _tell(found, streams)
    return Policies(tuple(found), tuple(failures))


def _has_none(found: Failure) -> bool:
    """Whether a document has no policy, although it might."""
    return any(one.code == "NO_POLICY_IN_DOCUMENT" for one in found.diagnostics)


def read_policy(
    name: str, streams: Streams, keys: KeySpace | None = None, *, more: bool = False
) -> Policy:
    """One policy; its warnings are shown, those about condition keys as ``keys`` has them.

    ``git:REV:PATH`` is a file as it is in a commit; ``more`` says that another policy is read
    after this one. Raises InputError.
    """
    parameters = given_parameters()
    found = named_policies(name, parameters)
    if len(found) != 1:
        raise InputError([_several(name, found)])
    policy = found[0]
    if isinstance(policy, Failure):
        raise InputError(policy.diagnostics)
    if not more:
        check_parameters(parameters)
    _tell(found, streams)
    streams.report((*policy.warnings, *check_keys(policy, keys or KeySpace())))
    return policy


def _several(name: str, found: Sequence[Policy | Failure]) -> Diagnostic:
    names = " or ".join(one.name for one in found)
    message = f"{name} has {len(found)} policies, and this command takes one"
    return Diagnostic("SEVERAL_POLICIES", message, help=f"write {names}")


def _tell(found: Iterable[Policy | Failure], streams: Streams) -> None:
    """Says what the documents around policies say of their APIs."""
    for one in found:
        if isinstance(one, Policy) and one.facts:
            streams.note(f"{one.name} says of its API: {one.facts}")


def _below(name: str, streams: Streams, failures: list[Failure]) -> Iterator[str]:
    """The files below a directory that hold, or should hold, a policy; hidden ones do not."""
    count = 0
    for path in _files(Path(name)):
        if _is_something_else(path):
            if path.suffix == ".json":
                streams.note(f"{path} is no policy, as it has no Statement: passed over")
            continue
        count += 1
        yield str(path)
    if not count:
        message = f"there is no policy in the directory {name}"
        advice = f"policies are in files whose names end in {', '.join(ENDINGS)}"
        failures.append(Failure(name, (Diagnostic("FILE_NOT_FOUND", message, help=advice),)))


def _files(top: Path) -> Iterator[Path]:
    for directory, below, files in os.walk(top):
        below[:] = sorted(one for one in below if not one.startswith("."))
        for file in sorted(files):
            if file.endswith(ENDINGS) and not file.startswith("."):
                yield Path(directory, file)


def _is_something_else(path: Path) -> bool:
    """Whether a file holds no policy; what is not JSON although it is called so is an error that
    is shown."""
    try:
        return not may_hold_policy(read_source(path))
    except InputError:
        return path.suffix != ".json"


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
