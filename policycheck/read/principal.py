"""Principal and NotPrincipal (semantics A3, A4)."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, nearest
from policycheck.model.policy import PrincipalElement, PrincipalId, PrincipalKind
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.literal_error import LiteralError
from policycheck.read.principal_ids import EVERYONE, PARSERS, is_service
from policycheck.read.shape import literal_error, mismatch, texts, warning

_NAME = "name the account, user or role that is meant, under AWS"


def parse_principal(
    node: Node, diagnostics: list[Diagnostic], *, negated: bool
) -> PrincipalElement | None:
    """A Principal element, or NotPrincipal if ``negated``; None if nothing of it can be read."""
    element = "NotPrincipal" if negated else "Principal"
    if isinstance(node, TextNode):
        ids = tuple(_bare(node, element, diagnostics))
    elif isinstance(node, MapNode):
        ids = tuple(_entries(node, element, diagnostics))
    else:
        advice = 'write "*" or {"AWS": [...]}' if isinstance(node, ListNode) else 'write "*"'
        wanted = f'{element}, "*" or an object'
        diagnostics.append(mismatch(node, wanted, advice))
        return None
    return PrincipalElement(ids, negated, node.span) if ids else None


def _bare(node: TextNode, element: str, diagnostics: list[Diagnostic]) -> Iterator[PrincipalId]:
    if node.value == EVERYONE:
        yield PrincipalId(PrincipalKind.EVERYONE, span=node.span)
        return
    kind = "Service" if is_service(node.value) else "AWS"
    diagnostics.append(
        Diagnostic(
            "INVALID_PRINCIPAL_FORMAT",
            f'{element} is "*" or an object',
            node.span,
            "a string other than *",
            f'write {{"{kind}": {node.span.text}}}',
        )
    )


def _entries(node: MapNode, element: str, diagnostics: list[Diagnostic]) -> Iterator[PrincipalId]:
    if not node.entries:
        message = f"{element} is an empty object, so the statement would apply to nothing"
        diagnostics.append(
            Diagnostic("EMPTY_OBJECT_PRINCIPAL", message, node.span, "empty", 'write "*"')
        )
    for kind, values in node.entries:
        if kind.value not in PARSERS:
            diagnostics.append(_unknown_kind(kind))
            continue
        for value in texts(values, element, diagnostics, empty="EMPTY_ARRAY_PRINCIPAL"):
            yield from _entry(kind.value, value, diagnostics)


def _unknown_kind(kind: TextNode) -> Diagnostic:
    meant = nearest(kind.value, PARSERS)
    advice = f'write "{meant}"' if meant else f"write one of {', '.join(PARSERS)}"
    message = f'there is no kind of principal "{kind.value}"'
    return Diagnostic("INVALID_PRINCIPAL_KEY", message, kind.span, "unknown kind", advice)


def _entry(kind: str, value: TextNode, diagnostics: list[Diagnostic]) -> Iterator[PrincipalId]:
    try:
        found = PARSERS[kind](value.value)
    except LiteralError as error:
        diagnostics.append(literal_error(value, error))
        return
    if doubt := _doubt(found, value):
        diagnostics.append(doubt)
    yield PrincipalId(found.kind, found.value, value.span)


def _doubt(found: PrincipalId, value: TextNode) -> Diagnostic | None:
    match found.kind:
        case PrincipalKind.UNIQUE_ID:
            role = found.value.startswith("AROA")
            code = "INVALID_ROLE_REFERENCE" if role else "INVALID_USER_REFERENCE"
            message = "the id of an identity that was deleted; it matches nobody"
            return warning(code, message, value.span, "", _NAME)
        case PrincipalKind.FEDERATED:
            message = "a federated principal has a meaning in the trust policies of roles only"
            return warning("FEDERATED_PRINCIPAL_NOT_SUPPORTED", message, value.span, "", _NAME)
        case PrincipalKind.CANONICAL_USER:
            message = "a canonical user has a meaning in policies of Amazon S3 only"
            return warning("CANONICAL_USER_NOT_SUPPORTED", message, value.span, "", _NAME)
        case _:
            return None
