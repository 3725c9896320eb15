"""A variable stands for the text of a value, however it is spelled: no spelling breaks a proof."""

from __future__ import annotations

import pytest
from asking import allow, ask, condition, never, policy_of, spec_of

from policycheck.concrete.assertion import breaks
from policycheck.concrete.environment import admits
from policycheck.model.request import Request
from policycheck.model.verdict import Status

ARN = "arn:aws:execute-api:us-east-1:111122223333:abc/prod/GET/"
ALWAYS_THERE = {
    "aws:CurrentTime": "2026-01-01T00:00:00Z",
    "aws:EpochTime": "1767225600",
    "aws:SecureTransport": "true",
}
DECLARED = ("arn", "bool", "date", "ip", "numeric")


def declared(kind):
    return {"x:v": {"type": kind}}


def repeats(key):
    """Allows whoever repeats the key's value in a header."""
    return allow(Condition={"StringEquals": {"aws:Referer": f"${{{key}}}"}})


def referer(text):
    return never(**condition("StringEquals", "aws:Referer", text))


def contradicted(key, text, keys):
    """The verdict, and whether the request that spells the value so contradicts a proof."""
    spec = spec_of(referer(text), keys=keys)
    context = {**ALWAYS_THERE, "aws:Referer": text, key: text}
    request = Request(ARN, context=context)
    assert admits(spec.environment, request)
    assert breaks(spec.assertions[0], policy_of(repeats(key)), request)
    return ask([repeats(key)], referer(text), keys=keys).status


@pytest.mark.parametrize("text", ["", "neither"])
@pytest.mark.parametrize("kind", DECLARED)
def test_a_malformed_value_is_any_text(kind, text):
    """Rules D1-declared, B6-variable."""
    assert contradicted("x:v", text, declared(kind)) is not Status.PROVED


@pytest.mark.parametrize("text", ["TRUE", "False", "true", "fALSE"])
@pytest.mark.parametrize(("key", "keys"), [("x:v", declared("bool")), ("aws:SecureTransport", {})])
def test_a_truth_value_is_spelled_in_any_case(key, keys, text):
    """Rules B3-bool, B6-variable."""
    assert contradicted(key, text, keys) is Status.VIOLATED


@pytest.mark.parametrize("text", ["TRUE", "true"])
def test_a_truth_value_is_spelled_as_its_letters(text):
    """Rules B3-bool, B6-variable."""
    statements = [repeats("aws:SecureTransport")]
    off = {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:Referer": text}}
    assertion = never(condition=off)
    assert ask(statements, assertion).status is Status.PROVED
    assert ask(statements, referer("truth")).status is Status.PROVED
