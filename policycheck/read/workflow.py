"""The section ``workflow`` of a spec: which parts decide besides the resource policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.model.condition import Comparing
from policycheck.model.decision import Outcome
from policycheck.model.environment import Authorization, CallerAccount, Endpoint, Environment
from policycheck.model.policy import Policy, PrincipalKind, Statement
from policycheck.model.workflow import PolicyKind, Workflow
from policycheck.read.document import ListNode, Node, TextNode
from policycheck.read.policy_files import PolicyFiles
from policycheck.read.scope import Fields, Scope, named
from policycheck.read.variables_used import variables_of

FIELDS = (
    "authorizer",
    "caller",
    "identity_policies",
    "authorizer_result",
    "vpc_endpoint_policies",
    "custom_domain_policies",
)
ANY, NONE, DEFAULT = "any", "none", "default"

RESULTS = {
    "allow": Outcome.ALLOW,
    "deny": Outcome.EXPLICIT_DENY,
    "neither": Outcome.IMPLICIT_DENY,
}
"""The answers of a Lambda authorizer; of Amazon Cognito: whether the token is good."""

Policies = tuple[Policy, ...] | None
"""Policies that are given, or None where anything may be attached."""

_FORM = "write workflow: {authorizer: iam}, or take it out"


@dataclass(frozen=True)
class Workflows:
    """The reader of the section; files are relative to ``directory``.

    ``said`` is the authorization that the ``api`` section names, None if it names none.
    """

    scope: Scope
    directory: Path
    said: Authorization | None

    def read(self, node: Node, known: Environment) -> tuple[Workflow, Environment] | None:
        """The workflow, and the environment with what the workflow says of callers.

        None if the section is no mapping; every other mistake is noted in the scope.
        """
        mapping = self.scope.mapping(node, "workflow, a mapping", _FORM)
        if mapping is None:
            return None
        fields = self.scope.fields(mapping, FIELDS, "workflow")
        authorizer = self._authorizer(fields)
        known = replace(known, authorization=authorizer)
        self._check_place(fields, known)
        domains = self._policies(fields, "custom_domain_policies", PolicyKind.DOMAIN, NONE, ())
        found = Workflow(
            authorizer,
            self._policies(fields, "identity_policies", PolicyKind.IDENTITY, NONE, None),
            self._result(fields),
            self._policies(fields, "vpc_endpoint_policies", PolicyKind.VPC_ENDPOINT, DEFAULT, None),
            domains,
        )
        self._check_callers(fields, found)
        account = self._caller(fields)
        return found, replace(known, caller_account=account, via_domain=domains != ())

    def _authorizer(self, fields: Fields) -> Authorization:
        node = named(fields, "authorizer")
        options = [one.value for one in Authorization]
        found = self.scope.choice(node, "authorizer", options) if node else None
        if found is None:
            return self.said or Authorization.NONE
        if node and self.said and self.said.value != found:
            message = f"api has authorization: {self.said.value}, and the authorizer is {found}"
            advice = "write it in one of the two places"
            self.scope.error("CONTRADICTION", message, node.span, "", advice)
        return Authorization(found)

    def _caller(self, fields: Fields) -> CallerAccount:
        node = named(fields, "caller")
        options = [one.value for one in CallerAccount]
        found = self.scope.choice(node, "caller", options) if node else None
        return CallerAccount(found) if found else CallerAccount.ANY

    def _result(self, fields: Fields) -> Outcome | None:
        node = named(fields, "authorizer_result")
        found = self.scope.choice(node, "authorizer_result", [ANY, *RESULTS]) if node else None
        return RESULTS.get(found) if found else None

    def _check_place(self, fields: Fields, known: Environment) -> None:
        """A part that is named takes part; what leaves it open may stand anywhere."""
        iam, asked = (Authorization.IAM,), (Authorization.LAMBDA, Authorization.COGNITO)
        for name, places in {
            "caller": iam,
            "identity_policies": iam,
            "authorizer_result": asked,
        }.items():
            if _is_named(fields, name, ANY) and known.authorization not in places:
                wanted = " or ".join(one.value for one in places)
                self._misplaced(fields, name, f"authorizer: {wanted}")
        for name, without in {
            "vpc_endpoint_policies": (ANY, DEFAULT),
            "custom_domain_policies": (NONE,),
        }.items():
            if _is_named(fields, name, *without) and known.endpoint is not Endpoint.PRIVATE:
                self._misplaced(fields, name, "endpoint: private under api")

    def _misplaced(self, fields: Fields, name: str, place: str) -> None:
        message = f"{name} has a part in the decision with {place} only"
        advice = f"write {place}, or take {name} out"
        self.scope.error("MISPLACED_PART", message, fields[name][0].span, "", advice)

    def _policies(
        self, fields: Fields, name: str, kind: PolicyKind, none: str, left_out: Policies
    ) -> Policies:
        """The policies under ``name``; ``none`` is the word for no policy of one's own."""
        node = named(fields, name)
        if node is None:
            return left_out
        if isinstance(node, TextNode) and node.value in {ANY, none}:
            return None if node.value == ANY else ()
        advice = f"write {ANY}, {none} or a list of files"
        if not isinstance(node, ListNode):
            self.scope.mismatch(node, f"{name}, a list of policy files, {ANY} or {none}", advice)
            return None
        files = PolicyFiles(self.scope, self.directory, kind.value, "INVALID_POLICY", kind)
        loaded = (files.load(text) for text in self.scope.texts(node, name))
        return tuple(policy for policy in loaded if policy)

    def _check_callers(self, fields: Fields, found: Workflow) -> None:
        """Without IAM authorization a signed request is anonymous to the resource policy, but not
        to the endpoint's; nothing here has two callers (C5-caller)."""
        if found.authorizer is Authorization.IAM:
            return
        for policy in found.vpc_endpoint_policies or ():
            if any(_tells_callers_apart(policy, self.scope)):
                message = f"{policy.name} tells IAM identities apart"
                advice = "write authorizer: iam, or leave the endpoints open: any"
                span = fields["vpc_endpoint_policies"][0].span
                self.scope.error("ENDPOINT_POLICY_NEEDS_IAM", message, span, "", advice)


def _is_named(fields: Fields, name: str, *without: str) -> bool:
    """Whether the field is there with another value than those words, which fit everywhere."""
    node = named(fields, name)
    return node is not None and not (isinstance(node, TextNode) and node.value in without)


def _tells_callers_apart(policy: Policy, scope: Scope) -> Iterator[bool]:
    for statement in policy.statements:
        ids = statement.principal.ids
        yield statement.principal.negated
        yield any(one.kind is not PrincipalKind.EVERYONE for one in ids)
        yield from map(scope.keys.is_of_caller, _keys(statement))


def _keys(statement: Statement) -> Iterator[str]:
    """The condition keys that the statement asks for, in variables too."""
    for entry in statement.conditions:
        yield entry.key
        if isinstance(entry, Comparing):
            yield from (one.key for part in entry.relations for one in variables_of(part))
    for resource in statement.resource.patterns:
        yield from (one.key for one in variables_of(resource))
