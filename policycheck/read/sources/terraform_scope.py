"""What names stand for in a Terraform module, seen from a resource of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.document import ListNode, MapNode, Node, TextNode
from policycheck.read.json_text import parse_json
from policycheck.read.sources.hcl_files import API, Block, Module, api_of
from policycheck.read.sources.hcl_types import converted
from policycheck.read.sources.hcl_values import HclValues
from policycheck.read.sources.iam_document import policy_document
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.private import check_document
from policycheck.read.sources.settle import Deployment
from policycheck.read.sources.unresolved import Own, Reference, References

REPEATED = re.compile(r"\b(?:each|count)\.")
"""What a name has in it that is another one in each instance of what is repeated."""

_INDEX = re.compile(r"\[[^\]]*\]")
_ELEMENT = re.compile(r"(?P<list>[\w.-]+)\[(?P<index>[0-9]{1,6})\]")
_OWN_KEY = re.compile(r"\[(?:each\.key|count\.index)\]$")
_ANYWHERE = {"provider", "count", "for_each", "depends_on"}
_PLACES: Mapping[str, tuple[set[str], Own | None]] = {
    "aws_partition": ({"partition", "id"}, None),
    "aws_region": ({"name", "id", "region"}, Own.REGION),
    "aws_caller_identity": ({"account_id", "id"}, Own.ACCOUNT),
}


class Scope:
    """A module, seen from the resource whose policy is wanted.

    ``api`` is the API that the policy belongs to: the address of its resource, or an expression.
    ``assumed_partition`` says whether the partition stands somewhere that no one has given.
    """

    def __init__(
        self, module: Module, references: References, parameters: Parameters, block: Block
    ) -> None:
        self.module = module
        self.references, self.parameters, self.block = references, parameters, block
        self.values: dict[int, HclValues] = {}
        self.api = address(block) if block.labels[0] == API else api_of(block)
        self.assumed_partition = False
        self._pending: list[str] = []

    @property
    def deployment(self) -> Deployment:
        """Where the module is deployed, as far as that is known."""
        get = self.parameters.values.get
        return Deployment(get("AWS::Partition", "aws"), get("AWS::Region"), get("AWS::AccountId"))

    @property
    def api_block(self) -> Block | None:
        """The resource that the API is, if it stands in the module."""
        return self._block("resource", *without_indices(self.api).split("."))

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
        bare = without_indices(name)
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
        if REPEATED.search(api) and not _is_same_key(api, name.removesuffix(".json")):
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

    def _is_here(self, data: Block | None) -> bool:
        """Whether a data source has the provider of the API, and neither has a region of its own.

        ``aws_region`` may ask for another one by ``name`` or ``endpoint`` (its documentation).
        """
        api = self.api_block or self.block
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


def address(block: Block) -> str:
    """The address of a resource: its type and its name."""
    return ".".join(block.labels)


def without_indices(name: str) -> str:
    """``a.b`` for ``a[0].b``; a bracket that nothing closes stays, and is not searched for long."""
    closed, bracket, rest = name.rpartition("]")
    return _INDEX.sub("", closed + bracket) + rest


def _is_same_key(*names: str) -> bool:
    """Whether both are asked for by the key of the resource that asks."""
    keys = [found.group() if (found := _OWN_KEY.search(name)) else None for name in names]
    return keys[0] is not None and len(set(keys)) == 1


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
