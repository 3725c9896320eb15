"""Requests that do not fit the symbols, each with what is told of it, and symbols that no request
shows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import z3
from cited import KEYS, policy_of
from known_callers import ARN, CALLERS, CLOCK

from policycheck.concrete.condition import entry_holds as concrete_holds
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.keys import Key, KeySpace, KeyType, Presence
from policycheck.model.reading import DEFAULT_READINGS
from policycheck.model.request import Request
from policycheck.model.text import Wildcard
from policycheck.symbolic.binding import bindings
from policycheck.symbolic.condition import entry_holds
from policycheck.symbolic.pinning import truth
from policycheck.symbolic.request import Request as Symbols
from policycheck.symbolic.spelling import with_capitals
from policycheck.symbolic.symbols import Glob, TextSymbol, WordEquation

IAM = Environment(authorization=Authorization.IAM, keys=KEYS)
SIGNED = {
    name: Request(ARN, principal=who, context={**CLOCK, **keys})
    for name, (who, keys) in CALLERS.items()
}
BASE = Request(ARN, context=CLOCK)


def using(*names, environment=IAM):
    symbols = Symbols(environment, {"x:address": 2})
    for name in names:
        symbols.key(name)
    return symbols


def with_keys(request, *, keys):
    return replace(request, context={**request.context, **keys})


MISFITS = [
    (replace(BASE, resource="arn:aws:s3:::a"), (), "no execute-api ARN: 'arn:aws:s3:::a'"),
    (
        with_keys(BASE, keys={"aws:EpochTime": "1"}),
        (),
        "aws:CurrentTime and aws:EpochTime differ",
    ),
    (
        with_keys(BASE, keys={"x:address": ("::1", "::2", "::3")}),
        ("x:address",),
        "x:address has 3 values",
    ),
    (
        with_keys(BASE, keys={"aws:SourceIp": "none"}),
        ("aws:SourceIp",),
        "'none' is not of its key's type",
    ),
    (
        with_keys(BASE, keys={"aws:SecureTransport": "no"}),
        ("aws:SecureTransport",),
        "'no' is not of its key's type",
    ),
    (
        with_keys(BASE, keys={"aws:SourceArn": "arn:aws"}),
        ("aws:SourceArn",),
        "'arn:aws' is not of its key's type",
    ),
    (
        with_keys(BASE, keys={"aws:SourceVpce": ""}),
        ("aws:SourceVpce",),
        "key aws:sourcevpce cannot be ''",
    ),
    (
        replace(BASE, resource=ARN.replace("GET", "get")),
        (),
        "method cannot be 'get'",
    ),
    (
        with_keys(SIGNED["user"], keys={"aws:PrincipalType": "Account"}),
        ("aws:PrincipalType",),
        "the request's parts do not fit 'Account'",
    ),
    (
        with_keys(SIGNED["user"], keys={"aws:PrincipalArn": "arn:aws:iam::111122223333:root"}),
        ("aws:PrincipalArn",),
        "the request's parts do not fit 'arn:aws:iam::111122223333:root'",
    ),
]


@pytest.mark.parametrize(("request_", "names", "message"), MISFITS)
def test_what_does_not_fit_is_told(request_, names, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        bindings(using(*names), request_)


CAUSES = [
    ("aws:SourceIp", "8.8.8.8", Endpoint.PRIVATE, "8.8.8.8"),
    ("aws:SourceArn", "arn:aws", None, "no ARN: 'arn:aws'"),
    ("aws:SecureTransport", "no", None, "no"),
]


@pytest.mark.parametrize(("name", "value", "endpoint", "message"), CAUSES)
def test_the_cause_is_what_could_not_be_read(name, value, endpoint, message):
    symbols = using(name, environment=Environment(endpoint, keys=KEYS))
    with pytest.raises(ValueError, match="is not of its key's type") as raised:
        bindings(symbols, with_keys(BASE, keys={name: value}))
    assert str(raised.value.__cause__) == message


def values(symbols, request):
    return {str(one): value for one, value in bindings(symbols, request)}


def test_symbols_of_keys_that_are_not_there():
    """They play no part, so that any value does; each is bound, and formulas stay decided."""
    names = ("x:address", "x:arn", "x:b", "x:list", "x:n", "x:t")
    bound = values(using(*names), BASE)
    for name in ("x:arn", "x:b", "x:n", "x:t"):
        assert z3.is_false(bound[f"has {name}"])
        assert z3.is_false(bound[f"malformed key {name}"])
        assert z3.is_false(bound[f"empty key {name}"])
    for key in ("x:address", "x:list"):
        for index in range(2):
            assert z3.is_false(bound[f"filled slot {index} of key {key}"])
    assert z3.is_false(bound["flag key x:b"])
    assert z3.is_false(bound["capitals in x:b"])
    assert bound["number key x:n"].as_fraction() == 0
    assert bound["time key x:t"].as_long() == 0
    assert z3.is_false(bound["v6 slot 0 of key x:address"])


def test_only_symbols_are_bound():
    """A key that every request has is there by construction, and a symbol with choices is one of
    them: to bind that would be to bind True."""
    symbols = using("aws:SecureTransport", "x:list", "x:b")
    symbols.atoms.equals(symbols.action, "execute-api:manageconnections")
    for request in (Request(ARN), BASE):
        assert all(z3.is_const(one) for one, _ in bindings(symbols, request))
        assert {"True", "False"}.isdisjoint(values(symbols, request))


def test_symbols_of_keys_that_are_there():
    keys = {
        "x:address": ("::1", ""),
        "x:arn": "a",
        "x:b": "True",
        "x:n": "1.5",
        "x:t": "1970-01-01T00:01:00Z",
    }
    bound = values(using("aws:CurrentTime", *keys), with_keys(BASE, keys=keys))
    assert [z3.is_true(bound[f"filled slot {index} of key x:address"]) for index in (0, 1)] == [
        True,
        True,
    ]
    assert z3.is_true(bound["v6 slot 0 of key x:address"])
    assert z3.is_false(bound["malformed slot 0 of key x:address"])
    assert z3.is_true(bound["malformed slot 1 of key x:address"])
    assert z3.is_true(bound["empty slot 1 of key x:address"])
    assert z3.is_true(bound["malformed key x:arn"])
    assert z3.is_false(bound["empty key x:arn"])
    assert z3.is_true(bound["flag key x:b"])
    assert z3.is_true(bound["capitals in x:b"])
    assert bound["number key x:n"].as_fraction() == 1.5
    assert bound["time key x:t"].as_long() == 60
    assert bound["clock"].as_long() == 1767225600
    assert [str(one) for one, _ in bindings(using("aws:CurrentTime"), BASE)].count("clock") == 1


@pytest.mark.parametrize(
    ("value", "flag", "capitals"),
    [("true", 1, 0), ("TRUE", 1, 1), ("false", 0, 0), ("falsE", 0, 1), ("no", 0, 0)],
)
def test_a_truth_value_and_its_letters(value, flag, capitals):
    """Rule B3-bool."""
    bound = values(using("x:b"), with_keys(BASE, keys={"x:b": value}))
    assert z3.is_true(bound["flag key x:b"]) is bool(flag)
    assert z3.is_true(bound[str(with_capitals("x:b"))]) is bool(capitals)


def test_an_address_is_bound_by_every_bound_of_its_family():
    symbols = using("aws:SourceIp")
    value = symbols.key("aws:SourceIp").slots[0].value
    for bound in (1, 5, 6, 7):
        symbols.atoms.below(value.v4, bound)
        symbols.atoms.below(value.v6, bound)
    for text, v4, v6 in [
        ("0.0.0.6", {1: False, 5: False, 6: False, 7: True}, dict.fromkeys((1, 5, 6, 7), True)),
        ("::6", dict.fromkeys((1, 5, 6, 7), True), {1: False, 5: False, 6: False, 7: True}),
    ]:
        bound = values(symbols, with_keys(BASE, keys={"aws:SourceIp": text}))
        for symbol, expected in ((value.v4, v4), (value.v6, v6)):
            atoms = symbols.atoms.bounds[symbol]
            assert {at: z3.is_true(bound[str(atoms[at])]) for at in expected} == expected


def test_what_is_asked_of_a_text_that_no_request_shows_is_asked_of_the_empty_one():
    symbols = using("aws:Referer")
    text = symbols.key("aws:Referer").slots[0].value.texts[0][1][0]
    empty, other = symbols.atoms.equals(text, ""), symbols.atoms.equals(text, "a")
    some = symbols.atoms.member(text, Glob((Wildcard.ONE,)))
    asked = (empty, other, some, symbols.atoms.of(text).is_literal)
    for context, expected in [
        ({}, (True, False, False, True)),
        ({"aws:Referer": "a"}, (False, True, True, True)),
        ({"aws:Referer": "b"}, (False, False, True, False)),
    ]:
        bound = values(symbols, with_keys(BASE, keys=context))
        assert tuple(z3.is_true(bound[str(one)]) for one in asked) == expected


def test_a_symbol_that_only_an_equation_names_is_empty():
    symbols, hidden = using("aws:Referer"), TextSymbol("hidden")
    text = symbols.key("aws:Referer").slots[0].value.texts[0][1][0]
    solved = symbols.atoms.solves(WordEquation((text,), (hidden, "a")))
    for referer, expected in (("a", True), ("ba", False)):
        bound = values(symbols, with_keys(BASE, keys={"aws:Referer": referer}))
        assert z3.is_true(bound[str(solved)]) is expected


ORGANIZED = {"aws:PrincipalOrgID": "o-1/a", "aws:PrincipalOrgPaths": ("o-1/a/r", "o-1/a/s/t")}


def test_the_paths_of_an_organization_share_its_id():
    """Rule D4-organization."""
    member = with_keys(SIGNED["user"], keys=ORGANIZED)
    entries = [
        policy_of({"Condition": {operator: {key: value}}}).statements[0].conditions[0]
        for operator, key, value in [
            ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-1/a/s/t"),
            ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/a/*"),
            ("StringEquals", "aws:PrincipalOrgID", "o-1/a"),
        ]
    ]
    symbols = using(*ORGANIZED)
    formulas = [entry_holds(entry, symbols) for entry in entries]
    bound = bindings(symbols, member)
    assert [truth(one, bound) for one in formulas] == [True, True, True]
    alone = with_keys(SIGNED["user"], keys={"aws:PrincipalOrgPaths": ("o-1/a/r", "o-1/b/s")})
    symbols = using("aws:PrincipalOrgPaths")
    below = TextSymbol("slot 0 of key aws:principalorgpaths below")
    holds = symbols.atoms.equals(below, "a/r")
    assert truth(holds, bindings(symbols, alone))


def test_an_organization_may_have_any_name():
    """Rule D4-organization."""
    member = with_keys(SIGNED["user"], keys={"aws:PrincipalOrgPaths": ("None/r", "None/s")})
    symbols = using("aws:PrincipalOrgPaths")
    holds = symbols.atoms.equals(TextSymbol("organization"), "None")
    assert truth(holds, bindings(symbols, member))


def test_each_of_several_arns_may_be_malformed():
    """Rules D1-declared, B4-malformed."""
    key = Key(
        "y:arns",
        KeyType.ARN,
        Presence.OPTIONAL,
        multivalued=True,
        client_controlled=True,
        declared=True,
    )
    symbols = Symbols(Environment(keys=KeySpace.of([key])), {"y:arns": 3})
    entries = [
        policy_of({"Condition": {operator: {"y:arns": value}}}).statements[0].conditions[0]
        for operator in ("ForAnyValue:StringEquals", "ForAllValues:StringNotEquals")
        for value in ("b", "c", "arn:aws:s3:::a")
    ]
    formulas = [(one, entry_holds(one, symbols)) for one in entries]
    for arns in [("arn:aws:s3:::a", "b"), ("b", "arn:aws:s3:::a"), ("b", "c"), ("c",), ()]:
        request = Request(ARN, context={"y:arns": arns})
        bound = bindings(symbols, request)
        for one, formula in formulas:
            expected = concrete_holds(one, request.values, DEFAULT_READINGS)
            assert truth(formula, bound) is expected, (one, arns)


def test_the_last_field_of_an_arn_keeps_further_colons():
    """Rules B3-arn, B3-arn-colon."""
    entries = [
        policy_of({"Condition": {operator: {"x:arn": value}}}).statements[0].conditions[0]
        for operator, value in [
            ("ArnLike", "arn:*:*:*:*:a:b"),
            ("ArnLike", "arn:aws:s3:::a"),
            ("ArnLike", "arn:*:s?:*:*:*"),
            ("StringLike", "arn:aws:s3:*:b*"),
        ]
    ]
    symbols = using("x:arn")
    formulas = [(one, entry_holds(one, symbols)) for one in entries]
    for arn in (
        "arn:aws:s3:::a:b",
        "arn:aws:s3:::a",
        "arn:aws:s3::",
        "Arn:aws:s3:::a",
        "arn:::::b:b:",
    ):
        request = Request(ARN, context={"x:arn": arn})
        bound = bindings(symbols, request)
        for one, formula in formulas:
            expected = concrete_holds(one, request.values, DEFAULT_READINGS)
            assert truth(formula, bound) is expected, (one, arn)
