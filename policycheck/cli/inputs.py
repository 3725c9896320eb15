"""Policies, specs and requests from what the command line names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import click

import policycheck as pc
from policycheck.cli.sources import (
    check_parameters,
    given_parameters,
    is_part,
    named_policies,
)
from policycheck.cli.streams import Streams
from policycheck.cli.texts import is_several, texts_of
from policycheck.diagnostics import Diagnostic, InputError, Source, Span, nearest
from policycheck.fleet.reading import Input
from policycheck.model.assertion import Spec
from policycheck.model.keys import KeySpace
from policycheck.model.policy import Policy
from policycheck.model.request import Request
from policycheck.model.verdict import Failure
from policycheck.read.files import STDIN, read_source
from policycheck.read.keys_used import check_keys
from policycheck.read.sources.detect import is_document
from policycheck.read.sources.parameters import Parameters


def once(*names: str) -> None:
    """Raises UsageError if more than one input is standard input."""
    if names.count(STDIN) > 1:
        raise click.UsageError("standard input (-) can be only one of the inputs")


def sources(
    names: Iterable[str], streams: Streams, *, leave_open: bool = False, more: bool = False
) -> Iterator[Input]:
    """The policies that are named, one at a time: the text of a bare one, each of a larger
    document, or why there is none.

    A directory stands for the policies below it, a glob for what it matches, in the order of their
    names; standard input is -. ``leave_open``: values that are not given may stay open; ``more``:
    others are read after these. Raises BadParameter.
    """
    parameters = given_parameters(leave_open=leave_open)
    return _sources(names, parameters, streams, more=more)


def _sources(
    names: Iterable[str], parameters: Parameters, streams: Streams, *, more: bool
) -> Iterator[Input]:
    for name in names:
        if is_part(name):
            found: Iterable[Input] = named_policies(name, parameters)
        else:
            found = _out_of(
                texts_of(name, streams), parameters, streams, may_have_none=is_several(name)
            )
        for one in found:
            _tell(one, streams)
            yield one
    if not more:
        check_parameters(parameters)


def _out_of(
    texts: Iterable[Source | Failure],
    parameters: Parameters,
    streams: Streams,
    *,
    may_have_none: bool,
) -> Iterator[Input]:
    """Each text that is a bare policy, and the policies of those that are larger documents."""
    for text in texts:
        if isinstance(text, Failure) or not is_document(text):
            yield text
            continue
        from policycheck.read.sources.load import policies_of  # noqa: PLC0415 -- not for policies

        for one in policies_of(text, parameters):
            if may_have_none and isinstance(one, Failure) and _has_none(one):
                streams.note(f"{one.name} has no resource policy: passed over")
            else:
                yield one


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
    _tell(policy, streams)
    streams.report((*policy.warnings, *check_keys(policy, keys or KeySpace())))
    return policy


def _several(name: str, found: Sequence[Policy | Failure]) -> Diagnostic:
    names = " or ".join(one.name for one in found)
    message = f"{name} has {len(found)} policies, and this command takes one"
    return Diagnostic("SEVERAL_POLICIES", message, help=f"write {names}")


def _tell(found: Input, streams: Streams) -> None:
    """Says what the document around a policy says of its API."""
    if isinstance(found, Policy) and found.facts:
        streams.note(f"{found.name} says of its API: {found.facts}")


def only(spec: Spec, wanted: Sequence[str]) -> Spec:
    """The spec with the assertions whose ids are ``wanted``; with all of them if none is.

    Raises BadParameter for an id that the spec does not have.
    """
    for name in wanted:
        if complaint := missing_assertion(spec, name):
            raise click.BadParameter(complaint, param_hint="--assertion")
    chosen = [one for one in spec.assertions if not wanted or one.id in wanted]
    return replace(spec, assertions=tuple(chosen))


def missing_assertion(spec: Spec, name: str) -> str:
    """What is wrong with the id of an assertion; empty if the spec has it."""
    known = {assertion.id for assertion in spec.assertions}
    if name in known:
        return ""
    meant = nearest(name, known)
    advice = f"; did you mean {meant}?" if meant else ""
    return f"the spec has no assertion {name}{advice}"


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
