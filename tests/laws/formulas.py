"""Formulas over one unknown request, and whether they hold of all that can exist."""

from __future__ import annotations

import json

import z3

from policycheck.diagnostics import Source
from policycheck.model.environment import Authorization, Environment
from policycheck.model.keys import Key, KeySpace, KeyType, Presence
from policycheck.read.policy import parse_policy
from policycheck.solve.limits import Deadline, Limits
from policycheck.solve.solver import Sat, Solver
from policycheck.symbolic import policy as policies
from policycheck.symbolic import predicate as predicates
from policycheck.symbolic.boolean import either, negation
from policycheck.symbolic.condition import entry_holds
from policycheck.symbolic.environment import admits
from policycheck.symbolic.request import Request

KEYS = KeySpace.of(
    Key(name, kind, Presence.OPTIONAL, several, client_controlled=True, declared=True)
    for name, kind, several in (
        ("x:address", KeyType.IP, False),
        ("x:flag", KeyType.BOOL, False),
        ("x:list", KeyType.STRING, True),
        ("x:n", KeyType.NUMERIC, False),
    )
)
EVERYWHERE = Environment(authorization=Authorization.IAM, keys=KEYS)
SLOTS = {"x:list": 4, "aws:principalorgpaths": 4}
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def statement(**elements):
    return {**{k: v for k, v in EVERYBODY.items() if f"Not{k}" not in elements}, **elements}


def policy_of(*statements):
    body = {"Version": "2012-10-17", "Statement": list(statements)}
    return parse_policy(Source("<law>", json.dumps(body)))


class Laws:
    """Formulas over one unknown request."""

    def __init__(self, environment=EVERYWHERE, switched=None):
        self.environment = environment
        self.request = Request(environment, SLOTS, switched)

    def entry(self, operator, key, *values):
        block = {operator: {key: list(values)}}
        (found,) = policy_of(statement(Condition=block)).statements[0].conditions
        return entry_holds(found, self.request)

    def present(self, key):
        return self.request.key(key).present

    def malformed(self, key):
        return either(slot.malformed for slot in self.request.key(key).slots)

    def applies(self, **elements):
        return policies.statement_applies(
            policy_of(statement(**elements)).statements[0], self.request
        )

    def holds(self, predicate):
        return predicates.holds(predicate, self.request)

    def allows(self, *statements):
        return self.allowed_by(policy_of(*statements))

    def allowed_by(self, target):
        applies = {s.index: policies.statement_applies(s, self.request) for s in target.statements}
        return policies.allows(target, applies)

    def is_valid(self, formula: z3.BoolRef) -> bool:
        solver = Solver(self.request.atoms, Limits())
        facts = list(admits(self.environment, self.request))
        solver.start(facts)
        return not isinstance(solver.check(negation(formula), [], Deadline(20.0)), Sat)
