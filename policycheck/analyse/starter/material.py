"""What a policy names: networks, endpoints, callers, routes, times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from policycheck.concrete.spelling import spell_relation
from policycheck.dataclass import dataclass
from policycheck.model.address import AddressIn
from policycheck.model.arn import AnyResource, ApiResource, ArnResource, ResourcePattern
from policycheck.model.condition import Comparing
from policycheck.model.order import Comparison, InstantCompares, instant_text
from policycheck.model.policy import Effect, Policy, PrincipalKind, Statement

_ARN_KINDS = {PrincipalKind.USER, PrincipalKind.ROLE, PrincipalKind.SESSION}


@dataclass(frozen=True)
class Route:
    """What a Resource entry opens: parts of a method's ARN, and the whole as a glob.

    ``parts`` is None where the entry names no stage, method and path in a plain way.
    """

    parts: dict[str, str] | None
    glob: str


@dataclass(frozen=True)
class Material:
    """The literals of one policy."""

    policy: Policy

    def of_effect(self, effect: Effect) -> Iterator[Statement]:
        """The statements of one effect."""
        return (one for one in self.policy.statements if one.effect is effect)

    def admitted(self, key: str) -> tuple[str, ...]:
        """The values of a key that are let in: an Allow names them, or a Deny all but them."""
        return self._values(key, denied=False)

    def refused(self, key: str) -> tuple[str, ...]:
        """The values of a key that a Deny names."""
        return self._values(key, denied=True)

    def _values(self, key: str, *, denied: bool) -> tuple[str, ...]:
        found: list[str] = []
        for statement in self.policy.statements:
            is_deny = statement.effect is Effect.DENY
            for entry in statement.conditions:
                if not isinstance(entry, Comparing) or entry.key != key.lower():
                    continue
                if is_deny is (denied or entry.negated) and not (denied and entry.negated):
                    found += map(_spelled, entry.relations)
        return tuple(dict.fromkeys(found))

    def mentions(self, *keys: str) -> bool:
        """Whether a condition is on one of the keys."""
        wanted = {key.lower() for key in keys}
        return any(e.key in wanted for s in self.policy.statements for e in s.conditions)

    @cached_property
    def callers(self) -> tuple[str, ...]:
        """The accounts, users, roles and sessions that an Allow names; none if it has others."""
        found: list[str] = []
        for statement in self.of_effect(Effect.ALLOW):
            for one in statement.principal.ids:
                if one.kind is not PrincipalKind.ACCOUNT and one.kind not in _ARN_KINDS:
                    return ()
                found.append(one.value)
        return tuple(dict.fromkeys(found))

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """What the Allow statements open; nothing if one of them opens all or says all but."""
        return routes_of(self.of_effect(Effect.ALLOW))

    @cached_property
    def closed(self) -> tuple[Route, ...]:
        """What the Deny statements without a condition close."""
        return routes_of(one for one in self.of_effect(Effect.DENY) if not one.conditions)

    @cached_property
    def api(self) -> str:
        """The ARN of the one API that all resources name, or nothing."""
        entries = [e for one in self.policy.statements for e in one.resource.patterns]
        heads = {_api(e) for e in entries}
        return heads.pop() if len(heads) == 1 else ""

    @cached_property
    def window(self) -> dict[str, str]:
        """The time within which the Allow statements apply, if all say the same one."""
        windows = [_window(one) for one in self.of_effect(Effect.ALLOW)]
        same = bool(windows) and all(one == windows[0] for one in windows)
        return windows[0] if same else {}


def _spelled(relation: object) -> str:
    if isinstance(relation, AddressIn) and relation.prefix == relation.family.width:
        return spell_relation(relation).partition("/")[0]
    return spell_relation(relation)  # type: ignore[arg-type]


def is_for_everybody(statement: Statement) -> bool:
    """Whether the statement speaks of every caller."""
    element = statement.principal
    everyone = any(one.kind is PrincipalKind.EVERYONE for one in element.ids)
    return everyone and not element.negated


def routes_of(statements: Iterable[Statement]) -> tuple[Route, ...]:
    """What the statements name; nothing if one of them names everything, or all but something."""
    found: list[Route] = []
    for statement in statements:
        if statement.resource.negated:
            return ()
        for entry in statement.resource.patterns:
            route = _route(entry)
            if route is None or route.parts == {}:
                return ()
            found.append(route)
    return tuple({route.glob: route for route in found}.values())


def _route(entry: ResourcePattern) -> Route | None:
    match entry:
        case AnyResource():
            return None
        case ApiResource(tail):
            return Route(_parts(str(tail)[1:]), f"arn:*:execute-api:*:*:*{tail}")
        case ArnResource(fields):
            _, _, last = str(fields[5]).partition("/")
            return Route(_parts(last), ":".join(map(str, fields)))


def _parts(tail: str) -> dict[str, str] | None:
    """Stage, method and path of ``stage/METHOD/path``; what is open is left out."""
    if tail == "*":
        return {}
    stage, slash, rest = tail.partition("/")
    if not slash:
        return None
    if rest == "*":
        return {"stage": stage}
    method, slash, path = rest.partition("/")
    if not slash:
        return None
    found = {"stage": stage, "method": method, "path": f"/{path}"}
    return {k: v for k, v in found.items() if v != "*" and (k, v) != ("path", "/*")}


def _api(entry: ResourcePattern) -> str:
    if not isinstance(entry, ArnResource):
        return ""
    head = ":".join(map(str, entry.fields)).partition("/")[0]
    return "" if any(char in head for char in "*?$") else head


def _window(statement: Statement) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in statement.conditions:
        if isinstance(entry, Comparing) and entry.key == "aws:currenttime" and not entry.negated:
            for one in entry.relations:
                if isinstance(one, InstantCompares):
                    found |= _bound(one)
    return found


def _bound(one: InstantCompares) -> dict[str, str]:
    """The bound as a spec has it: from an instant on, or up to and without one."""
    match one.comparison:
        case Comparison.GREATER | Comparison.GREATER_EQUAL:
            return {"after": instant_text(one.wanted)}
        case Comparison.LESS if not one.fraction:
            return {"before": instant_text(one.wanted)}
        case Comparison.LESS | Comparison.LESS_EQUAL:
            return {"before": instant_text(one.wanted + 1)}
        case Comparison.EQUAL:
            return {}
