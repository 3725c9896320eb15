"""Which requests can exist, as formulas over the symbols that a question uses (semantics D)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import z3

from policycheck.model.environment import (
    VIA_DOMAIN,
    Authorization,
    CallerAccount,
    Endpoint,
    Environment,
    IpAddressType,
)
from policycheck.model.keys import Key, Presence
from policycheck.model.order import FARTHEST
from policycheck.model.predicate import Part
from policycheck.model.reading import Reading
from policycheck.model.request import CallerKind
from policycheck.model.route import METHODS, Route, Routes, other_spellings
from policycheck.model.special_purpose import not_public
from policycheck.model.text import Pattern, glob
from policycheck.symbolic.address import in_ranges
from policycheck.symbolic.boolean import (
    both,
    either,
    every,
    false,
    iff,
    implies,
    negation,
    true,
)
from policycheck.symbolic.principal import has_account
from policycheck.symbolic.request import Request
from policycheck.symbolic.text import pattern_matches, text_matches
from policycheck.symbolic.values import (
    AddressValue,
    FlagValue,
    InstantValue,
    KeySymbols,
    NumberValue,
)

_IDENTITIES = (CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE, CallerKind.FEDERATED_USER)
_TEMPORARY = (CallerKind.ROLE, CallerKind.FEDERATED_USER)

_COMPANIONS = {
    "aws:principalorgid": ("aws:principalorgpaths",),
    "aws:principalorgpaths": ("aws:principalorgid",),
    "aws:multifactorauthpresent": ("aws:tokenissuetime",),
    "aws:multifactorauthage": ("aws:multifactorauthpresent", "aws:tokenissuetime"),
}
"""Keys whose presence or value is tied to that of others."""


def admits(environment: Environment, request: Request) -> Iterator[z3.BoolRef]:
    """What holds of every request, as far as the request's symbols are in use.

    Call it after all other formulas have been made: they bring the keys into use.
    """
    if environment.via_domain:
        request.show(VIA_DOMAIN)
    for name in list(request.keys):
        for companion in _COMPANIONS.get(name, ()):
            request.show(companion)
    yield from _resource(environment, request)
    yield from _caller(environment, request)
    yield from _caller_account(environment, request)
    for name, symbols in request.keys.items():
        if name in request.asked:
            yield from _values(symbols)
        yield _presence(symbols, environment, request)
    yield from _source_addresses(environment, request)
    yield from _credentials(request)


def _resource(environment: Environment, request: Request) -> Iterator[z3.BoolRef]:
    """The ``arn`` and the routes of the spec (D2-api, D2-routes); stages are a domain of their
    symbol.

    A6-resource-length is left to the replay of a model.
    """
    if environment.routes is not None:
        yield _has_route(environment.routes, request)
    if environment.arn is None:
        return
    fields = dict(zip(range(6), environment.arn, strict=True))
    for index, part in {1: Part.PARTITION, 3: Part.REGION, 4: Part.ACCOUNT, 5: Part.API_ID}.items():
        yield _part_is(part, fields[index], request)


def _has_route(routes: Routes, request: Request) -> z3.BoolRef:
    """Rule: D2-routes."""
    verbs = {verb for one in routes for verb in one.methods}
    other = either(_part_is(Part.PATH, one, request) for one in other_spellings())
    slashes = (
        both(_has_verb(one.methods, request), _part_is(Part.PATH, one.paths, request))
        for one in routes
        if one.deeper
    )
    spelled_otherwise = both(
        request.reading(Reading.ROUTE_SPELLED_OTHERWISE),
        either((both(_has_verb(verbs, request), other), *slashes)),
    )
    return either((*(_takes(one, request) for one in routes), spelled_otherwise))


def _takes(route: Route, request: Request) -> z3.BoolRef:
    deeper = _part_is(Part.PATH, route.deeper, request) if route.deeper else false()
    path = _part_is(Part.PATH, route.paths, request)
    return both(_has_verb(route.methods, request), path, negation(deeper))


def _has_verb(verbs: Collection[str], request: Request) -> z3.BoolRef:
    return either(_part_is(Part.METHOD, glob(one), request) for one in METHODS if one in verbs)


def _part_is(part: Part, wanted: Pattern, request: Request) -> z3.BoolRef:
    return pattern_matches(((true(), request.parts[part]),), wanted, request)


def _caller(environment: Environment, request: Request) -> Iterator[z3.BoolRef]:
    """Exactly one kind of caller (D4-iam-caller, D4-anonymous); real sessions have names."""
    kinds = request.caller.kinds
    possible = {CallerKind.ANONYMOUS}
    if environment.authorization is Authorization.IAM:
        possible = {*_IDENTITIES, CallerKind.SERVICE}
    yield either(is_kind for kind, is_kind in kinds.items() if kind in possible)
    for kind in kinds:
        if kind not in possible:
            yield negation(kinds[kind])
    ordered = sorted(possible, key=lambda kind: kind.value)
    for index, kind in enumerate(ordered):
        yield from (negation(both(kinds[kind], kinds[other])) for other in ordered[:index])
    yield request.caller.in_session


def _caller_account(environment: Environment, request: Request) -> Iterator[z3.BoolRef]:
    """Whose identities call (C4-account); in one account the symbol of both is the same."""
    match environment.caller_account:
        case CallerAccount.ANY:
            pass
        case CallerAccount.SAME:
            yield has_account(request)
        case CallerAccount.CROSS:
            own = (request.api_account,)
            yield has_account(request)
            yield negation(text_matches((request.caller.account,), own, request.atoms))


def _values(symbols: KeySymbols) -> Iterator[z3.BoolRef]:
    """What holds of any value of the key's type."""
    for slot in symbols.slots:
        match slot.value:
            case InstantValue(seconds):
                yield seconds >= -FARTHEST
                yield seconds <= FARTHEST
            case _:
                pass


def _presence(symbols: KeySymbols, environment: Environment, request: Request) -> z3.BoolRef:
    """When the key is there (D1-always, D1-optional, D1-never, C6-resource)."""
    present = symbols.present
    if symbols.key.name == VIA_DOMAIN and environment.via_domain:
        return present
    match symbols.key.presence:
        case Presence.ALWAYS:
            return present
        case Presence.OPTIONAL:
            return true()
        case Presence.NEVER:
            return negation(present)
        case Presence.PUBLIC:
            return _source_ip_presence(present, environment, request)
        case Presence.PRIVATE:
            return _vpc_presence(present, environment)
        case _:
            return _principal_key_presence(symbols, request)


def _principal_key_presence(symbols: KeySymbols, request: Request) -> z3.BoolRef:
    """When a key that tells of the caller is there.

    Rules: D4-iam-keys, D4-anonymous-keys, D4-service, D4-username, D4-temporary, D4-tags.
    """
    present = symbols.present
    match symbols.key.presence:
        case Presence.IDENTITY:
            named = _is_any(_IDENTITIES, request)
            return iff(present, either((named, _anonymous_has(symbols.key, request))))
        case Presence.TEMPORARY:
            always = implies(_is_any(_TEMPORARY, request), present)
            return both(always, implies(present, _is_any(_IDENTITIES, request)))
        case Presence.USER:
            return iff(present, request.caller.kinds[CallerKind.USER])
        case _:
            return implies(present, _is_any(_IDENTITIES, request))


def _is_any(kinds: tuple[CallerKind, ...], request: Request) -> z3.BoolRef:
    return either(request.caller.kinds[kind] for kind in kinds)


def _anonymous_has(key: Key, request: Request) -> z3.BoolRef:
    """An anonymous request has the key (D4-anonymous-keys)."""
    if key.name not in {"aws:PrincipalAccount", "aws:PrincipalType", "aws:userid"}:
        return false()
    is_anonymous = request.caller.kinds[CallerKind.ANONYMOUS]
    return both(request.reading(Reading.ANONYMOUS_PRINCIPAL_KEYS), is_anonymous)


def _source_ip_presence(
    present: z3.BoolRef, environment: Environment, request: Request
) -> z3.BoolRef:
    """Rules: D2-unknown-endpoint, D2-public-source-ip, D2-private-source-ip."""
    match environment.endpoint:
        case None:
            return true()
        case Endpoint.EDGE | Endpoint.REGIONAL:
            return present
        case Endpoint.PRIVATE:
            return iff(present, request.reading(Reading.PRIVATE_SOURCE_IP_PRESENT))


def _vpc_presence(present: z3.BoolRef, environment: Environment) -> z3.BoolRef:
    """Rules: D2-unknown-endpoint, D2-public-no-vpc, D2-private-vpc."""
    match environment.endpoint:
        case None:
            return true()
        case Endpoint.EDGE | Endpoint.REGIONAL:
            return negation(present)
        case Endpoint.PRIVATE:
            return present


def _source_addresses(environment: Environment, request: Request) -> Iterator[z3.BoolRef]:
    """Which addresses aws:SourceIp can hold.

    Rules: D2-public-source-ip, D2-private-source-ip, D2-ipv4, D3-not-public.
    """
    symbols = request.keys.get("aws:sourceip")
    if symbols is None or not isinstance(symbols.slots[0].value, AddressValue):
        return
    address = symbols.slots[0].value
    match environment.endpoint:
        case None:
            pass
        case Endpoint.EDGE | Endpoint.REGIONAL:
            yield implies(symbols.present, negation(_special(address, request)))
        case Endpoint.PRIVATE:
            yield implies(symbols.present, _special(address, request))
    if environment.ip_address_type is IpAddressType.IPV4:
        yield implies(symbols.present, negation(address.is_v6))


def _special(address: AddressValue, request: Request) -> z3.BoolRef:
    """The address is none of the public Internet's (D3-not-public)."""
    return in_ranges(address, not_public(), request)


def _asks_about_time(request: Request) -> bool:
    """Where no formula does, all times are the same in a model: 1970-01-01T00:00:00Z."""
    asked = (request.keys[name].slots[0].value for name in request.asked)
    return any(isinstance(value, InstantValue) for value in asked)


def _credentials(request: Request) -> Iterator[z3.BoolRef]:
    """Ties between keys: D4-temporary, D4-mfa-age, D4-token-time, D4-organization."""
    keys = request.keys
    if told := keys.get("aws:multifactorauthpresent"):
        yield implies(told.present, keys["aws:tokenissuetime"].present)
    if (age := keys.get("aws:multifactorauthage")) and isinstance(age.slots[0].value, NumberValue):
        mfa = keys["aws:multifactorauthpresent"]
        flag = mfa.slots[0].value
        used = flag.flag if isinstance(flag, FlagValue) else false()
        yield implies(age.present, both(mfa.present, used, age.slots[0].value.number >= 0))
    if (issued := keys.get("aws:tokenissuetime")) and _asks_about_time(request):
        time = issued.slots[0].value
        if isinstance(time, InstantValue):
            yield implies(issued.present, time.seconds <= request.clock)
            yield every((request.clock >= -FARTHEST, request.clock <= FARTHEST))
    if organization := keys.get("aws:principalorgid"):
        yield iff(organization.present, keys["aws:principalorgpaths"].present)
