"""What a Terraform module says of an API besides its policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import tree_sitter

from policycheck.diagnostics import InputError
from policycheck.model.environment import Authorization, Endpoint
from policycheck.model.facts import ApiFacts
from policycheck.model.text import Pattern, glob
from policycheck.read.document import ListNode, Node, TextNode
from policycheck.read.sources import openapi
from policycheck.read.sources.api_facts import authorizations, endpoint, stages
from policycheck.read.sources.found import text_of
from policycheck.read.sources.hcl_files import API, Block, api_of
from policycheck.read.sources.hcl_lifecycle import is_ignored
from policycheck.read.sources.routes import OPEN, ROOT, Pair, ResourceTree, routes
from policycheck.read.sources.terraform_scope import REPEATED, Scope, address, without_indices
from policycheck.read.sources.terraform_texts import definition, is_empty

_STAGE = "aws_api_gateway_stage"
_STAGES = frozenset((_STAGE, "aws_api_gateway_deployment"))
"""The resources that make stages; a deployment does so if it has a stage_name that is not empty."""

_INTERPOLATION = re.compile(r'\$\{[^"{}]*\}')
_OTHER_ATTRIBUTE = re.compile(rf"{API}\.\w+(?:\[[^\]]*\])?\.(?!id$|root_resource_id$)\w+")
_ANONYMOUS = frozenset({Authorization.NONE})


def facts(scope: Scope) -> ApiFacts:
    """The facts about the API that the scope is about."""
    return _Parts(scope).facts()


class _Parts:
    """The parts of an API that stand in a module."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.module, self.api = scope, scope.module, scope.api

    def facts(self) -> ApiFacts:
        """All of them."""
        api = self.scope.api_block
        members = self.module.members(self.api)
        methods = [one for one in members if one.labels[0] == "aws_api_gateway_method"]
        callers = self._authorization(api, methods)
        own = [one for one in members if one.labels[0] in _STAGES]
        known = routes(self._route_pairs(api, methods))
        return ApiFacts(self._endpoint(api), callers, self._stages(own), self._arn(), known)

    def _route_pairs(self, api: Block | None, methods: list[Block]) -> Iterator[Pair]:
        """The methods and paths of the API: those of its body, and those of its resources.

        Another module that has the API may make others, and so may what is repeated.
        """
        tree = self._resource_tree()
        for one in methods:
            place = _owner(one.attribute("resource_id"))
            where = ROOT if place == self.api else tree.path(place)
            path = "/" if where == ROOT else where
            yield text_of(self.scope.value(one, "http_method")), path
        if self.module.has_open_members or self._is_made_elsewhere:
            yield OPEN
        if api is not None and api.attribute("body") is not None:
            yield from self._in_definition(self.scope.value(api, "body"))

    @property
    def _has_open_stages(self) -> bool:
        """Whether there is a stage of an API that is not known, or of several."""
        resources = self.module.typed("resource")
        made = (one for one in resources if one.labels[:1] and one.labels[0] in _STAGES)
        apis = {api_of(one) for one in made} - {self.api}
        return any(not one.startswith(f"{API}.") or REPEATED.search(one) for one in apis)

    @property
    def _is_made_elsewhere(self) -> bool:
        """Whether parts of the API may stand where they are not read: in a file that is none of
        Terraform's blocks, or in another module that gets the API."""
        outputs = (one.attribute("value") for one in self.module.typed("output"))
        is_given = any(one is not None and self._gives_away(one) for one in outputs)
        return not self.module.is_whole or is_given or self._has_open_modules

    @property
    def _has_open_modules(self) -> bool:
        """Whether another module gets the API, also by a local value."""
        return any(self._mentions(one.span.text) for one in self.module.typed("module"))

    def _gives_away(self, output: tree_sitter.Node) -> bool:
        """Whether an output has the API or its root; a URL or an ARN is no such thing."""
        written = (output.text or b"").decode()
        is_other = _is_url(written) or _OTHER_ATTRIBUTE.fullmatch(written)
        return not is_other and self._mentions(written)

    def _mentions(self, text: str) -> bool:
        """Whether a text has the API, or a local value where some of those have it."""
        name = without_indices(self.api)
        return name in text or ("local." in text and self._is_local)

    @cached_property
    def _is_local(self) -> bool:
        name = without_indices(self.api)
        return any(name in one.span.text for one in self.module.typed("locals"))

    def _in_definition(self, body: Node | None) -> Iterator[Pair]:
        try:
            found = definition(self.scope, body) if body else None
        except InputError:
            found = None
        yield from openapi.route_pairs(found) if found else (OPEN,)

    def _resource_tree(self) -> ResourceTree:
        found = {}
        for one in self.module.typed("resource"):
            if one.labels[:1] == ("aws_api_gateway_resource",):
                parent = _owner(one.attribute("parent_id"))
                is_root = parent is not None and parent.startswith(f"{API}.")
                part = text_of(self.scope.value(one, "path_part"))
                found[address(one)] = ROOT if is_root else parent, part
        return ResourceTree(found)

    def _endpoint(self, api: Block | None) -> Endpoint | None:
        if api is None:
            return None
        for block in api.blocks():
            if block.type == "endpoint_configuration" and not is_ignored(api, block.type):
                types = self.scope.value(block, "types")
                items = types.items if isinstance(types, ListNode) else ()
                return endpoint(map(text_of, items)) if items else None
        return None

    def _authorization(self, api: Block | None, methods: list[Block]) -> frozenset[Authorization]:
        found = [text_of(self.scope.value(one, "authorization")) for one in methods]
        known = authorizations(found)
        is_open = self._has_open_modules or self.module.has_open_methods or not self.module.is_whole
        if known and is_open:
            known |= _ANONYMOUS
        return known | self._authorization_of(self.scope.value(api, "body")) if api else known

    def _authorization_of(self, body: Node | None) -> frozenset[Authorization]:
        """Those of the methods in the definition; none at all may be that of one not known."""
        if body is None or is_empty(body):
            return frozenset()
        try:
            found = definition(self.scope, body)
        except InputError:
            found = None
        return openapi.authorizations(found) if found else _ANONYMOUS

    def _stages(self, members: list[Block]) -> tuple[str, ...] | None:
        found = [
            self.scope.value(one, "stage_name")
            for one in members
            if one.labels[0] == _STAGE or one.attribute("stage_name") is not None
        ]
        names = [(one.value, one.span) for one in found if isinstance(one, TextNode)]
        known = [one for one in names if not self.scope.references.within(one[0])]
        made = stages(one for one in known if one[0])
        is_open = len(known) < len(found) or self._has_open_stages or self._is_made_elsewhere
        return None if is_open else made or None

    def _arn(self) -> tuple[Pattern, ...] | None:
        if not (self.scope.assumed_partition or self.scope.references.has_own):
            return None
        texts = ("arn", self.scope.deployment.partition, "execute-api", "*", "*", "*")
        return tuple(map(glob, texts))


def _is_url(written: str) -> bool:
    """Whether an expression is a text with more in it than an interpolation."""
    left = _INTERPOLATION.sub("", written)
    return left[:1] == left[-1:] == '"' and len(left) > 2 and left.count('"') == 2


def _owner(reference: tree_sitter.Node | None) -> str | None:
    """The resource whose ``id`` or ``root_resource_id`` an expression is."""
    written = "".join((reference.text or b"").decode().split()) if reference else ""
    owner, _, attribute = written.rpartition(".")
    return owner if attribute in {"id", "root_resource_id"} else None
