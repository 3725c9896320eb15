"""Serverless Framework files: ``provider.apiGateway.resourcePolicy`` and, as it was once,
``provider.resourcePolicy``.

Source: the framework's guide (API Gateway events, variables). Variables that read the file itself
are worked out; those that read options, environments or AWS are references.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.facts import ApiFacts
from policycheck.model.route import ANY
from policycheck.read.document import BooleanNode, ListNode, MapNode, Node, TextNode
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
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.private import check_document
from policycheck.read.sources.routes import OPEN, Pair, routes, with_preflight
from policycheck.read.sources.serverless_resources import (
    API,
    adds_to_api,
    changes_endpoint,
    check_own,
    closed,
    templates,
)
from policycheck.read.sources.serverless_variables import Variables
from policycheck.read.sources.settle import settled
from policycheck.read.sources.unresolved import References


def find(source: Source, root: Node, parameters: Parameters) -> Found:
    """The policy of a service, and those of its ``resources``. Raises InputError without any."""
    found: list[FoundPolicy | RefusedPolicy] = []
    check_document(root)
    service = _Service(root, parameters)
    if (one := service.own()) is not None:
        found.append(one)
    try:
        made = templates(service.variables)
    except InputError:
        if not found:
            raise
        return found
    for template in made:
        found.extend(service.found_in(source, template))
    if not found:
        raise no_policy(source, "Serverless Framework file")
    return found


class _Service:
    """One file."""

    def __init__(self, root: Node, parameters: Parameters) -> None:
        self.root, self.parameters = root, parameters
        self.references = References(leave_open=parameters.leave_open)
        self.variables = Variables(root, parameters, self.references)
        resources = at(root, "resources")
        known = resources if isinstance(resources, MapNode) else MapNode((), root.span)
        self.intrinsics = Intrinsics(known, parameters, self.references)
        self.intrinsics.apis = frozenset({API})
        self.intrinsics.is_complete = False

    def own(self) -> FoundPolicy | RefusedPolicy | None:
        """The policy that the framework gives its API; None if it gives none."""
        try:
            statements = self.variables.at("provider", "apiGateway", "resourcePolicy")
            if statements is None:
                statements = self.variables.at("provider", "resourcePolicy")
            return None if statements is None else self._policy(statements)
        except InputError as error:
            return RefusedPolicy("", error)

    def _policy(self, statements: Node) -> FoundPolicy:
        """The policy that the framework makes of the statements."""
        self._check_own()
        made = templates(self.variables)
        for template in made:
            check_own(template)
        found = self.intrinsics.resolve(statements)
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
        return FoundPolicy("", policy, self._facts(made), symbols)

    def _check_own(self) -> None:
        """Raises InputError if the API is one that is there already: restApi.js makes none then,
        and leaves the policy out."""
        other = self.variables.at("provider", "apiGateway", "restApiId")
        if other is not None:
            message = "the API has a restApiId, so that the framework gives it no policy"
            advice = "check the API that it names"
            raise InputError([Diagnostic("FOREIGN_API", message, other.span, "", advice)])

    def found_in(self, source: Source, template: MapNode) -> Iterator[FoundPolicy | RefusedPolicy]:
        """The policies of a template that is merged into the framework's own."""
        if not isinstance(at(template, "Resources"), MapNode):
            return
        try:
            whole = closed(template, self.variables)
            found = cloudformation.find(source, whole, self.parameters)
        except InputError as error:
            if any(one.code != "NO_POLICY_IN_DOCUMENT" for one in error.diagnostics):
                yield RefusedPolicy("resources", error)
            return
        for one in found:
            yield self._merged(one) if isinstance(one, FoundPolicy) else one

    def _merged(self, found: FoundPolicy) -> FoundPolicy:
        """A policy of another API, to which the functions may add methods and a stage."""
        if self.variables.at("provider", "apiGateway", "restApiId") is None:
            return found
        callers = found.facts.authorizations | authorizations(self._types())
        facts = replace(found.facts, authorizations=callers, stages=None, routes=None)
        return replace(found, facts=facts)

    def _facts(self, made: tuple[MapNode, ...]) -> ApiFacts:
        kind = self.variables.at("provider", "endpointType")
        types = [text_of(kind)] if kind else []
        own = None if any(map(changes_endpoint, made)) else endpoint(types)
        is_open = any(map(adds_to_api, made))
        callers = authorizations((*self._types(), *(("NONE",) if is_open else ())))
        found = None if is_open else self._stages()
        known = None if is_open else routes(self._route_pairs())
        return ApiFacts(own, callers, found, self.intrinsics.arn(), known)

    def _route_pairs(self) -> Iterator[Pair]:
        """The methods and paths of the http events. Plugins may make others."""
        if at(self.root, "plugins") is not None:
            yield OPEN
        for http in self._events():
            yield from (OPEN,) if http is None else self._event_routes(http)

    def _event_routes(self, http: Node) -> Iterator[Pair]:
        """The routes of an event: ``GET path``, or a mapping with ``method`` and ``path``."""
        method, path = text_of(at(http, "method")), text_of(at(http, "path"))
        if isinstance(http, TextNode):
            method, _, path = http.value.strip().partition(" ")
        route = (
            method and method.replace("*", ANY),
            None if path is None else "/" + path.strip().strip("/"),
        )
        yield from with_preflight([route]) if _has_cors(http) else (route,)

    def _stages(self) -> tuple[str, ...] | None:
        """The stage of the API, which may have another name than that of the service
        (lib/plugins/aws/provider.js, getApiGatewayStage); None if it is not known."""
        own = self.variables.at("provider", "apiGateway", "stage")
        found = own or self.variables.stage(self.root.span)
        value = found.value if isinstance(found, TextNode) else ""
        if found is None or not value or self.references.within(value):
            return None
        return stages([(value, found.span)])

    def _types(self) -> Iterator[str | None]:
        """The authorization type of each method; preflight requests need none (cors.js)."""
        for http in self._events():
            yield None if http is None else self._type(at(http, "authorizer"))
            if _has_cors(http):
                yield "NONE"

    def _type(self, authorizer: Node | None) -> str | None:
        """The authorization type of an authorizer: ``aws_iam``, a function's name, or a mapping
        (authorization.js); None if it is not known."""
        kind = at(authorizer, "type")
        if self.variables.is_open(authorizer) or self.variables.is_open(kind):
            return None
        return _type(authorizer)

    def _events(self) -> Iterator[Node | None]:
        """What the http events of the functions say; None for one that may be any."""
        functions = self.variables.at("functions")
        for one in functions.items if isinstance(functions, ListNode) else (functions,):
            if not isinstance(one, MapNode | None):
                yield None
            for _, function in one.entries if isinstance(one, MapNode) else ():
                yield from self._of_function(function)

    def _of_function(self, function: Node) -> Iterator[Node | None]:
        events = at(function, "events")
        if not isinstance(function, MapNode) or not isinstance(events, ListNode | None):
            yield None
        for event in events.items if isinstance(events, ListNode) else ():
            http = at(event, "http")
            if self.variables.is_open(event) or self.variables.is_open(http):
                yield None
            elif http is not None:
                yield http


def _has_cors(http: Node | None) -> bool:
    cors = at(http, "cors")
    return cors is not None and not (isinstance(cors, BooleanNode) and not cors.value)


def _type(authorizer: Node | None) -> str | None:
    """The authorization type of an authorizer: ``aws_iam``, a function's name, or a mapping."""
    if authorizer is None:
        return "NONE"
    said = text_of(authorizer) or text_of(at(authorizer, "type"))
    if said and said.lower() == "aws_iam":
        return "AWS_IAM"
    if at(authorizer, "arn") is not None and ":userpool/" in (text_of(at(authorizer, "arn")) or ""):
        return "COGNITO_USER_POOLS"
    return "CUSTOM"
