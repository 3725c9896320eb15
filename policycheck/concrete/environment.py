"""Which requests can exist at all, and why another one cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from policycheck.concrete import address, identity, order, text
from policycheck.concrete.arn import parse_arn
from policycheck.concrete.principal import account
from policycheck.concrete.text import Context
from policycheck.model.address import Address, Family
from policycheck.model.environment import (
    ACTIONS,
    MAX_RESOURCE_BYTES,
    VIA_DOMAIN,
    CallerAccount,
    Endpoint,
    Environment,
    IpAddressType,
)
from policycheck.model.keys import Key, KeyType, Presence, aws_keys
from policycheck.model.reading import DEFAULT_READINGS, Reading, Readings
from policycheck.model.request import Request
from policycheck.model.route import METHODS, Route, other_spellings
from policycheck.model.special_purpose import not_public

_RESOURCE = re.compile(
    r"arn:(?P<partition>aws[a-z0-9-]*):execute-api:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12})"
    r":(?P<api_id>[A-Za-z0-9]+)/(?P<stage>[A-Za-z0-9_-]{1,128})/"
    rf"(?P<method>{'|'.join(METHODS)})/(?P<path>.*)",
    re.DOTALL,
)
_DOMAIN = re.compile(r"/domainnames/[A-Za-z0-9.*_-]+\+[A-Za-z0-9.*_-]+")
"""The last field of the ARN of a private custom domain."""


def admits(
    environment: Environment, request: Request, readings: Readings = DEFAULT_READINGS
) -> bool:
    """Whether the request can exist in the environment (contract section 4, semantics D)."""
    return objection(environment, request, readings) is None


def objection(
    environment: Environment, request: Request, readings: Readings = DEFAULT_READINGS
) -> str | None:
    """The first reason why the request cannot exist, as a clause; None if it can."""
    return next(_objections(environment, request, readings), None)


def _objections(environment: Environment, request: Request, readings: Readings) -> Iterator[str]:
    """Every reason in turn; a later check relies on the earlier ones (A5-actions)."""
    context = {key: values for key, values in request.values.items() if values}
    yield from _resource_objections(environment, request.resource, readings)
    if request.action not in ACTIONS:
        yield f"{request.action} is none of the service's actions"
    yield from _key_objections(environment, context)
    yield from _clock_objections(context)
    yield from _source_objections(environment, context, readings)
    yield from identity.objections(environment, request.principal, context, readings)
    yield from _partition_objections(request, context)
    yield from _account_objections(environment, request)
    if environment.via_domain:
        yield from _domain_objections(request, context)


def _partition_objections(request: Request, context: Context) -> Iterator[str]:
    """Rule: D4-partition."""
    caller = parse_arn(context.get("aws:principalarn", ("",))[0])
    own = parse_arn(request.resource)
    if caller is not None and own is not None and caller[1] != own[1]:
        yield f"the caller is of the partition {caller[1]}, and the API of {own[1]}"


def _account_objections(environment: Environment, request: Request) -> Iterator[str]:
    """Rule: C4-account."""
    if environment.caller_account is CallerAccount.ANY:
        return
    own = (parse_arn(request.resource) or ())[4:5]
    caller = account(request.principal)
    if caller is None:
        yield "the caller belongs to no account"
    elif ((caller,) == own) is not (environment.caller_account is CallerAccount.SAME):
        yield f"the caller's account is {caller}, and the API's is {own[0]}"


def _domain_objections(request: Request, context: Context) -> Iterator[str]:
    """Rule: C6-resource."""
    domain = parse_arn(context.get(VIA_DOMAIN.lower(), ("",))[0])
    api = parse_arn(request.resource)
    if domain is None or api is None:
        yield f"every request through a private custom domain has {VIA_DOMAIN}"
    elif domain[:5] != api[:5] or not _DOMAIN.fullmatch(domain[5]):
        yield f"{VIA_DOMAIN} is not the ARN of a domain of the API's account and region"


def _resource_objections(
    environment: Environment, resource: str, readings: Readings
) -> Iterator[str]:
    """Rules: A6-request-arn, A6-resource-length, D2-api, D2-routes."""
    found = _RESOURCE.fullmatch(resource)
    if found is None:
        yield "the resource is not arn:P:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH"
        return
    if len(resource.encode("utf-8", "surrogatepass")) > MAX_RESOURCE_BYTES:
        yield f"the resource is longer than {MAX_RESOURCE_BYTES} bytes"
    if environment.stages is not None and found["stage"] not in environment.stages:
        yield f"the API has no stage {found['stage']}"
    if not has_route(environment, found["method"], f"/{found['path']}", readings):
        yield f"the API has no route {found['method']} /{found['path']}"
    if environment.arn is not None:
        fields = (*(parse_arn(resource) or ())[:5], found["api_id"])
        for actual, wanted in zip(fields, environment.arn, strict=True):
            if not text.glob_matches(actual, wanted):
                yield f"the resource is of another API: {actual} is not {wanted}"


def has_route(environment: Environment, method: str, path: str, readings: Readings) -> bool:
    """Whether the API has a route for a verb and a path that begins with a slash (D2-routes)."""
    if environment.routes is None or any(_takes(r, method, path) for r in environment.routes):
        return True
    if Reading.ROUTE_SPELLED_OTHERWISE not in readings:
        return False
    paths = [one.paths for one in environment.routes if method in one.methods]
    return bool(paths) and any(text.glob_matches(path, one) for one in (*paths, *other_spellings()))


def _takes(route: Route, method: str, path: str) -> bool:
    """Rule: D2-routes."""
    deeper = route.deeper
    return (
        method in route.methods
        and text.glob_matches(path, route.paths)
        and not (deeper and text.glob_matches(path, deeper))
    )


def _key_objections(environment: Environment, context: Context) -> Iterator[str]:
    """Rules: D1-unknown-key, D1-never, D1-always, D1-optional."""
    for name, values in context.items():
        key = environment.keys.find(name)
        if key is None or key.presence is Presence.NEVER:
            yield f"no request has the key {name}"
        else:
            yield from _value_objections(key, values)
    for name, key in {**aws_keys(), **environment.keys.declared}.items():
        if key.presence is Presence.ALWAYS and name not in context:
            yield f"every request has the key {key.name}"


def _value_objections(key: Key, values: tuple[str, ...]) -> Iterator[str]:
    """Rules: D1-single, D1-typed, D1-not-empty, D1-declared."""
    if len(values) > 1 and not key.multivalued:
        yield f"{key.name} has one value, not {len(values)}"
    for value in values:
        if not (_is_of_type(value, key) or _may_be_malformed(key)):
            yield f"{value!r} is no value of the type {key.type.value} for {key.name}"


def _may_be_malformed(key: Key) -> bool:
    return key.declared and key.client_controlled


def _is_of_type(value: str, key: Key) -> bool:
    match key.type:
        case KeyType.STRING:
            return value != "" or _may_be_empty(key)
        case KeyType.IP:
            return address.parse_address(value) is not None
        case KeyType.DATE:
            is_number = order.parse_number(value) is not None
            return order.parse_instant(value) is not None and (is_number or not key.epoch)
        case KeyType.NUMERIC:
            return order.parse_number(value) is not None
        case KeyType.BOOL:
            return order.parse_flag(value) is not None
        case KeyType.ARN:
            return parse_arn(value) is not None
    assert_never(key.type)


def _may_be_empty(key: Key) -> bool:
    """A header's value, a tag's, and whatever a spec declares (D1-not-empty)."""
    return key.client_controlled or key.declared or key.presence is Presence.TAG


def _clock_objections(context: Context) -> Iterator[str]:
    """Rule: D4-clock."""
    current, epoch = context["aws:currenttime"][0], context["aws:epochtime"][0]
    if order.parse_instant(current) != order.parse_instant(epoch):
        yield "aws:CurrentTime and aws:EpochTime differ"


def _source_objections(
    environment: Environment, context: Context, readings: Readings
) -> Iterator[str]:
    """Rules: D2-unknown-endpoint, D2-ipv4."""
    source = _address_of(context, "aws:sourceip")
    if (
        environment.ip_address_type is IpAddressType.IPV4
        and source is not None
        and source.family is Family.V6
    ):
        yield "no caller has an IPv6 address"
    match environment.endpoint:
        case None:
            pass
        case Endpoint.EDGE | Endpoint.REGIONAL:
            yield from _public_endpoint_objections(context, source)
        case Endpoint.PRIVATE:
            yield from _private_endpoint_objections(context, source, readings)


def _public_endpoint_objections(context: Context, source: Address | None) -> Iterator[str]:
    """Rules: D2-public-source-ip, D2-public-no-vpc, D3-not-public."""
    if source is None:
        yield "every request to a public endpoint has aws:SourceIp"
    elif _is_not_public(source):
        yield "aws:SourceIp is an address that no caller of a public endpoint has"
    for key in _vpc_keys():
        if key.name.lower() in context:
            yield f"no request to a public endpoint has {key.name}"


def _private_endpoint_objections(
    context: Context, source: Address | None, readings: Readings
) -> Iterator[str]:
    """Rules: D2-private-vpc, D2-private-source-ip."""
    for key in _vpc_keys():
        if key.name.lower() not in context:
            yield f"every request to a private endpoint has {key.name}"
    if Reading.PRIVATE_SOURCE_IP_PRESENT not in readings:
        if source is not None:
            yield "no request to a private endpoint has aws:SourceIp"
    elif source is None or not _is_not_public(source):
        yield "aws:SourceIp is some address that is not public on a private endpoint"


def _vpc_keys() -> Iterator[Key]:
    return (key for key in aws_keys().values() if key.presence is Presence.PRIVATE)


def _address_of(context: Context, name: str) -> Address | None:
    return address.parse_address(context[name][0]) if name in context else None


def _is_not_public(actual: Address) -> bool:
    """Rule: D3-not-public."""
    return any(address.contains(actual, block, DEFAULT_READINGS) for block in not_public())
