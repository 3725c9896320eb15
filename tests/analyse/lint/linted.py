"""Policies to lint, and what is found in them."""

import json
from pathlib import Path

from policycheck.analyse.lint.selection import Selection
from policycheck.analyse.lint.setting import Setting
from policycheck.diagnostics import Source
from policycheck.linting import lint
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_environment

OFFICE, OTHER = "8.8.4.0/24", "8.8.8.0/24"
VPC, VPCE = "vpc-0c5de1a7b9f23846d", "vpce-0f3a9d71c2b84e650"
API = "arn:aws:execute-api:us-east-1:210987654321:k3xq8w2v7d"
ACCOUNT = {"AWS": "210987654321"}
REGIONAL = "api: {endpoint: regional}"
PRIVATE = "api: {endpoint: private}"
IAM = "api: {endpoint: regional, authorization: iam}"


def statement(effect, resource="execute-api:/*", condition=None, **changes):
    found = {
        "Effect": effect,
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": resource,
        **changes,
    }
    return {**found, "Condition": condition} if condition else found


def allow(resource="execute-api:/*", condition=None, **changes):
    return statement("Allow", resource, condition, **changes)


def deny(resource="execute-api:/*", condition=None, **changes):
    return statement("Deny", resource, condition, **changes)


def when(operator, key, *values):
    return {operator: {f"aws:{key}": list(values) if len(values) > 1 else values[0]}}


def ip(*blocks):
    return when("IpAddress", "SourceIp", *blocks)


def not_ip(*blocks):
    return when("NotIpAddress", "SourceIp", *blocks)


def policy(*statements):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return parse_policy(Source("policy.json", json.dumps(document, indent=1)))


def setting(spec):
    return Setting.of(parse_environment(Source("spec.yaml", f"version: 1\n{spec}\n"), Path()))


def findings(*statements, spec=None, select=()):
    known = setting(spec) if spec else None
    report = lint(policy(*statements), known, Selection(tuple(select)))
    assert report.undecided == ()
    return report.findings


def codes(*statements, spec=None):
    """The codes found, in order, without that the whole API is open."""
    found = findings(*statements, spec=spec)
    return [one.code for one in found if one.code != "POLICY_ALLOWS_EVERYBODY"]
