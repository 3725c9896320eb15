"""The families of rules that the twin tests go through, each a check on random data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import strategies
from agreement import assert_policy, assert_predicate
from hypothesis import strategies as st

from policycheck.model.environment import Authorization
from policycheck.model.predicate import Conditions
from policycheck.model.reading import Reading

Check = Callable[[st.DataObject], None]

SEEDS = st.integers(0, 2**32)
ENVIRONMENTS = strategies.environments()
READINGS = strategies.readings() | st.just(frozenset(Reading))
DECLARED = ENVIRONMENTS.map(
    lambda one: replace(one, authorization=Authorization.IAM, keys=strategies.DECLARED)
)
EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def conditions(family: str, *, variables: bool = False, most: int = 2) -> Check:
    """Conditions of the family in a spec that declares keys."""

    def check(data: st.DataObject) -> None:
        block = data.draw(strategies.condition_blocks([family], variables=variables, most=most))
        environment = data.draw(DECLARED | ENVIRONMENTS)
        assert_predicate(
            Conditions(strategies.entries(block)),
            environment,
            data.draw(READINGS),
            data.draw(SEEDS),
        )

    return check


def predicate(found: st.SearchStrategy) -> Check:
    """Predicates of a spec."""

    def check(data: st.DataObject) -> None:
        assert_predicate(
            data.draw(found), data.draw(ENVIRONMENTS), data.draw(READINGS), data.draw(SEEDS)
        )

    return check


def statement(
    element: str,
    values: st.SearchStrategy,
    *,
    effect: str = "Allow",
    readings: st.SearchStrategy = READINGS,
) -> Check:
    """A statement whose one interesting element is drawn; a Deny stands beside an Allow."""

    def check(data: st.DataObject) -> None:
        plain = {k: v for k, v in EVERYBODY.items() if k != element.removeprefix("Not")}
        drawn = {**plain, "Effect": effect, element: data.draw(values)}
        both = [EVERYBODY, drawn] if effect == "Deny" else drawn
        policy = strategies.read({"Version": "2012-10-17", "Statement": both})
        assert_policy(policy, data.draw(ENVIRONMENTS), data.draw(readings), data.draw(SEEDS))

    return check


def whole_policy(data: st.DataObject) -> None:
    """A whole policy."""
    policy = strategies.read(data.draw(strategies.policies()))
    assert_policy(policy, data.draw(ENVIRONMENTS), data.draw(READINGS), data.draw(SEEDS))


_OF_CALLERS = READINGS | st.sets(
    st.sampled_from((Reading.USER_NAMES_ITS_FEDERATED_SESSIONS, Reading.NOT_PRINCIPAL_STRICT)),
    min_size=1,
).map(frozenset)
_RESOURCES = strategies.one_or_more(strategies.resources(variables=True))
_ACTIONS = strategies.one_or_more(strategies.ACTION_PATTERNS)

FAMILIES: Mapping[str, Check] = {
    "text": conditions("text"),
    "address": conditions("address"),
    "order": conditions("order"),
    "arn": conditions("arn"),
    "several values": conditions("several"),
    "null": conditions("null"),
    "variables in texts": conditions("text", variables=True),
    "variables in arns": conditions("arn", variables=True),
    "predicates": predicate(strategies.predicates()),
    "recurring times and ranges": predicate(strategies.beyond_policies()),
    "callers": predicate(strategies.callers()),
    "parts of the resource": predicate(strategies.targets()),
    "Principal": statement("Principal", strategies.principals(), readings=_OF_CALLERS),
    "NotPrincipal": statement(
        "NotPrincipal", strategies.principals(), effect="Deny", readings=_OF_CALLERS
    ),
    "Resource": statement("Resource", _RESOURCES),
    "NotResource": statement("NotResource", _RESOURCES),
    "Action": statement("Action", _ACTIONS),
    "NotAction": statement("NotAction", _ACTIONS),
    "Condition": statement(
        "Condition", strategies.condition_blocks(["text", "arn"], variables=True, most=2)
    ),
    "policies": whole_policy,
}
"""What random data of each family is checked by; a disagreement raises AssertionError."""
