"""A command that sends a request, for those that curl can send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from policycheck.model.request import INVOKE, CallerKind, Request
from policycheck.report.characters import printable
from policycheck.report.requests import Target, target

DOMAINS: Mapping[str, str] = {
    "aws": "amazonaws.com",
    "aws-us-gov": "amazonaws.com",
    "aws-cn": "amazonaws.com.cn",
}
"""The domain of a partition's endpoints. Source: APIGW/how-to-call-api and AWS's general reference
of endpoints; other partitions have domains of their own."""

_SENT = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:principalaccount",
        "aws:principaltype",
        "aws:referer",
        "aws:securetransport",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:useragent",
        "aws:userid",
        "aws:vpcsourceip",
    }
)
"""The keys that an anonymous request from the right place has by itself, or by a header."""

_WORD = re.compile(r"[A-Za-z0-9-]+")
_HEADER = r"[!-~](?:[ -~]*[!-~])?"
_UNRESERVED = "/:@!$&'()*+,;=~"


def curl(request: Request) -> list[str]:
    """A comment that says where to be, and the command; nothing if curl cannot send the request.

    It can if the caller is anonymous and no key is there that only AWS sets for other callers.
    Source: APIGW/how-to-call-api, apigateway-private-api-test-invoke-url.
    """
    called = target(request)
    if called is None or not _sendable(request, called):
        return []
    from shlex import quote  # noqa: PLC0415 -- proofs have no commands

    options = " ".join(map(quote, ["curl", *_method(called), *_headers(request)]))
    return [*_place(request), f"{options} \\", f"  {quote(_url(request, called))}"]


def _sendable(request: Request, called: Target) -> bool:
    values = request.values
    labels = (called.api_id, called.region, _single(request, "aws:sourcevpce") or "-")
    words = (*labels, called.stage.replace("_", "-"))
    return (
        request.principal.kind is CallerKind.ANONYMOUS
        and request.action == INVOKE
        and called.partition in DOMAINS
        and all(map(_WORD.fullmatch, words))
        and values.keys() <= _SENT
        and _single(request, "aws:securetransport") != "false"
        and all(len(found) == 1 for found in values.values())
        and all(_header_sendable(request, key) for key in ("aws:useragent", "aws:referer"))
        and not any("\ud800" <= char <= "\udfff" for char in called.path)
    )


def _header_sendable(request: Request, key: str) -> bool:
    value = _single(request, key)
    return not value or re.fullmatch(_HEADER, value) is not None


def _single(request: Request, key: str) -> str | None:
    found = request.values.get(key)
    return found[0] if found else None


def _method(called: Target) -> Iterator[str]:
    if called.method == "HEAD":
        yield "--head"
    elif called.method != "GET":
        yield from ("-X", called.method)
    if "/." in called.path:
        yield "--path-as-is"


def _headers(request: Request) -> Iterator[str]:
    """The headers that keys come from; curl sends a User-Agent of its own unless told not to."""
    agent, referer = _single(request, "aws:useragent"), _single(request, "aws:referer")
    yield from ("-H", _header("User-Agent", agent) if agent is not None else "User-Agent:")
    if referer is not None:
        yield from ("-H", _header("Referer", referer))


def _header(name: str, value: str) -> str:
    """A header as curl's -H takes it: a semicolon stands for a header without a value."""
    return f"{name}: {value}" if value else f"{name};"


def _url(request: Request, called: Target) -> str:
    vpce = _single(request, "aws:sourcevpce")
    host = f"{called.api_id}-{vpce}" if vpce else called.api_id
    domain = f"{host}.execute-api.{called.region}.{DOMAINS[called.partition]}"
    return f"https://{domain}/{called.stage}{quote(called.path, safe=_UNRESERVED)}"


def _place(request: Request) -> Iterator[str]:
    """What the machine that sends the request must be."""
    address = _single(request, "aws:vpcsourceip") or _single(request, "aws:sourceip")
    vpc = _single(request, "aws:sourcevpc")
    places = [f"in {vpc}"] if vpc else []
    if address:
        places.append(f"from {address}")
    if places:
        yield printable("# " + ", ".join(places))
