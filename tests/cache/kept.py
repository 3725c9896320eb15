"""Policies and specs whose verdicts are kept, and the table that they are kept in."""

import json
import sqlite3
from pathlib import Path

import policycheck as pc
from policycheck.cache.store import FILE
from policycheck.solve.limits import Limits

SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - {id: proved, never_allowed: {stage: prod, source_ip: 8.8.8.8}}
  - {id: violated, never_allowed: {stage: prod, source_ip: 203.0.113.9}}
  - {id: vacuous, never_allowed: {source_vpc: present}}
  - {id: witnessed, sometimes_allowed: {stage: dev}}
  - {id: nobody, sometimes_allowed: {stage: prod, source_ip: 8.8.8.8}}
"""
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/prod/*",
            "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        },
    ],
}
LIMITS = Limits()


def policy(data=POLICY, name="policy.json", **layout):
    return pc.parse_policy(pc.Source(name, json.dumps(data, **layout)))


def spec(text=SPEC):
    return pc.parse_spec(pc.Source("spec.yaml", text), Path())


def told(verdicts):
    """What a user sees of verdicts, without what differs from run to run."""
    return [
        (
            one.assertion.id,
            one.status,
            one.counterexample,
            one.witness,
            one.because,
            one.readings,
            one.reason,
            one.notes,
        )
        for one in verdicts
    ]


def entries(directory):
    with sqlite3.connect(directory / FILE) as connection:
        return connection.execute("SELECT key, digest, payload FROM entries").fetchall()


def change(directory, **columns):
    """Changes all entries of the table behind the back of the cache."""
    with sqlite3.connect(directory / FILE) as connection:
        for name, value in columns.items():
            connection.execute(f"UPDATE entries SET {name} = ?", (value,))
