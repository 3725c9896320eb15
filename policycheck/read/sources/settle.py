"""A policy whose references are settled: to the API at hand, to symbols, or not at all.

Sound because a request's resource is always one of this API's own: in a Resource, the region and
the account of the deployment are those of the request, and the API's own ARN is what the shorthand
``execute-api:/`` stands for (semantics A6). A symbol is a text in the place of one under a
StringEquals operator, where no character of it is a wildcard, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.arn import FIELDS
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.patterns import split_arn
from policycheck.read.sources.budget import check_size
from policycheck.read.sources.private import texts
from policycheck.read.sources.unresolved import (
    SYMBOL,
    Own,
    Reference,
    References,
    unknown_values,
)

SERVICE = "execute-api"
CURRENT_VERSION = "2012-10-17"

Readers = Mapping[str, Callable[[Node], Node]]

_EQUALS = re.compile(
    r"(?:For(?:Any|All)Values:)?String(?:Not)?Equals(?:IgnoreCase)?(?:IfExists)?", re.IGNORECASE
)


@dataclass(frozen=True)
class Deployment:
    """Where the document is deployed, as far as that is known."""

    partition: str = "aws"
    region: str | None = None
    account: str | None = None


def settled(node: Node, references: References, deployment: Deployment) -> Node:
    """The policy without references. Raises InputError with those that cannot be settled."""
    check_size(node)
    _check_names(node)
    has_symbols = references.leave_open and _has_variables(node)
    settler = _Settler(references, deployment, [], [], has_symbols)
    found = settler.policy(node)
    if settler.open or settler.errors:
        raise InputError([*settler.errors, *unknown_values(settler.open)])
    return found


def _check_names(node: Node) -> None:
    """Raises InputError if the policy itself names a symbol, as a key or a policy variable."""
    for one in texts(node):
        if SYMBOL in one.value.lower():
            message = f"names with {SYMBOL} are kept for values that stay open"
            raise InputError([Diagnostic("RESERVED_NAME", message, one.span, "", "rename it")])


def _has_variables(node: Node) -> bool:
    """Whether a policy has policy variables, which symbols are written as."""
    version = node.get("Version") if isinstance(node, MapNode) else None
    return isinstance(version, TextNode) and version.value == CURRENT_VERSION


@dataclass(frozen=True)
class _Settler:
    references: References
    deployment: Deployment
    open: list[Reference]
    errors: list[Diagnostic]
    has_symbols: bool

    def policy(self, node: Node) -> Node:
        if not isinstance(node, MapNode):
            return self.other(node)
        return self._map(node, {"Statement": self.statements})

    def statements(self, node: Node) -> Node:
        if isinstance(node, ListNode):
            return ListNode(tuple(map(self.statements, node.items)), node.span)
        if not isinstance(node, MapNode):
            return self.other(node)
        readers: Readers = {"Resource": self.resources, "NotResource": self.resources}
        if self.has_symbols:
            readers = {**readers, "Condition": self.condition}
        return self._map(node, readers)

    def condition(self, node: Node) -> Node:
        """A condition block; what StringEquals compares with may be a symbol."""
        if not isinstance(node, MapNode):
            return self.other(node)
        readers = {key.value: self.texts for key, _ in node.entries if _EQUALS.fullmatch(key.value)}
        return self._map(node, readers)

    def texts(self, node: Node) -> Node:
        """The keys of such an operator, with their values."""
        if not isinstance(node, MapNode):
            return self.other(node)
        return MapNode(
            tuple((self._text(key), self._values(value)) for key, value in node.entries), node.span
        )

    def _values(self, node: Node) -> Node:
        if isinstance(node, ListNode):
            return ListNode(tuple(map(self._open_text, node.items)), node.span)
        if isinstance(node, TextNode):
            found = self.references.within(node.value)
            if len(found) < len(node.value) or all(one.is_text for one in found):
                return self._open_text(node)
        return self.other(node)

    def _open_text(self, node: Node) -> Node:
        """A text with symbols for its references."""
        if not isinstance(node, TextNode):
            return self.other(node)
        written = (
            self.references.symbol(found) if (found := self.references.of(char)) else char
            for char in node.value
        )
        return replace(node, value="".join(written))

    def _map(self, node: MapNode, readers: Readers) -> MapNode:
        entries = []
        for key, value in node.entries:
            reader = readers.get(key.value, self.other)
            entries.append((self._text(key), reader(value)))
        return MapNode(tuple(entries), node.span)

    def other(self, node: Node) -> Node:
        """A part of the policy in which no reference may be left."""
        match node:
            case TextNode():
                return self._text(node)
            case ListNode(items):
                return ListNode(tuple(map(self.other, items)), node.span)
            case MapNode():
                return self._map(node, {})
            case _:
                return node

    def _text(self, node: TextNode) -> TextNode:
        found = self.references.within(node.value)
        self.open.extend(found)
        return replace(node, value=self.references.shown(node.value)) if found else node

    def resources(self, node: Node) -> Node:
        if isinstance(node, TextNode):
            found = tuple(self._resource(node))
            return found[0] if len(found) == 1 else ListNode(found, node.span)
        if not isinstance(node, ListNode):
            return self.other(node)
        items: list[Node] = []
        for item in node.items:
            items.extend(
                self._resource(item) if isinstance(item, TextNode) else (self.other(item),)
            )
        return ListNode(tuple(items), node.span)

    def _resource(self, node: TextNode) -> Iterator[TextNode]:
        if not self.references.within(node.value):
            yield node
            return
        fields = split_arn(node.value, variables=True)
        if len(fields) == FIELDS and _is_foreign(fields, self.references):
            yield replace(node, value=self._closed(node.value))
            return
        if len(fields) < FIELDS or fields[2] != SERVICE or not self._is_placed(fields):
            yield self._text(node)
            return
        last = fields[5]
        first = self.references.of(last[0]) if last else None
        rest = last[1:] if first else last
        if self.references.within(rest) or (first and first.own is not Own.API):
            yield self._text(node)
        elif first is None:
            yield replace(node, value=":".join((*map(self._open, fields[:5]), last)))
        elif self._is_own(fields):
            yield from (replace(node, value=value) for value in _own(rest, self.deployment))
        else:
            message = "the API's own id stands in an ARN of another partition, region or account"
            advice = "give --parameter AWS::Partition=..., AWS::Region=... or AWS::AccountId=..."
            self.errors.append(Diagnostic("FOREIGN_ARN", message, node.span, "", advice))
            yield node

    def _closed(self, text: str) -> str:
        """An ARN of another service, which matches no request whatever its references are."""
        return "".join("this" if self.references.of(char) else char for char in text)

    def _is_placed(self, fields: tuple[str, ...]) -> bool:
        """Whether references before the last field are whole fields, and where they belong."""
        wanted = (None, None, None, Own.REGION, Own.ACCOUNT)
        for field, own in zip(fields[:5], wanted, strict=True):
            found = self.references.within(field)
            if found and (len(field) > 1 or own is None or found[0].own is not own):
                return False
        return True

    def _open(self, field: str) -> str:
        return "*" if self.references.within(field) else field

    def _is_own(self, fields: tuple[str, ...]) -> bool:
        """Whether the place that an ARN names is that of the deployment."""
        here = self.deployment
        wanted = (here.partition, here.region, here.account)
        return all(
            field in {"*", known} or self.references.within(field)
            for field, known in zip((fields[1], fields[3], fields[4]), wanted, strict=True)
        )


def _is_foreign(fields: tuple[str, ...], references: References) -> bool:
    """Whether an ARN names a service that is surely another one; a value before it may have colons,
    and so move it."""
    is_known = fields[0] == "arn" and not references.within(fields[1] + fields[2])
    return is_known and fields[2].isalnum()


def _own(tail: str, deployment: Deployment) -> Iterator[str]:
    """The entries that match what the API's own ARN with ``tail`` behind it matches.

    A request has a slash behind the API's id. Without one the entry matches nothing; a ``*`` glued
    to the id may be empty, or begin with that slash.
    """
    if tail.startswith("/"):
        yield f"{SERVICE}:{tail}"
    elif tail.startswith("?"):
        yield f"{SERVICE}:/{tail[1:]}"
    elif tail.startswith("*"):
        yield f"{SERVICE}:/{tail}"
        rest = tail.lstrip("*")
        if rest.startswith("/"):
            yield f"{SERVICE}:{rest}"
        elif rest.startswith("?"):
            yield f"{SERVICE}:/{rest[1:]}"
    else:
        yield f"arn:{deployment.partition}:{SERVICE}:*:*:this-api{tail.partition('/')[0]}"
