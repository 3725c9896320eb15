"""Policies, specs and questions in few words."""

from __future__ import annotations

import json
from pathlib import Path

from policycheck.concrete.assertion import breaks, witnesses
from policycheck.concrete.environment import objection
from policycheck.diagnostics import Source
from policycheck.model.assertion import AssertionKind
from policycheck.model.verdict import Status
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_spec
from policycheck.solve.limits import Limits
from policycheck.solve.prover import prove

HERE = Path(__file__).parent
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def allow(**elements):
    """An Allow statement for everybody and everything, but for the elements given."""
    kept = {k: v for k, v in EVERYBODY.items() if f"Not{k}" not in elements}
    return {**kept, **elements}


def deny(**elements):
    return {**allow(**elements), "Effect": "Deny"}


def policy_of(*statements, version="2012-10-17"):
    return parse_policy(
        Source("<policy>", json.dumps({"Version": version, "Statement": list(statements)}))
    )


def spec_of(*assertions, api=None, keys=None):
    found = [{"id": f"a{index}", **one} for index, one in enumerate(assertions)]
    data = {"version": 1, "api": api or {}, "keys": keys or {}, "assertions": found}
    return parse_spec(Source("<spec>", json.dumps(data)), HERE)


def assert_backed(verdict, environment):
    """Whatever example the verdict has can exist and shows what it says."""
    for example in (verdict.counterexample, verdict.witness):
        if example is None:
            continue
        request, readings = example.request, example.readings
        assert objection(environment, request, readings) is None
        sometimes = verdict.assertion.kind is AssertionKind.SOMETIMES_ALLOWED
        shows = witnesses if sometimes else breaks
        assert shows(verdict.assertion, verdict.policy, request, readings)


def ask(statements, assertion, *, api=None, keys=None, limits=None):
    """The verdict on one assertion about a policy, checked against the concrete evaluator."""
    spec = spec_of(assertion, api=api, keys=keys)
    (verdict,) = prove([policy_of(*statements)], spec, limits or Limits()).verdicts
    assert_backed(verdict, spec.environment)
    if verdict.status is Status.VIOLATED and "sometimes_allowed" not in assertion:
        assert verdict.counterexample is not None
    return verdict


def status(statements, assertion, **sections):
    return ask(statements, assertion, **sections).status.value


def never(**predicate):
    return {"never_allowed": predicate}


def always(**predicate):
    return {"always_allowed": predicate}


def sometimes(**predicate):
    return {"sometimes_allowed": predicate}


def condition(operator, key, *values):
    """A spec's predicate: one operator on one key."""
    return {"condition": {operator: {key: list(values)}}}
