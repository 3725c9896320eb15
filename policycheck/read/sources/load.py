"""The policies of a file, whatever its format. Only the reader that is needed is loaded."""

# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.policy import Policy
from policycheck.model.verdict import Failure
from policycheck.read.document import Node
from policycheck.read.files import read_source
from policycheck.read.json_text import parse_on
from policycheck.read.open_values import open_value
from policycheck.read.policy import policy_from_node
from policycheck.read.sources import detect
from policycheck.read.sources.detect import Format
from policycheck.read.sources.parameters import Parameters

if TYPE_CHECKING:
    from policycheck.read.sources.found import Found, FoundPolicy, RefusedPolicy


def load_policies(
    path: str | Path, parameters: Mapping[str, str] | None = None, *, leave_open: bool = False
) -> tuple[Policy, ...]:
    """Every policy in a file, in order; on standard input if ``path`` is ``-``.

    The file is a policy, or a document with policies (docs/sources.md). ``parameters`` gives values
    to what a document refers to; with ``leave_open`` a value that is not given may stay open, for
    ``prove`` alone. Raises InputError with everything that is wrong.
    """
    found = policies_of(read_source(path), Parameters(parameters, leave_open=leave_open))
    failed = [one for one in found if isinstance(one, Failure)]
    if failed:
        raise InputError(each for one in failed for each in one.diagnostics)
    return tuple(one for one in found if isinstance(one, Policy))


def policies_of(source: Source, parameters: Parameters) -> Sequence[Policy | Failure]:
    """The policies of a text, and in the place of one that cannot be read, why."""
    try:
        return tuple(_policies(source, parameters))
    except InputError as error:
        return (Failure(source.name, error.diagnostics),)


def _policies(source: Source, parameters: Parameters) -> Iterator[Policy | Failure]:
    diagnostics: list[Diagnostic] = []
    if detect.is_hcl(source):
        from policycheck.read.sources import terraform

        yield from _read(source, terraform.find(source, parameters))
        return
    root = _root(source, diagnostics)
    form = detect.format_of(root)
    if form is None:
        document = _document(root, source)
        yield policy_from_node(root, source, document, diagnostics)
        return
    if diagnostics:
        raise InputError(diagnostics)
    yield from _read(source, _found(form, source, root, parameters))


def _document(root: Node, source: Source) -> str | None:
    """The policy as JSON, if the text that has it alone is something else."""
    if not (detect.ESCAPED.match(source.text) or detect.is_yaml(source)):
        return None
    from policycheck.read.sources.json_form import json_text

    return json_text(root)


def _root(source: Source, diagnostics: list[Diagnostic]) -> Node:
    if detect.is_yaml(source):
        from policycheck.read.sources.tags import parse_template

        return parse_template(source)
    if detect.ESCAPED.match(source.text):
        from policycheck.read.sources.mapped import MappedText

        places = [(index, index + 1) for index in range(len(source.text))]
        text = MappedText(source.text, places, source).unescaped()
        return text.parse() if text else parse_on(source, diagnostics)
    return parse_on(source, diagnostics)


def _found(form: Format, source: Source, root: Node, parameters: Parameters) -> Found:
    """What the reader of a format finds. Raises InputError."""
    match form:
        case Format.API_ANSWER:
            from policycheck.read.sources import api_answer

            return api_answer.find(source, root)
        case Format.OPENAPI:
            from policycheck.read.sources import openapi

            return openapi.find(source, root)
        case Format.CLOUDFORMATION:
            from policycheck.read.sources import cloudformation

            return cloudformation.find(source, root, parameters)
        case Format.TERRAFORM_JSON:
            from policycheck.read.sources import terraform_json

            return terraform_json.find(source, root)
        case Format.SERVERLESS:
            from policycheck.read.sources import serverless

            return serverless.find(source, root, parameters)
        case Format.TERRAFORM:
            from policycheck.read.sources import terraform

            return terraform.find(source, parameters)


def _read(source: Source, found: Found) -> Iterator[Policy | Failure]:
    for one in found:
        name = f"{source.name}#{one.resource}" if one.resource else source.name
        try:
            yield _policy(source, one)
        except InputError as error:
            yield Failure(name, error.diagnostics)


def _policy(source: Source, found: FoundPolicy | RefusedPolicy) -> Policy:
    from policycheck.read.sources.found import RefusedPolicy
    from policycheck.read.sources.json_form import json_text
    from policycheck.read.sources.yaml_versions import check_scalars

    if isinstance(found, RefusedPolicy):
        raise found.error
    check_scalars(found.node)
    policy = policy_from_node(found.node, source, json_text(found.node))
    warnings = (*policy.warnings, *map(open_value, found.symbols))
    return replace(
        policy,
        resource=found.resource,
        facts=found.facts,
        symbols=found.symbols,
        warnings=warnings,
    )
