"""Small policies whose regions are known."""

from __future__ import annotations

import json

from policycheck.diagnostics import Source
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.read.policy import parse_policy

PUBLIC = Environment(endpoint=Endpoint.REGIONAL)
PRIVATE = Environment(endpoint=Endpoint.PRIVATE)
IAM = Environment(endpoint=Endpoint.REGIONAL, authorization=Authorization.IAM)


def statement(effect="Allow", resource="execute-api:/*", condition=None, **other):
    made = {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": resource,
        **other,
    }
    return made | ({"Condition": condition} if condition else {})


def policy(*statements, name="policy.json"):
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)
    return parse_policy(Source(name, text))


def from_addresses(*blocks, operator="IpAddress"):
    return {operator: {"aws:SourceIp": list(blocks)}}


ALL = statement()
OFFICE = statement(condition=from_addresses("203.0.113.0/24", "2001:db8::/126"))
GUARD = statement("Deny", condition=from_addresses("203.0.113.0/24", operator="NotIpAddress"))
