"""CloudFormation and SAM templates, also those that the CDK makes: policies of REST APIs."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError, Source
from policycheck.read.document import MapNode, Node, TextNode
from policycheck.read.sources import openapi, sam, sam_events
from policycheck.read.sources.budget import Budget, check_count
from policycheck.read.sources.cloudformation_facts import Parts
from policycheck.read.sources.elsewhere import check_definition, check_plain
from policycheck.read.sources.found import (
    Found,
    FoundPolicy,
    RefusedPolicy,
    at,
    no_policy,
    text_of,
)
from policycheck.read.sources.intrinsics import Intrinsics
from policycheck.read.sources.macros import check_macros
from policycheck.read.sources.parameters import Parameters
from policycheck.read.sources.private import check_document
from policycheck.read.sources.settle import settled
from policycheck.read.sources.unresolved import References

REST_API = "AWS::ApiGateway::RestApi"


def find(source: Source, root: Node, parameters: Parameters) -> Found:
    """The policies of the REST APIs of a template. Raises InputError if there is none."""
    check_document(root)
    template = _Template(root, parameters)
    check_count([one for one in template.parts.resources if _is_api(one[1])], root.span)
    found = tuple(template.found())
    policies = tuple(one for _, one in found if one is not None)
    if not policies:
        raise no_policy(source, "template", [name for name, _ in found])
    return policies


class _Template:
    """One template."""

    def __init__(self, root: Node, parameters: Parameters) -> None:
        self.root, self.parameters, self.budget = root, parameters, Budget()
        self.parts = Parts(root, parameters, self.budget)

    def found(self) -> Iterator[tuple[str, FoundPolicy | RefusedPolicy | None]]:
        """The names of the APIs, with what policy there is."""
        for key, resource in self.parts.resources:
            if key.value.startswith("Fn::ForEach") and _names_api(resource):
                yield key.value, RefusedPolicy(key.value, _loop(key))
            if _is_api(resource):
                yield key.value, self._one(key.value, resource)
        if sam.has_implicit(self.root):
            yield sam_events.IMPLICIT, self._one(sam_events.IMPLICIT, None)

    def _one(self, name: str, resource: Node | None) -> FoundPolicy | RefusedPolicy | None:
        references = References(self.budget, leave_open=self.parameters.leave_open)
        intrinsics = Intrinsics(self.root, self.parameters, references)
        intrinsics.apis = frozenset({name})
        try:
            return self._policy(name, resource, intrinsics)
        except InputError as error:
            return RefusedPolicy(name, error)

    def _policy(
        self, name: str, resource: Node | None, intrinsics: Intrinsics
    ) -> FoundPolicy | None:
        condition = at(resource, "Condition")
        is_there = condition and intrinsics.condition(text_of(condition) or "", condition.span)
        if condition is not None and is_there is False:
            return None
        check_macros(self.root)
        check_plain(name, resource)
        written = at(resource, "Properties")
        if resource is None or sam.is_explicit(resource):
            said = sam.properties(self.root, written, at(resource, "IgnoreGlobals"))
            check_definition(name, said, "DefinitionBody", "DefinitionUri")
            node = _either(at(said, "Policy"), sam.policy(name, said, intrinsics), intrinsics)
        else:
            said = written if isinstance(written, MapNode) else None
            check_definition(name, said, "Body", "BodyS3Location")
            body = at(said, "Body", openapi.POLICY)
            own = intrinsics.policy(body) if body else None
            node = _either(at(said, "Policy"), own, intrinsics)
        if node is None:
            return None
        policy = settled(node, intrinsics.references, intrinsics.deployment)
        facts = self.parts.facts(name, resource, said, intrinsics)
        return FoundPolicy(name, policy, facts, tuple(intrinsics.references.symbols.values()))


def _is_api(resource: Node) -> bool:
    return text_of(at(resource, "Type")) == REST_API or sam.is_explicit(resource)


def _names_api(node: Node) -> bool:
    """Whether a loop makes REST APIs."""
    written = node.span.text
    return REST_API in written or "AWS::Serverless::Api" in written or sam_events.has_events(node)


def _loop(key: TextNode) -> InputError:
    message = "Fn::ForEach makes REST APIs here, and is not worked out"
    advice = "check the template that it makes"
    return InputError([Diagnostic("UNSUPPORTED_FUNCTION", message, key.span, "", advice)])


def _either(written: Node | None, made: Node | None, intrinsics: Intrinsics) -> Node | None:
    """The policy of an API that has it in one place. Raises InputError if it has two."""
    own = intrinsics.policy(written) if written else None
    if own is None or made is None:
        return own or made
    message = "the API has a policy here and another in its definition"
    advice = "keep one of the two"
    raise InputError([Diagnostic("SEVERAL_POLICIES", message, own.span, "", advice)])
