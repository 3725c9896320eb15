"""Policies, a spec and requests for the command line, and the environment of its process."""

import json
import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
ALLOW = {
    "Sid": "AllowAll",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}
DENY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/prod/*",
    "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
}
SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - id: open
    never_allowed: {stage: prod, source_ip: 203.0.113.9}
  - id: closed
    never_allowed: {stage: prod, source_ip: 8.8.8.8}
  - id: nobody
    never_allowed: {source_vpc: present}
"""


def request(target="/prod/GET/pets", **context):
    keys = {f"aws:{name}": value for name, value in context.items()}
    return {"resource": API + target, "context": keys}


def policy_text(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)


def environment(**changes):
    kept = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "COLUMNS", "TERM"}}
    return {**kept, "PYTHONPATH": str(ROOT), "POLICYCHECK_CACHE_DIR": "", **changes}
