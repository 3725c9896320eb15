"""Serverless Framework files: ``provider.apiGateway.resourcePolicy``, and the policies of
``resources``.

Source: the framework's guide (API Gateway events, variables). Variables that read the file itself
are worked out; those that read options, environments or AWS are references.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.model.facts import ApiFacts
from policycheck.model.route import Routes
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode
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
from policycheck.read.sources.routes import OPEN, routes
from policycheck.read.sources.serverless_events import clash, route_pairs, types
from policycheck.read.sources.serverless_merge import all_merged
from policycheck.read.sources.serverless_resources import (
    API,
    added_types,
    adds_to_api,
    changes_endpoint,
    check_own,
    closed,
    condition_of_api,
    elsewhere,
    template_of,
)
from policycheck.read.sources.serverless_variables import Variables
from policycheck.read.sources.serverless_versions import statements_of
from policycheck.read.sources.settle import settled
from policycheck.read.sources.unresolved import References


def find(source: Source, root: Node, parameters: Parameters) -> Found:
    """The policy of a service, and those of its ``resources``. Raises InputError without any."""
    found: list[FoundPolicy | RefusedPolicy] = []
    check_document(root)
    service = _Service(root, parameters)
    if (one := service.own()) is not None:
        found.append(one)
    if service.failure and not found:
        raise service.failure
    is_taken = bool(found)
    found.extend(one for one in service.others(source) if not (is_taken and one.resource == API))
    if not found:
        raise no_policy(source, "Serverless Framework file")
    return found


class _Service:
    """One file. ``failure`` says why its resources cannot be read."""

    def __init__(self, root: Node, parameters: Parameters) -> None:
        self.root, self.parameters = root, parameters
        self.references = References(leave_open=parameters.leave_open)
        self.variables = Variables(root, parameters, self.references)
        self.template = MapNode((), root.span)
        self.failure: InputError | None = None
        try:
            self.template = template_of(self.variables)
        except InputError as error:
            self.failure = error
        self.intrinsics = Intrinsics(self.template, parameters, self.references)
        self.intrinsics.apis = frozenset({API})
        self.intrinsics.is_complete = False

    def own(self) -> FoundPolicy | RefusedPolicy | None:
        """The policy that the framework gives its API; None if it gives none."""
        try:
            statements = statements_of(self.variables)
            return None if statements is None else self._policy(statements)
        except InputError as error:
            return RefusedPolicy("", error)

    def _policy(self, statements: Node) -> FoundPolicy:
        """The policy that the framework makes of the statements."""
        self._check_own()
        if self.failure:
            raise self.failure
        check_own(self.template)
        self._check_made(statements)
        found = self.intrinsics.resolve(statements)
        if isinstance(statements, TextNode) and self.variables.is_open(statements):
            raise elsewhere("the statements of the policy are", statements.span)
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

    def _check_made(self, statements: Node) -> None:
        """Raises InputError if no API is made: without a function that has an http event
        (apiGateway/index.js), or under a condition that does not hold."""
        condition = condition_of_api(self.template)
        name = text_of(condition) or ""
        is_made = condition is None or self.intrinsics.condition(name, condition.span) is not False
        may_add = at(self.root, "functions") is None or at(self.root, "plugins") is not None
        if not is_made or not (may_add or any(True for _ in self._events())):
            message = "the framework makes no API for this policy"
            advice = "give a function an http event, or check the file that has them"
            raise InputError([Diagnostic("NOT_DEPLOYED", message, statements.span, "", advice)])

    def _check_own(self) -> None:
        """Raises InputError if the API is one that is there already: restApi.js makes none then,
        and leaves the policy out."""
        other = self.variables.at("provider", "apiGateway", "restApiId")
        if other is not None:
            message = "the API has a restApiId, so that the framework gives it no policy"
            advice = "check the API that it names"
            raise InputError([Diagnostic("FOREIGN_API", message, other.span, "", advice)])

    def others(self, source: Source) -> Iterator[FoundPolicy | RefusedPolicy]:
        """The policies of the resources, which are merged into the framework's own template."""
        if not isinstance(at(self.template, "Resources"), MapNode):
            return
        try:
            whole = closed(self.template, self.variables)
            found = cloudformation.find(source, whole, self.parameters)
        except InputError as error:
            if any(one.code != "NO_POLICY_IN_DOCUMENT" for one in error.diagnostics):
                yield RefusedPolicy("resources", error)
            return
        for one in found:
            yield self._merged(one) if isinstance(one, FoundPolicy) else one

    def _merged(self, found: FoundPolicy) -> FoundPolicy:
        """A policy of an API to which the functions may add methods and a stage: that of the
        framework, or another one that has its place."""
        is_own = self.variables.at("provider", "apiGateway", "restApiId") is None
        if is_own and found.resource != API:
            return found
        callers = found.facts.authorizations | authorizations(self._types())
        facts = replace(found.facts, authorizations=callers, stages=None, routes=None)
        return replace(found, facts=facts)

    def _facts(self) -> ApiFacts:
        kind = self.variables.at("provider", "endpointType")
        said = [text_of(kind)] if kind else []
        own = None if changes_endpoint(self.template) else endpoint(said)
        is_open = adds_to_api(self.template, self.parameters)
        added = ("NONE", *added_types(self.template)) if is_open else ()
        callers = authorizations((*self._types(), *added))
        found = None if is_open else self._stages()
        known = None if is_open else self._routes()
        return ApiFacts(own, callers, found, self.intrinsics.arn(), known)

    def _routes(self) -> Routes | None:
        """The methods and paths of the http events. Plugins may make others."""
        if at(self.root, "plugins") is not None:
            return None
        pairs = [
            one
            for http in self._events()
            for one in ((OPEN,) if http is None else route_pairs(http, self.variables.is_open))
        ]
        found = routes(pairs)
        return None if found is None or clash(one.path for one in found) else found

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
        """The authorization types of the methods; None for one that is not known."""
        for http in self._events():
            yield from (None,) if http is None else types(http, self.variables.is_open)

    def _events(self) -> Iterator[Node | None]:
        """What the http events of the functions say; None for one that may be any."""
        found = self.variables.at("functions")
        items = found.items if isinstance(found, ListNode) else (found,)
        given = [one for one in items if not isinstance(one, NullNode | None)]
        known = [one for one in given if isinstance(one, MapNode)]
        if len(known) < len(given):
            yield None
        for _, function in all_merged(known, self.root).entries:
            yield from self._of_function(function)

    def _of_function(self, function: Node) -> Iterator[Node | None]:
        events = at(function, "events")
        if not isinstance(function, MapNode | NullNode) or isinstance(events, TextNode | MapNode):
            yield None
        for event in events.items if isinstance(events, ListNode) else ():
            http = at(event, "http")
            if self.variables.is_open(event) or self.variables.is_open(http):
                yield None
            elif not isinstance(http, NullNode | None):
                yield http
