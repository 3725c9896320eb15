"""Serverless Framework files: ``provider.apiGateway.resourcePolicy`` and, as it was once,
``provider.resourcePolicy``.

Source: the framework's guide (API Gateway events, variables). Variables that read the file itself
are worked out; those that read options, environments or AWS are references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.model.environment import Authorization
from policycheck.model.facts import ApiFacts
from policycheck.model.route import ANY
from policycheck.read.document import BooleanNode, ListNode, MapNode, Node, NumberNode, TextNode
from policycheck.read.sources import cloudformation
from policycheck.read.sources.api_facts import authorizations, endpoint, stages
from policycheck.read.sources.found import (
    Found,
    FoundPolicy,
    RefusedPolicy,
    at,
    no_policy,
    text_of,
)
from policycheck.read.sources.intrinsics import Intrinsics
from policycheck.read.sources.nodes import listed, mapping, text
from policycheck.read.sources.private import check_document
from policycheck.read.sources.routes import OPEN, Pair, routes, with_preflight
from policycheck.read.sources.settle import settled
from policycheck.read.sources.unresolved import Own, Parameters, Reference, References

API = "ApiGatewayRestApi"
"""The logical id of the API that the framework makes."""

MAX_DEPTH = 32
DEFAULT_STAGE = "dev"

_VARIABLE = re.compile(r"\$\{(?P<body>[^${}]*)\}")
_OWN = {"aws:region": Own.REGION, "aws:accountId": Own.ACCOUNT}


def find(source: Source, root: Node, parameters: Parameters) -> Found:
    """The policy of a service, and those of its ``resources``. Raises InputError without any."""
    found: list[FoundPolicy | RefusedPolicy] = []
    check_document(root)
    if (one := _own(root, parameters)) is not None:
        found.append(one)
    resources = at(root, "resources")
    if isinstance(at(resources, "Resources"), MapNode) and resources is not None:
        try:
            found.extend(cloudformation.find(source, resources, parameters))
        except InputError as error:
            if any(one.code != "NO_POLICY_IN_DOCUMENT" for one in error.diagnostics):
                raise
    if not found:
        raise no_policy(source, "Serverless Framework file")
    return found


def _own(root: Node, parameters: Parameters) -> FoundPolicy | RefusedPolicy | None:
    statements = at(root, "provider", "apiGateway", "resourcePolicy")
    statements = statements or at(root, "provider", "resourcePolicy")
    if statements is None:
        return None
    service = _Service(root, parameters)
    try:
        return service.policy(statements)
    except InputError as error:
        return RefusedPolicy("", error)


class _Service:
    """One file."""

    def __init__(self, root: Node, parameters: Parameters) -> None:
        self.root, self.parameters = root, parameters
        self.references = References(leave_open=parameters.leave_open)
        resources = at(root, "resources") or MapNode((), root.span)
        self.intrinsics = Intrinsics(resources, parameters, self.references)
        self.intrinsics.apis = frozenset({API})
        self.intrinsics.is_complete = False

    def policy(self, statements: Node) -> FoundPolicy:
        """The policy that the framework makes of the statements."""
        filled = self.filled(statements, 0)
        found = self.intrinsics.resolve(filled)
        if not isinstance(found, ListNode):
            message = "resourcePolicy must be a list of statements"
            advice = "write - Effect: Allow"
            raise InputError(
                [Diagnostic("DATA_TYPE_MISMATCH", message, statements.span, "", advice)]
            )
        span = statements.span
        version = text("2012-10-17", span)
        node = mapping(span, Version=version, Statement=listed(found.items, span))
        policy = settled(node, self.references, self.intrinsics.deployment)
        symbols = tuple(self.references.symbols.values())
        return FoundPolicy("", policy, self._facts(), symbols)

    def filled(self, node: Node, depth: int) -> Node:
        """A node with its variables filled in. Raises InputError for those in a circle."""
        self.references.budget.value(node.span)
        if depth > MAX_DEPTH:
            message = "variables that stand for each other"
            raise InputError([Diagnostic("CIRCULAR_REFERENCE", message, node.span)])
        match node:
            case TextNode():
                return self._text(node, depth)
            case ListNode(items):
                return ListNode(tuple(self.filled(one, depth) for one in items), node.span)
            case MapNode(entries):
                pairs = tuple((key, self._entry(key, value, depth)) for key, value in entries)
                return MapNode(pairs, node.span)
            case _:
                return node

    def _entry(self, key: TextNode, value: Node, depth: int) -> Node:
        """The value of a key; what ``Fn::Sub`` takes has CloudFormation's variables."""
        if key.value == "Fn::Sub":
            return value
        return self.filled(value, depth)

    def _text(self, node: TextNode, depth: int) -> Node:
        value = node.value
        whole = _VARIABLE.fullmatch(value)
        if whole:
            return self._variable(whole["body"], node.span, depth)
        for _ in range(MAX_DEPTH):
            match = _VARIABLE.search(value)
            if match is None:
                break
            found = self._variable(match["body"], node.span, depth)
            value = value[: match.start()] + _written(found) + value[match.end() :]
            self.references.budget.text(value, node.span)
        return TextNode(value, node.span) if value != node.value else node

    def _variable(self, body: str, span: Span, depth: int) -> Node:
        name, comma, default = (part.strip() for part in body.partition(","))
        given = self.parameters.get(name)
        if given is not None:
            return TextNode(given, span)
        found = self._known(name, depth)
        if found is not None:
            return found
        if comma:
            quoted = default[:1] in {"'", '"'} and default[-1:] == default[:1]
            return (
                TextNode(default[1:-1], span)
                if quoted
                else self._variable(default, span, depth + 1)
            )
        shown = self.references.shown(name)
        return TextNode(self.references.mark(Reference(shown, span, _OWN.get(name))), span)

    def _known(self, name: str, depth: int) -> Node | None:
        if name.startswith("self:"):
            found = at(self.root, *name.removeprefix("self:").split("."))
            return self.filled(found, depth + 1) if found is not None else None
        if name == "sls:stage":
            stage = at(self.root, "provider", "stage")
            span = stage.span if stage else self.root.span
            given = self.parameters.get("opt:stage")
            if given is None and stage is not None:
                return self.filled(stage, depth + 1)
            return TextNode(given or DEFAULT_STAGE, span)
        return None

    def _facts(self) -> ApiFacts:
        kind = at(self.root, "provider", "endpointType")
        types = [text_of(self.filled(kind, 0))] if kind else []
        callers = authorizations(self._types())
        known = routes(self._route_pairs())
        return ApiFacts(endpoint(types), callers, self._stages(), self.intrinsics.arn(), known)

    def _route_pairs(self) -> Iterator[Pair]:
        """The methods and paths of the http events. Plugins and resources may make others."""
        resources = at(self.root, "resources")
        made = at(resources, "Resources")
        for _, one in made.entries if isinstance(made, MapNode) else ():
            if (text_of(at(one, "Type")) or "").startswith("AWS::ApiGateway::"):
                yield OPEN
        functions = at(self.root, "functions")
        is_plain = isinstance(resources, (MapNode, type(None))) and isinstance(functions, MapNode)
        if not is_plain or at(self.root, "plugins") is not None:
            yield OPEN
        for _, function in functions.entries if isinstance(functions, MapNode) else ():
            events = at(function, "events")
            items = events.items if isinstance(events, ListNode) else ()
            if not isinstance(function, MapNode) or not isinstance(events, (ListNode, type(None))):
                yield OPEN
            if any(isinstance(one, TextNode) and "$" in one.value for one in items):
                yield OPEN
        for event in self._events():
            yield from self._event_routes(self.filled(event, 0))

    def _event_routes(self, http: Node) -> Iterator[Pair]:
        """The routes of an event: ``GET path``, or a mapping with ``method`` and ``path``."""
        method, path = text_of(at(http, "method")), text_of(at(http, "path"))
        if isinstance(http, TextNode):
            method, _, path = http.value.strip().partition(" ")
        cors = at(http, "cors")
        route = (
            method and method.replace("*", ANY),
            None if path is None else "/" + path.strip().strip("/"),
        )
        is_closed = cors is None or (isinstance(cors, BooleanNode) and not cors.value)
        yield from (route,) if is_closed else with_preflight([route])

    def _stages(self) -> tuple[str, ...] | None:
        found = self._known("sls:stage", 0)
        value = found.value if isinstance(found, TextNode) else ""
        if found is None or not value or self.references.within(value):
            return None
        return stages([(value, found.span)])

    def _types(self) -> Iterator[str | None]:
        """The authorization type of each http event."""
        for event in self._events():
            yield _type(at(event, "authorizer"))

    def _events(self) -> Iterator[Node]:
        """What the http events of the functions say."""
        functions = at(self.root, "functions")
        for _, function in functions.entries if isinstance(functions, MapNode) else ():
            events = at(function, "events")
            for event in events.items if isinstance(events, ListNode) else ():
                if (http := at(event, "http")) is not None:
                    yield http


def _type(authorizer: Node | None) -> str | None:
    """The authorization type of an authorizer: ``aws_iam``, a function's name, or a mapping."""
    if authorizer is None:
        return "NONE"
    said = text_of(authorizer) or text_of(at(authorizer, "type"))
    if said and said.lower() == "aws_iam":
        return "AWS_IAM"
    if at(authorizer, "arn") is not None and ":userpool/" in (text_of(at(authorizer, "arn")) or ""):
        return Authorization.COGNITO.value.upper() + "_USER_POOLS"
    return "CUSTOM" if authorizer is not None else None


def _written(node: Node) -> str:
    match node:
        case TextNode(value):
            return value
        case NumberNode(value):
            return value
        case BooleanNode(value):
            return str(value).lower()
        case _:
            message = "a list or mapping stands inside a text"
            raise InputError([Diagnostic("DATA_TYPE_MISMATCH", message, node.span)])
