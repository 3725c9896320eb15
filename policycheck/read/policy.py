"""Resource policies (semantics A)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from policycheck.diagnostics import Diagnostic, InputError, Level, Source, Span
from policycheck.model.policy import Effect, Policy, Statement
from policycheck.model.workflow import PolicyKind
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.files import read_source
from policycheck.read.json_text import parse_on
from policycheck.read.shape import elements, meant, mismatch, warning
from policycheck.read.statement import Dialect, parse_statement

ELEMENTS = ("Version", "Id", "Statement")
CURRENT_VERSION = "2012-10-17"
VERSIONS = (CURRENT_VERSION, "2008-10-17")

SIZE_QUOTA = 8192
"""The longest resource policy, in characters.
Source: APIGW/api-gateway-execution-service-limits-table."""

_STATEMENT = 'write "Statement": [{"Effect": ...}]'
_BLANKS = r'("(?:[^"\\]|\\.)*(?:"|\Z))|\s+'


def load_policy(path: str | Path, kind: PolicyKind = PolicyKind.RESOURCE) -> Policy:
    """The policy in a JSON file, or on standard input if ``path`` is ``-``.

    Raises InputError with everything that is wrong.
    """
    return parse_policy(read_source(path), kind)


def parse_policy(source: Source, kind: PolicyKind = PolicyKind.RESOURCE) -> Policy:
    """The policy that a JSON text is.

    An identity policy has no Principal, and its statements cover every caller; the shorthand
    ``execute-api:/`` of a private custom domain's policy is the domain. Raises InputError with
    everything that is wrong.
    """
    diagnostics: list[Diagnostic] = []
    node = parse_on(source, diagnostics)
    return _checked(node, source, diagnostics, kind)


def policy_from_node(
    node: Node, source: Source, document: str | None = None, diagnostics: Iterable[Diagnostic] = ()
) -> Policy:
    """The policy that a parsed document is; ``source`` is what the user wrote.

    ``document`` is the policy as JSON, if the source is something else; ``diagnostics`` is what is
    already known of it. Warnings go with the policy. Raises InputError with every error and
    warning, by position.
    """
    return _checked(node, source, list(diagnostics), PolicyKind.RESOURCE, document)


def _checked(
    node: Node,
    source: Source,
    diagnostics: list[Diagnostic],
    kind: PolicyKind,
    document: str | None = None,
) -> Policy:
    """``diagnostics`` holds what is already known to be wrong."""
    policy = _policy(node, source, diagnostics, kind)
    if policy is not None:
        diagnostics.extend(_size(node, node.span.text if document is None else document))
    ordered = sorted(diagnostics, key=_position)
    if policy is None or any(one.level is Level.ERROR for one in ordered):
        raise InputError(ordered)
    return replace(policy, warnings=tuple(ordered), document=document)


def _position(diagnostic: Diagnostic) -> tuple[int, int]:
    span = diagnostic.span
    return (span.start, span.end) if span else (0, 0)


def _policy(
    node: Node, source: Source, diagnostics: list[Diagnostic], kind: PolicyKind
) -> Policy | None:
    if not isinstance(node, MapNode):
        advice = 'write {"Version": "2012-10-17", "Statement": [...]}'
        diagnostics.append(mismatch(node, "a policy, an object", advice))
        return None
    if not {"Version", "Statement"} & {meant(key.value, ELEMENTS) for key, _ in node.entries}:
        diagnostics.append(_no_policy(node))
        return None
    found = elements(node, ELEMENTS, "a policy", diagnostics)
    version = _version(found["Version"][1], diagnostics) if "Version" in found else None
    if "Version" not in found:
        diagnostics.append(_missing_version(node))
    identifier = _id(found["Id"][1], diagnostics) if "Id" in found else None
    if "Statement" not in found:
        diagnostics.append(_no_policy(node))
        return None
    dialect = Dialect(kind, variables=version == CURRENT_VERSION)
    statements = tuple(_statements(found["Statement"][1], diagnostics, dialect))
    diagnostics.extend(_doubts(found["Statement"], statements))
    return Policy(statements, version, identifier, source)


def _no_policy(node: MapNode) -> Diagnostic:
    message = "this is no policy: it has no Statement"
    return Diagnostic("MISSING_STATEMENT", message, _start(node), "no Statement", _STATEMENT)


def _start(node: Node) -> Span:
    return Span(node.span.source, node.span.start, node.span.start + 1)


def _missing_version(node: MapNode) -> Diagnostic:
    message = "without a Version there are no policy variables"
    advice = f'write "Version": "{CURRENT_VERSION}"'
    return warning("MISSING_VERSION", message, _start(node), "no Version", advice)


def _version(node: Node, diagnostics: list[Diagnostic]) -> str | None:
    """The version; a wrong one is read as the current one, so that one slip gives one error."""
    advice = f'write "{CURRENT_VERSION}"'
    if not isinstance(node, TextNode):
        diagnostics.append(mismatch(node, "Version, a string", advice))
        return CURRENT_VERSION
    if node.value not in VERSIONS:
        message = f'Version is {" or ".join(VERSIONS)}, not "{node.value}"'
        diagnostics.append(Diagnostic("INVALID_VERSION", message, node.span, "", advice))
        return CURRENT_VERSION
    return node.value


def _id(node: Node, diagnostics: list[Diagnostic]) -> str | None:
    if isinstance(node, TextNode):
        return node.value
    diagnostics.append(mismatch(node, "Id, a string", "write it in quotes"))
    return None


def _statements(node: Node, diagnostics: list[Diagnostic], dialect: Dialect) -> Iterator[Statement]:
    if isinstance(node, ListNode) and not node.items:
        message = "a policy without a statement"
        diagnostics.append(Diagnostic("MISSING_STATEMENT", message, node.span, "empty", _STATEMENT))
    items = node.items if isinstance(node, ListNode) else (node,)
    for index, item in enumerate(items):
        found = parse_statement(item, index, diagnostics, dialect)
        if found:
            yield found


def _doubts(
    element: tuple[TextNode, Node], statements: tuple[Statement, ...]
) -> Iterator[Diagnostic]:
    count = len(element[1].items) if isinstance(element[1], ListNode) else 1
    if len(statements) == count > 0 and all(s.effect is Effect.DENY for s in statements):
        message = "no statement allows anything, so the policy alone refuses every request"
        yield warning("NO_ALLOW", message, element[0].span, "", "add an Allow statement")
    yield from _repeated_sids(statements)


def _repeated_sids(statements: tuple[Statement, ...]) -> Iterator[Diagnostic]:
    seen: dict[str, int] = {}
    for one in statements:
        if one.sid and one.sid in seen and one.span:
            message = f'statements {seen[one.sid]} and {one.index} have the same Sid "{one.sid}"'
            advice = "give each statement a Sid of its own"
            yield warning("UNIQUE_SIDS_RECOMMENDED", message, one.span, "", advice)
        if one.sid:
            seen.setdefault(one.sid, one.index)


def _size(node: Node, text: str) -> Iterator[Diagnostic]:
    if len(text) <= SIZE_QUOTA:
        return
    short = len(re.sub(_BLANKS, r"\1", text, flags=re.DOTALL))
    message = (
        f"the policy has {len(text)} characters ({short} without white space); "
        f"API Gateway's quota is {SIZE_QUOTA}"
    )
    advice = "shorten it, or ask AWS for a higher quota"
    yield warning("POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", message, _start(node), "", advice)
