"""Policies that are hard on purpose, each by its size; the same one for the same size.

Each function gives a policy as JSON has it and the predicate that is asked of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_network
from random import Random
from typing import Any

Hard = tuple[dict[str, Any], dict[str, Any]]

_GET = "execute-api:/prod/GET/"


def _statement(effect: str, **elements: Any) -> dict[str, Any]:
    """A statement about all callers and all resources, unless ``elements`` say otherwise."""
    where = {} if "NotResource" in elements else {"Resource": "execute-api:/*"}
    common = {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke"}
    return {**common, **where, **elements}


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def stars(size: int) -> Hard:
    """Patterns ``*a*b*c*`` against each other: many are denied, a few are allowed."""
    random = Random(size)
    patterns = {_scattered(random, 3) for _ in range(size * 3 // 4 or 1)}
    denied = [_statement("Deny", Resource=_GET + one) for one in sorted(patterns)]
    allowed = [
        _statement("Allow", Resource=_GET + _scattered(random, 4)) for _ in range(size // 4 or 1)
    ]
    return _policy(*allowed, *denied), {"stage": "prod", "path": "/*a*b*c*"}


def _scattered(random: Random, letters: int) -> str:
    return "*" + "*".join(random.choice("abcdefgh") for _ in range(letters)) + "*"


def negations(size: int) -> Hard:
    """Negated operators in the policy, and a predicate that nests ``not`` two dozen deep."""
    statements = [_statement("Allow")]
    for index in range(size):
        conditions = {
            "StringNotLike": {"aws:UserAgent": [f"agent-{index}*", f"*{index}-bot*"]},
            "NotIpAddress": {"aws:SourceIp": f"203.{index % 200}.0.0/16"},
            "StringNotEquals": {"aws:Referer": f"https://site-{index}.example/"},
        }
        statements.append(_statement("Deny", Condition=conditions))
    predicate: dict[str, Any] = {"source_ip": "203.0.0.0/8"}
    for depth in range(6):
        other = {"condition": {"StringLike": {"aws:UserAgent": f"*{depth}-bot*"}}}
        predicate = {"not": {"all_of": [{"not": predicate}, {"not": other}]}}
        predicate = {"not": {"any_of": [{"not": predicate}, other]}}
    return _policy(*statements), predicate


def nets(size: int) -> Hard:
    """Nets inside nets: each second ring between two of them is denied, in both families."""
    v4, v6 = _nested("203.0.113.77/32", 8), _nested("2001:db8::77/128", 20)
    statements = [_statement("Allow")]
    for index in range(size):
        chain = (v4, v6)[index % 2]
        outer = index % (len(chain) - 1)
        ring = {
            "IpAddress": {"aws:SourceIp": chain[outer]},
            "NotIpAddress": {"aws:SourceIp": chain[outer + 1]},
        }
        statements.append(_statement("Deny", Condition=ring))
    return _policy(*statements), {"source_ip": [v4[0], v6[0]]}


def _nested(innermost: str, shortest: int) -> list[str]:
    net = ip_network(innermost)
    return [str(net.supernet(new_prefix=n)) for n in range(shortest, net.prefixlen + 1)]


def chains(size: int) -> Hard:
    """NotResource after NotResource: what passes has to match every one of the patterns."""
    words = [f"{'abcdefgh'[index % 8]}{index // 8}" for index in range(size)]
    denied = [
        _statement("Deny", NotResource=[f"{_GET}*{word}*", f"{_GET}*{word[0]}/x/*"])
        for word in words
    ]
    return _policy(_statement("Allow"), *denied), {"stage": "prod"}


FAMILIES: Mapping[str, Callable[[int], Hard]] = {
    "stars": stars,
    "negations": negations,
    "nested nets": nets,
    "NotResource chains": chains,
}
