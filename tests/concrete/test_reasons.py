"""Reasons in words that no cited decision gives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cited import ARN, policy_of

from policycheck.concrete.condition_trace import trace_entry
from policycheck.concrete.trace import trace, trace_statement
from policycheck.model.policy import ActionElement, ActionPattern
from policycheck.model.reading import DEFAULT_READINGS, Reading
from policycheck.model.request import Caller, CallerKind, Request
from policycheck.model.text import glob

ROLE = "arn:aws:iam::111122223333:role/team/r"
SESSION = "arn:aws:sts::111122223333:assumed-role/r/s"
VARIABLE = "execute-api:/*/GET/${aws:referer, 'pets'}"


def told(raw, request=None, *readings):
    found = trace(policy_of(raw), request or Request(ARN), frozenset(readings))
    return found.statements[0]


def entry_told(condition, **context):
    (entry,) = policy_of({"Condition": condition}).statements[0].conditions
    values = {f"x:{key}": value for key, value in context.items()}
    return trace_entry(entry, values, DEFAULT_READINGS).reason


def test_every_missing_id_of_the_caller_is_named():
    """Rule A4-not-principal."""
    caller = Caller(CallerKind.ROLE, SESSION)
    request = Request(ARN, principal=caller, context={"aws:PrincipalArn": ROLE})
    account = {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}}
    found = told(account, request, Reading.NOT_PRINCIPAL_STRICT)
    assert found.principal.reason == (
        f"not every id of the caller is listed: the assumed-role session {SESSION}"
        f" and the role {ROLE} is missing"
    )


@pytest.mark.parametrize("value", ["10.0.0.1", "::1"])
def test_a_text_that_is_an_address_is_still_a_text(value):
    assert entry_told({"StringEquals": {"x:a": "b"}}, a=(value,)) == f"{value} does not equal b"


QUANTIFIED = [
    ("ForAnyValue:StringEquals", ("p", "q"), "q equals ${x:b}"),
    ("ForAnyValue:StringEquals", ("p",), "no value does"),
    ("ForAllValues:StringEquals", ("q", "p"), "p does not equal ${x:b}"),
    ("ForAllValues:StringEquals", ("q", "q"), "every value does"),
    ("StringEquals", ("q",), "q equals ${x:b}"),
]


@pytest.mark.parametrize(("operator", "values", "reason"), QUANTIFIED)
def test_a_variable_has_its_value_under_a_quantifier_too(operator, values, reason):
    """Rule B6-variable."""
    assert entry_told({operator: {"x:a": "${x:b}"}}, a=values, b=("q",)) == reason


@pytest.mark.parametrize(
    ("readings", "matched"), [((), False), ((Reading.EMPTY_VARIABLE_HAS_NO_VALUE,), True)]
)
def test_an_empty_variable_of_a_resource(readings, matched):
    """Rule B6-variable-empty."""
    request = Request(ARN, context={"aws:Referer": ""})
    found = told({"Resource": VARIABLE}, request, *readings)
    assert found.resource.holds is matched
    verb = f"matches {VARIABLE}" if matched else "matches no entry"
    assert found.resource.reason == f"{ARN} {verb}"


def test_the_variable_that_voids_a_statement_is_the_one_without_a_value():
    """Rule B6-variable-void."""
    resources = [VARIABLE, "execute-api:/*/GET/${aws:useragent}", "*"]
    request = Request(ARN, context={"aws:Referer": ""})
    found = told({"Resource": resources}, request, Reading.MISSING_VARIABLE_VOIDS_STATEMENT)
    assert (found.applies, found.voided) == (False, "${aws:useragent}")


def test_an_action_that_no_policy_spells_is_shown_as_its_pattern():
    (statement,) = policy_of({}).statements
    action = ActionElement((ActionPattern(glob("execute-api:inv*")),))
    found = trace_statement(replace(statement, action=action), Request(ARN), DEFAULT_READINGS)
    assert found.action.wanted == ("execute-api:inv*",)
