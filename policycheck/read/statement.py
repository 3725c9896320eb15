"""One statement of a policy (semantics A)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, Span, nearest
from policycheck.model.policy import (
    ActionElement,
    Effect,
    PrincipalElement,
    PrincipalId,
    PrincipalKind,
    ResourceElement,
    Statement,
)
from policycheck.model.workflow import PolicyKind
from policycheck.read.action import parse_actions
from policycheck.read.condition import parse_conditions
from policycheck.read.document import MapNode, Node, TextNode
from policycheck.read.principal import parse_principal
from policycheck.read.resource import of_domain, parse_resources, shorthands
from policycheck.read.shape import elements, mismatch, warning

ELEMENTS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)

_SID = r"[A-Za-z0-9]+"
_MISSING = {
    "Principal": ("MISSING_PRINCIPAL", 'write "Principal": "*" for everybody'),
    "Action": ("MISSING_ACTION", 'write "Action": "execute-api:Invoke"'),
    "Resource": ("MISSING_RESOURCE", 'write "Resource": "execute-api:/*" for the whole API'),
}

Entries = Mapping[str, tuple[TextNode, Node]]


@dataclass(frozen=True)
class Dialect:
    """What a statement may hold: what its policy is attached to, and whether ``${...}`` is a
    policy variable."""

    kind: PolicyKind
    variables: bool


def parse_statement(
    node: Node, index: int, diagnostics: list[Diagnostic], dialect: Dialect
) -> Statement | None:
    """The statement that ``node`` is; what is wrong goes to ``diagnostics``.

    None if an element that a statement needs is missing or cannot be read.
    """
    if not isinstance(node, MapNode):
        diagnostics.append(mismatch(node, "a statement, an object", 'write {"Effect": ...}'))
        return None
    entries = elements(node, ELEMENTS, "a statement", diagnostics)
    reader = _Reader(node, entries, diagnostics)
    variables = dialect.variables
    effect, sid = reader.effect(), reader.sid()
    is_attached = dialect.kind is PolicyKind.IDENTITY
    principal = reader.no_principal() if is_attached else reader.principal(effect)
    action = reader.action(variables=variables)
    resource = reader.resource(variables=variables)
    if resource and dialect.kind is PolicyKind.DOMAIN:
        resource = of_domain(resource)
    elif resource and dialect.kind is not PolicyKind.RESOURCE:
        diagnostics.extend(shorthands(resource, dialect.kind.value))
    condition = reader.entries.get("Condition")
    conditions = (
        parse_conditions(condition[1], diagnostics, variables=variables) if condition else ()
    )
    if not (effect and principal and action and resource):
        return None
    return Statement(index, effect, principal, action, resource, conditions, sid, node.span)


@dataclass(frozen=True)
class _Reader:
    """The elements of one statement."""

    node: MapNode
    entries: Entries
    diagnostics: list[Diagnostic]

    def effect(self) -> Effect | None:
        names = [one.value for one in Effect]
        if "Effect" not in self.entries:
            self._missing("MISSING_EFFECT", "Effect", 'write "Effect": "Allow" or "Deny"')
            return None
        node = self.entries["Effect"][1]
        if isinstance(node, TextNode) and node.value in names:
            return Effect(node.value)
        if not isinstance(node, TextNode):
            self.diagnostics.append(mismatch(node, "Effect, a string", 'write "Allow" or "Deny"'))
            return None
        meant = nearest(node.value.strip(), names)
        advice = f'write "{meant}"' if meant else 'write "Allow" or "Deny"'
        message = f'Effect is "Allow" or "Deny", not "{node.value}"'
        self.diagnostics.append(Diagnostic("INVALID_EFFECT", message, node.span, "", advice))
        return Effect(meant) if meant else None

    def sid(self) -> str | None:
        if "Sid" not in self.entries:
            return None
        node = self.entries["Sid"][1]
        if not isinstance(node, TextNode):
            self.diagnostics.append(mismatch(node, "Sid, a string", "write it in quotes"))
            return None
        if not node.value:
            self.diagnostics.append(
                warning("EMPTY_SID_VALUE", "an empty Sid", node.span, "", "leave it out")
            )
        elif not re.fullmatch(_SID, node.value):
            message = "IAM takes letters and digits alone in a Sid"
            advice = "leave out other characters"
            self.diagnostics.append(warning("UNSUPPORTED_SID", message, node.span, "", advice))
        return node.value

    def principal(self, effect: Effect | None) -> PrincipalElement | None:
        if (chosen := self._one_of("Principal", "NotPrincipal")) is None:
            return None
        key, node, negated = chosen
        if negated and effect is Effect.ALLOW:
            message = "NotPrincipal with Allow would let in everybody else, anonymous callers too"
            advice = "name who may call in Principal"
            self.diagnostics.append(
                Diagnostic("ALLOW_WITH_NOT_PRINCIPAL", message, key.span, "", advice)
            )
        return parse_principal(node, self.diagnostics, negated=negated)

    def no_principal(self) -> PrincipalElement:
        """An identity policy speaks of the identity that it is attached to."""
        for name in ("Principal", "NotPrincipal"):
            if found := self.entries.get(name):
                message = f"an identity policy has no {name}: it is attached to the identity"
                advice = f"take {name} out"
                self.diagnostics.append(
                    Diagnostic("INVALID_POLICY_ELEMENT", message, found[0].span, "", advice)
                )
        return PrincipalElement((PrincipalId(PrincipalKind.EVERYONE),))

    def action(self, *, variables: bool) -> ActionElement | None:
        if (chosen := self._one_of("Action", "NotAction")) is None:
            return None
        _, node, negated = chosen
        return parse_actions(node, self.diagnostics, negated=negated, variables=variables)

    def resource(self, *, variables: bool) -> ResourceElement | None:
        if (chosen := self._one_of("Resource", "NotResource")) is None:
            return None
        _, node, negated = chosen
        return parse_resources(node, self.diagnostics, negated=negated, variables=variables)

    def _one_of(self, name: str, opposite: str) -> tuple[TextNode, Node, bool] | None:
        """The element ``name`` or its opposite, and whether it is the opposite."""
        plain, negated = self.entries.get(name), self.entries.get(opposite)
        if plain and negated:
            later = max(plain[0], negated[0], key=lambda key: key.span.start)
            message = f"a statement has {name} or {opposite}, not both"
            self.diagnostics.append(
                Diagnostic(
                    "UNSUPPORTED_ELEMENT_COMBINATION", message, later.span, "", "keep one of them"
                )
            )
        if plain:
            return (*plain, False)
        if negated:
            return (*negated, True)
        code, advice = _MISSING[name]
        self._missing(code, name, advice)
        return None

    def _missing(self, code: str, name: str, advice: str) -> None:
        span = Span(self.node.span.source, self.node.span.start, self.node.span.start + 1)
        message = f"this statement has no {name}"
        self.diagnostics.append(Diagnostic(code, message, span, f"no {name}", advice))
