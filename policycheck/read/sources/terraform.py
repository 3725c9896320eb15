"""Terraform files: policies of ``aws_api_gateway_rest_api`` and ``..._rest_api_policy``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

import tree_sitter

from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.model.environment import Authorization, Endpoint
from policycheck.model.facts import ApiFacts
from policycheck.model.text import Pattern, glob
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode
from policycheck.read.json_text import parse_json
from policycheck.read.sources import openapi
from policycheck.read.sources.api_facts import authorizations, endpoint, stages
from policycheck.read.sources.budget import Budget, check_count
from policycheck.read.sources.found import (
    Found,
    FoundPolicy,
    RefusedPolicy,
    at,
    no_policy,
    policy_node,
    text_of,
)
from policycheck.read.sources.hcl_calls import called_with
from policycheck.read.sources.hcl_files import API, Block, Module, api_of, read_blocks, read_module
from policycheck.read.sources.hcl_lifecycle import check_lasting, check_made, is_ignored
from policycheck.read.sources.hcl_names import check_names
from policycheck.read.sources.hcl_types import converted
from policycheck.read.sources.hcl_values import HclValues
from policycheck.read.sources.iam_document import policy_document
from policycheck.read.sources.private import check_document
from policycheck.read.sources.routes import OPEN, ROOT, Pair, ResourceTree, routes
from policycheck.read.sources.settle import Deployment, settled
from policycheck.read.sources.unresolved import (
    Own,
    Parameters,
    Reference,
    References,
    unknown_values,
)

POLICY = "aws_api_gateway_rest_api_policy"

_STAGE = "aws_api_gateway_stage"
_STAGES = frozenset((_STAGE, "aws_api_gateway_deployment"))
"""The resources that make stages; a deployment does so if it has a stage_name that is not empty."""

_INDEX = re.compile(r"\[[^\]]*\]")
_ELEMENT = re.compile(r"(?P<list>[\w.-]+)\[(?P<index>[0-9]{1,6})\]")
_REPEATED = re.compile(r"\b(?:each|count)\.")
_OWN_KEY = re.compile(r"\[(?:each\.key|count\.index)\]$")
_INTERPOLATION = re.compile(r'\$\{[^"{}]*\}')
_OTHER_ATTRIBUTE = re.compile(rf"{API}\.\w+(?:\[[^\]]*\])?\.(?!id$|root_resource_id$)\w+")
_ANONYMOUS = frozenset({Authorization.NONE})
_IN_JSON = "a quote in it would change the JSON that it stands in; jsonencode escapes it"
_ANYWHERE = {"provider", "count", "for_each", "depends_on"}
_PLACES: Mapping[str, tuple[set[str], Own | None]] = {
    "aws_partition": ({"partition", "id"}, None),
    "aws_region": ({"name", "id", "region"}, Own.REGION),
    "aws_caller_identity": ({"account_id", "id"}, Own.ACCOUNT),
}


def find(source: Source, parameters: Parameters) -> Found:
    """The policies of a Terraform file, by the addresses of their resources.

    Variables, locals and policy documents may stand in the files beside it. Raises InputError if
    the file has no policy, or if it declares a name that its module has already.
    """
    blocks = read_blocks(source)
    named = check_names(source, read_module(source, blocks))
    module = replace(named, called_with=called_with(source))
    wanted = [
        one for one in blocks if one.type == "resource" and one.labels[:1] in {(API,), (POLICY,)}
    ]
    check_count(wanted, Span(source, 0, 1))
    budget = Budget()
    found = tuple(
        each for one in wanted if (each := _found(one, module, budget, parameters)) is not None
    )
    if not found:
        raise no_policy(source, "Terraform file", map(_address, wanted))
    return found


def _address(block: Block) -> str:
    return ".".join(block.labels)


def _found(
    block: Block, module: Module, budget: Budget, parameters: Parameters
) -> FoundPolicy | RefusedPolicy | None:
    references = References(budget, leave_open=parameters.leave_open)
    try:
        _check_override(block, module)
        return _Policy(module, references, parameters, block).policy()
    except InputError as error:
        return RefusedPolicy(_address(block), error)


def _check_override(block: Block, module: Module) -> None:
    if module.override:
        message = f"{module.override} changes what stands here, and override files are not read"
        advice = "give a plan: terraform show -json"
        raise InputError([Diagnostic("OVERRIDE_FILE", message, block.span, "", advice)])


class _Policy:
    """A module, seen from the resource whose policy is wanted."""

    def __init__(
        self, module: Module, references: References, parameters: Parameters, block: Block
    ) -> None:
        self.module = module
        self.references, self.parameters, self.block = references, parameters, block
        self.values: dict[int, HclValues] = {}
        self.api = self._own_api()
        self.assumed_partition = False
        self._pending: list[str] = []

    @property
    def deployment(self) -> Deployment:
        get = self.parameters.values.get
        return Deployment(get("AWS::Partition", "aws"), get("AWS::Region"), get("AWS::AccountId"))

    def policy(self) -> FoundPolicy | None:
        """The policy of the resource; None if it has none. Raises InputError."""
        node = self._written()
        if node is None:
            return None
        check_made(self.block, self.value)
        document = self._document(node)
        policy = settled(document, self.references, self.deployment)
        symbols = tuple(self.references.symbols.values())
        return FoundPolicy(_address(self.block), policy, self._facts(), symbols)

    def _written(self) -> Node | None:
        """The policy as the resource has it, which counts before that of its definition.

        An empty one counts as none (the provider's internal/service/apigateway/rest_api.go).
        """
        node = self.value(self.block, "policy")
        if node is not None and not _is_empty(node):
            check_lasting(self.block, "policy")
            return node
        body = self.value(self.block, "body")
        if body is None or _is_empty(body):
            return None
        found = self._in_body(body)
        if found is not None:
            check_lasting(self.block, "body")
        return found

    def _in_body(self, body: Node) -> Node | None:
        document = self._definition(body)
        if document is None:
            message = "the API's definition is not known here, and may hold a resource policy"
            advice = "check the file that it is in"
            raise InputError([Diagnostic("DEFINITION_ELSEWHERE", message, body.span, "", advice)])
        return at(document, openapi.POLICY)

    def _definition(self, body: Node) -> Node | None:
        """The API's definition; None if it is not known."""
        encoded = self._encoded(body)
        found = body if encoded is None else encoded
        if isinstance(found, TextNode) and self.references.within(found.value):
            return None
        return found if encoded is not None else self._document(body)

    def _encoded(self, node: Node) -> Node | None:
        """The value that a text is the JSON of, if it was made of one."""
        text = node.value.strip() if isinstance(node, TextNode) else ""
        found = (values.documents.get(text) for values in self.values.values())
        return next((one for one in found if one is not None), None)

    def _document(self, node: Node) -> Node:
        """The JSON that a text is, with positions."""
        if not isinstance(node, TextNode):
            return node
        if (document := self._encoded(node)) is not None:
            return document
        open_ones = self.references.within(node.value)
        if open_ones and len(node.value.strip()) == len(open_ones):
            raise InputError(unknown_values(open_ones))
        if unquoted := [one for one in open_ones if not (one.own or one.is_text)]:
            raise InputError(
                unknown_values(replace(one, why=one.why or _IN_JSON) for one in unquoted)
            )
        for values in self.values.values():
            if (made := values.texts.get((node.span.start, node.value))) is not None:
                return made.parse()
        return policy_node(node)

    def value(self, block: Block, name: str) -> Node | None:
        """An attribute of a block, worked out."""
        found = block.attribute(name)
        return self._of(block.source).value(found, {}) if found is not None else None

    def _of(self, source: Source) -> HclValues:
        if id(source) not in self.values:
            self.values[id(source)] = HclValues(source, self.references, self.lookup)
        return self.values[id(source)]

    def lookup(self, name: str, span: Span) -> Node | None:
        """What a name stands for; None if that is not known."""
        given = self.parameters.get(name)
        if given is not None:
            return _given(given, span)
        if name == self.api:
            return self._own(name, span)
        if name.startswith(("var.", "local.")) and "[" in name:
            return self._element(name, span)
        if "[*]" in name:
            return None
        bare = _without_indices(name)
        parts = bare.split(".")
        match parts:
            case ["var", variable, *path]:
                return self._variable(variable, path, span)
            case ["local", local, *path]:
                return self._once(bare, self._local(local), path)
            case ["data", "aws_iam_policy_document", label, "json"]:
                return self._policy_document(label, name, span)
            case ["data", kind, label, attribute]:
                return self._place((kind, label), attribute, span)
            case [kind, _, attribute] if kind == API and name.rpartition(".")[0] == self.api:
                return self._of_api(attribute, name, span)
            case _:
                return None

    def _element(self, name: str, span: Span) -> Node | None:
        """An element of a list that a variable or a local is."""
        match = _ELEMENT.fullmatch(name)
        found = self.lookup(match["list"], span) if match else None
        if match is None or not isinstance(found, ListNode):
            return None
        index = int(match["index"])
        return found.items[index] if index < len(found.items) else None

    def _variable(self, name: str, path: list[str], span: Span) -> Node | None:
        given = self.parameters.get(name)
        if given is not None:
            return _below(_given(given, span), path)
        block = self._block("variable", name)
        if block is None or block.attribute("default") is None or self.module.assigns(name):
            return None
        found = self._once(f"var.{name}", (block, "default"), [])
        constraint = block.attribute("type")
        if found is not None and constraint is not None:
            found = converted(found, constraint)
        return _below(found, path)

    def _local(self, name: str) -> tuple[Block, str] | None:
        found = self.module.local(name)
        return (found, name) if found else None

    def _once(self, name: str, where: tuple[Block, str] | None, path: list[str]) -> Node | None:
        """The value of an attribute that others refer to by a name."""
        if where is None:
            return None
        if name in self._pending:
            block, argument = where
            written = block.attribute(argument)
            span = self._of(block.source).span(written) if written else block.span
            raise InputError([Diagnostic("CIRCULAR_REFERENCE", f"{name} stands for itself", span)])
        self._pending.append(name)
        try:
            found = self.value(*where)
        finally:
            self._pending.pop()
        return _below(found, path)

    def _policy_document(self, label: str, name: str, span: Span) -> Node | None:
        """The policy of a data source, whose own ``each`` and ``count`` are not the resource's.

        Both name the same API by them only where the resource asks for the document by that key.
        """
        block = self._block("data", "aws_iam_policy_document", label)
        if block is None:
            return None
        api = self.api
        if _REPEATED.search(api) and not _is_same_key(api, name.removesuffix(".json")):
            self.api = ""
        try:
            document = policy_document(block, self.value)
            return self._of(block.source).encoded(document, name, span)
        finally:
            self.api = api

    def _place(self, data: tuple[str, str], attribute: str, span: Span) -> Node | None:
        """A part of the place of deployment, if the data source asks the API's own provider."""
        attributes, own = _PLACES.get(data[0], (set(), None))
        if attribute not in attributes or not self._is_here(self._block("data", *data)):
            return None
        if own is None:
            self.assumed_partition = True
            return TextNode(self.deployment.partition, span)
        aws = "AWS::Region" if own is Own.REGION else "AWS::AccountId"
        return TextNode(self._mark(aws, span, own), span)

    def _api_block(self) -> Block | None:
        return self._block("resource", *_without_indices(self.api).split("."))

    def _is_here(self, data: Block | None) -> bool:
        """Whether a data source has the provider of the API, and neither has a region of its own.

        ``aws_region`` may ask for another one by ``name`` or ``endpoint`` (its documentation).
        """
        api = self._api_block() or self.block
        if data is None or any(name not in _ANYWHERE for name, _ in data.attributes()):
            return False
        if any(one.attribute("region") is not None for one in (api, self.block)):
            return False
        providers = [one.attribute("provider") for one in (data, api)]
        first, second = (one.text if one else None for one in providers)
        return first == second

    def _of_api(self, attribute: str, name: str, span: Span) -> Node | None:
        if attribute == "id":
            return self._own(name, span)
        region, account = (
            self._mark("AWS::Region", span, Own.REGION),
            self._mark("AWS::AccountId", span, Own.ACCOUNT),
        )
        here, api = self.deployment.partition, self._mark(f"{self.api}.id", span, Own.API)
        if attribute == "execution_arn":
            return TextNode(f"arn:{here}:execute-api:{region}:{account}:{api}", span)
        if attribute == "arn":
            return TextNode(f"arn:{here}:apigateway:{region}::/restapis/{api}", span)
        return None

    def _own(self, name: str, span: Span) -> Node:
        return TextNode(self._mark(name, span, Own.API), span)

    def _mark(self, name: str, span: Span, own: Own) -> str:
        given = self.parameters.get(name)
        return given if given is not None else self.references.mark(Reference(name, span, own))

    def _block(self, *names: str) -> Block | None:
        return self.module.named(*names)

    def _own_api(self) -> str:
        """The API that the policy belongs to: the address of its resource, or an expression."""
        if self.block.labels[0] == API:
            return _address(self.block)
        return api_of(self.block)

    def _facts(self) -> ApiFacts:
        api = self._api_block()
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
            yield text_of(self.value(one, "http_method")), path
        if self.module.has_open_members or self._is_made_elsewhere:
            yield OPEN
        if api is not None and api.attribute("body") is not None:
            yield from self._in_definition(self.value(api, "body"))

    @property
    def _has_open_stages(self) -> bool:
        """Whether there is a stage of an API that is not known, or of several."""
        resources = self.module.typed("resource")
        made = (one for one in resources if one.labels[:1] and one.labels[0] in _STAGES)
        apis = {api_of(one) for one in made} - {self.api}
        return any(not one.startswith(f"{API}.") or _REPEATED.search(one) for one in apis)

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
        name = _without_indices(self.api)
        return name in text or ("local." in text and self._is_local)

    @cached_property
    def _is_local(self) -> bool:
        name = _without_indices(self.api)
        return any(name in one.span.text for one in self.module.typed("locals"))

    def _in_definition(self, body: Node | None) -> Iterator[Pair]:
        try:
            definition = self._definition(body) if body else None
        except InputError:
            definition = None
        yield from openapi.route_pairs(definition) if definition else (OPEN,)

    def _resource_tree(self) -> ResourceTree:
        found = {}
        for one in self.module.typed("resource"):
            if one.labels[:1] == ("aws_api_gateway_resource",):
                parent = _owner(one.attribute("parent_id"))
                is_root = parent is not None and parent.startswith(f"{API}.")
                part = text_of(self.value(one, "path_part"))
                found[_address(one)] = ROOT if is_root else parent, part
        return ResourceTree(found)

    def _endpoint(self, api: Block | None) -> Endpoint | None:
        if api is None:
            return None
        for block in api.blocks():
            if block.type == "endpoint_configuration" and not is_ignored(api, block.type):
                types = self.value(block, "types")
                items = types.items if isinstance(types, ListNode) else ()
                return endpoint(map(text_of, items)) if items else None
        return None

    def _authorization(self, api: Block | None, methods: list[Block]) -> frozenset[Authorization]:
        found = [text_of(self.value(one, "authorization")) for one in methods]
        known = authorizations(found)
        is_open = self._has_open_modules or self.module.has_open_methods or not self.module.is_whole
        if known and is_open:
            known |= _ANONYMOUS
        return known | self._authorization_of(self.value(api, "body")) if api else known

    def _authorization_of(self, body: Node | None) -> frozenset[Authorization]:
        """Those of the methods in the definition; none at all may be that of one not known."""
        if body is None or _is_empty(body):
            return frozenset()
        try:
            definition = self._definition(body)
        except InputError:
            definition = None
        return openapi.authorizations(definition) if definition else _ANONYMOUS

    def _stages(self, members: list[Block]) -> tuple[str, ...] | None:
        found = [
            self.value(one, "stage_name")
            for one in members
            if one.labels[0] == _STAGE or one.attribute("stage_name") is not None
        ]
        names = [(one.value, one.span) for one in found if isinstance(one, TextNode)]
        known = [one for one in names if not self.references.within(one[0])]
        made = stages(one for one in known if one[0])
        is_open = len(known) < len(found) or self._has_open_stages or self._is_made_elsewhere
        return None if is_open else made or None

    def _arn(self) -> tuple[Pattern, ...] | None:
        if not (self.assumed_partition or self.references.has_own):
            return None
        texts = ("arn", self.deployment.partition, "execute-api", "*", "*", "*")
        return tuple(map(glob, texts))


def _is_url(written: str) -> bool:
    """Whether an expression is a text with more in it than an interpolation."""
    left = _INTERPOLATION.sub("", written)
    return left[:1] == left[-1:] == '"' and len(left) > 2 and left.count('"') == 2


def _is_empty(node: Node) -> bool:
    """Whether a value is null, or a text without anything in it."""
    return isinstance(node, NullNode) or (isinstance(node, TextNode) and not node.value.strip())


def _is_same_key(*names: str) -> bool:
    """Whether both are asked for by the key of the resource that asks."""
    keys = [found.group() if (found := _OWN_KEY.search(name)) else None for name in names]
    return keys[0] is not None and len(set(keys)) == 1


def _owner(reference: tree_sitter.Node | None) -> str | None:
    """The resource whose ``id`` or ``root_resource_id`` an expression is."""
    written = "".join((reference.text or b"").decode().split()) if reference else ""
    owner, _, attribute = written.rpartition(".")
    return owner if attribute in {"id", "root_resource_id"} else None


def _below(node: Node | None, path: list[str]) -> Node | None:
    for name in path:
        node = node.get(name) if isinstance(node, MapNode) else None
    return node


def _given(value: str, span: Span) -> Node:
    """The value of --parameter: a text, or a list or mapping as JSON."""
    if value.lstrip()[:1] not in {"[", "{"} or not _is_json(value):
        return TextNode(value, span)
    node = parse_json(Source("--parameter", value))
    check_document(node)
    return node


def _is_json(text: str) -> bool:
    """Whether it is JSON, or nested so deep that whoever parses it has to say so."""
    try:
        json.loads(text, parse_int=str)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def _without_indices(name: str) -> str:
    """``a.b`` for ``a[0].b``; a bracket that nothing closes stays, and is not searched for long."""
    closed, bracket, rest = name.rpartition("]")
    return _INDEX.sub("", closed + bracket) + rest
