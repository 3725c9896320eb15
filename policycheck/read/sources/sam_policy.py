"""SAM's ``Auth.ResourcePolicy``, expanded to the policy that SAM makes of it.

Source: SAM/sam-property-api-resourcepolicystatement and the transform's own results; the order of
the statements, and which methods of a path they name, are SAM's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode
from policycheck.read.shape import mismatch
from policycheck.read.sources.intrinsics import Intrinsics
from policycheck.read.sources.nodes import is_given, listed, mapping, text

ANY = "x-amazon-apigateway-any-method"
VERSION = "2012-10-17"
SHORTHAND = (
    "CustomStatements",
    "AwsAccountWhitelist",
    "AwsAccountBlacklist",
    "IpRangeWhitelist",
    "IpRangeBlacklist",
    "SourceVpcWhitelist",
    "SourceVpcBlacklist",
    "IntrinsicVpcWhitelist",
    "IntrinsicVpcBlacklist",
    "IntrinsicVpceWhitelist",
    "IntrinsicVpceBlacklist",
)

_PARAMETER = re.compile(r"\{[A-Za-z0-9._-]+\+?\}")
_INVOKE = "execute-api:Invoke"


class PolicyExpansion:
    """The policy of one API, as it grows."""

    def __init__(self, written: Node | None) -> None:
        """``written`` is the policy that the API's definition has already."""
        self.statements: list[Node] = []
        self.span: Span | None = written.span if written else None
        self.version: Node | None = None
        if isinstance(written, MapNode):
            self.version = written.get("Version")
            found = written.get("Statement")
            self.statements.extend(_items(found) if found else ())

    @property
    def policy(self) -> MapNode | None:
        """The policy; None if there is none."""
        if self.span is None:
            return None
        entries = {"Version": self.version} if self.version else {}
        statement = listed(self.statements, self.span)
        return mapping(self.span, **entries, Statement=statement)

    def shorthand(self, given: MapNode, path: str, methods: Sequence[str], stage: str) -> None:
        """Adds what a ResourcePolicy says of the methods of a path.

        Raises InputError for one that SAM refuses.
        """
        resource = [_resource(stage, method, path) for method in methods]
        for name, effect in (("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")):
            if (value := given.get(name)) and (accounts := _items(value)):
                principal = mapping(value.span, AWS=listed(accounts, value.span))
                self._begin(value.span)
                self.statements.append(_statement(effect, resource, principal, value.span))
        for name, operator in (
            ("IpRangeWhitelist", "NotIpAddress"),
            ("IpRangeBlacklist", "IpAddress"),
        ):
            if (value := given.get(name)) and (ranges := _items(value)):
                self._guard(operator, {"aws:SourceIp": ranges}, resource, value.span)
        for name, operator in (("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")):
            self._endpoints(given, name, operator, resource)

    def custom(self, policy: MapNode) -> None:
        """Adds the CustomStatements of a ResourcePolicy, each once."""
        value = policy.get("CustomStatements")
        if value is None:
            return
        self._add_new(*_items(value))

    def _endpoints(self, given: MapNode, name: str, operator: str, resource: Sequence[str]) -> None:
        plain = given.get(f"SourceVpc{name}")
        found: dict[str, list[Node]] = {"aws:SourceVpc": [], "aws:SourceVpce": []}
        for one in _items(plain) if plain else ():
            value = one.value if isinstance(one, TextNode) else ""
            if value.startswith("vpce-"):
                found["aws:SourceVpce"].append(one)
            elif value.startswith("vpc-"):
                found["aws:SourceVpc"].append(one)
            else:
                raise InputError([_no_endpoint(one, name)])
        for key, kind in (("aws:SourceVpc", "Vpc"), ("aws:SourceVpce", "Vpce")):
            value_node = given.get(f"Intrinsic{kind}{name}")
            found[key].extend(_items(value_node) if value_node else ())
        keys = {key: values for key, values in found.items() if values}
        if keys:
            first = min((one for values in keys.values() for one in values), key=_start)
            self._guard(operator, keys, resource, first.span)

    def _guard(
        self, operator: str, keys: Mapping[str, Sequence[Node]], resource: Sequence[str], span: Span
    ) -> None:
        """Everybody is allowed, and then denied under a condition."""
        everybody = text("*", span)
        block = MapNode(
            tuple((text(key, span), listed(values, span)) for key, values in keys.items()), span
        )
        condition = MapNode(((text(operator, span), block),), span)
        allow = _statement("Allow", resource, everybody, span)
        deny = _statement("Deny", resource, everybody, span)
        deny = MapNode((*deny.entries, (text("Condition", span), condition)), span)
        self._add_new(allow, deny)

    def _add_new(self, *statements: Node) -> None:
        """Adds the statements that are not there yet; the version is SAM's even if all are."""
        for one in statements:
            self._begin(one.span)
            if one not in self.statements:
                self.statements.append(one)

    def _begin(self, span: Span) -> None:
        self.span = self.span or span
        self.version = text(VERSION, self.span)


def resolved(given: Node | None, intrinsics: Intrinsics) -> MapNode | None:
    """A ResourcePolicy with its functions worked out; None if there is none.

    SAM runs before these functions are, so that it passes over a policy that one makes, and writes
    its statements also for a list that becomes empty. Raises InputError for such.
    """
    if given is None or isinstance(given, NullNode):
        return None
    policy = _checked(given)
    entries = []
    for key, written in policy.entries:
        value = intrinsics.resolve(written)
        if key.value != "CustomStatements":
            _check_list(key, written, value)
        if value is not None and is_given(value):
            entries.append((key, value))
    return MapNode(tuple(entries), policy.span)


def _checked(policy: Node) -> MapNode:
    """A ResourcePolicy with known properties alone. Raises InputError."""
    if not isinstance(policy, MapNode):
        advice = "write CustomStatements: [...], IpRangeWhitelist: [...] or the like"
        raise InputError([mismatch(policy, "ResourcePolicy, a mapping", advice)])
    for key, _ in policy.entries:
        if key.value not in SHORTHAND:
            message = f"ResourcePolicy has no property {key.value}"
            advice = f"it has {', '.join(SHORTHAND)}"
            raise InputError([Diagnostic("UNKNOWN_PROPERTY", message, key.span, "", advice)])
    return policy


def _check_list(key: TextNode, written: Node, value: Node | None) -> None:
    """Raises InputError for a property that SAM takes for other values than it seems to have."""
    if "Vpc" in key.value and not isinstance(written, ListNode | NullNode):
        message = f"SAM does not read {key.value} as one value, but as its characters or keys"
        advice = f"write a list: {key.value}: [...]"
        raise InputError([Diagnostic("DATA_TYPE_MISMATCH", message, written.span, "", advice)])
    if is_given(written) and not is_given(value):
        message = f"{key.value} becomes empty, for which SAM writes statements all the same"
        advice = "take the property out, or give it values"
        raise InputError([Diagnostic("EMPTY_LIST", message, written.span, "", advice)])


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, ListNode) else (node,)


def _start(node: Node) -> int:
    return node.span.start


def _no_endpoint(node: Node, name: str) -> Diagnostic:
    message = "SAM passes over what is neither a VPC nor a VPC endpoint"
    advice = f"write ids like vpc-... and vpce-..., or IntrinsicVpce{name} for references"
    return Diagnostic("NO_VPC_ID", message, node.span, "passed over", advice)


def _resource(stage: str, method: str, path: str) -> str:
    verb = "*" if method.lower() in {ANY, "any"} else method.upper()
    return f"execute-api:/{stage}/{verb}{_PARAMETER.sub('*', path)}"


def _statement(effect: str, resource: Sequence[str], principal: Node, span: Span) -> MapNode:
    return mapping(
        span,
        Effect=text(effect, span),
        Action=text(_INVOKE, span),
        Resource=listed((text(one, span) for one in resource), span),
        Principal=principal,
    )
