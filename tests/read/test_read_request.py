"""Requests as JSON (contract section 3)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.diagnostics import InputError
from policycheck.model.request import ANONYMOUS, INVOKE, Caller, CallerKind, Request
from policycheck.model.request_form import request_to_data
from policycheck.read.request import parse_request, request_from

ARN = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/GET/pets/7"
FULL = {
    "action": "execute-api:Invoke",
    "resource": ARN,
    "principal": "*",
    "context": {
        "aws:SourceIp": "203.0.113.9",
        "aws:CurrentTime": "2026-11-24T09:30:00Z",
        "aws:TagKeys": ["a", "b"],
    },
}


def read(**fields) -> Request:
    return parse_request(json.dumps({"resource": ARN, **fields}))


def context(key: str, value) -> object:
    return read(context={key: value}).context[key]


def message(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse_request(text)
    return caught.value.diagnostics[0].message


def refused(**fields) -> str:
    with pytest.raises(InputError) as caught:
        read(**fields)
    (found,) = caught.value.diagnostics
    assert found.help
    return found.message


def test_the_example_of_the_contract():
    found = parse_request(json.dumps(FULL))
    wanted = {**FULL["context"], "aws:TagKeys": ("a", "b")}
    assert found == Request(ARN, INVOKE, ANONYMOUS, wanted)
    assert request_to_data(found) == FULL


def test_all_but_the_resource_may_be_left_out():
    assert parse_request(json.dumps({"resource": ARN}).encode()) == Request(ARN)
    assert request_from({"resource": ARN}) == Request(ARN, INVOKE, ANONYMOUS, {})


ACCOUNT, USER = "123456789012", "arn:aws:iam::123456789012:user/path/name"
ROLE = "arn:aws:iam::123456789012:role/name"
SESSION = "arn:aws:sts::123456789012:assumed-role/name/session"
FEDERATED = "arn:aws:sts::123456789012:federated-user/name"
CALLERS = [
    ("*", ANONYMOUS),
    ({"AWS": "*"}, ANONYMOUS),
    ({"AWS": ACCOUNT}, Caller(CallerKind.ROOT, ACCOUNT)),
    ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, Caller(CallerKind.ROOT, ACCOUNT)),
    ({"AWS": USER}, Caller(CallerKind.USER, USER)),
    ({"AWS": ROLE}, Caller(CallerKind.ROLE, ROLE)),
    ({"AWS": SESSION}, Caller(CallerKind.ROLE, SESSION)),
    ({"AWS": FEDERATED}, Caller(CallerKind.FEDERATED_USER, FEDERATED)),
    ({"Service": "lambda.amazonaws.com"}, Caller(CallerKind.SERVICE, "lambda.amazonaws.com")),
    ({"Federated": "accounts.google.com"}, Caller(CallerKind.FEDERATED, "accounts.google.com")),
    ({"CanonicalUser": "79a5"}, Caller(CallerKind.CANONICAL_USER, "79a5")),
]


@pytest.mark.parametrize("principal, caller", CALLERS)
def test_a_principal_is_a_caller(principal, caller):
    found = read(principal=principal)
    assert found.principal == caller
    assert request_from(request_to_data(found)) == found


def test_numbers_and_booleans_are_read_as_their_strings():
    assert context("a:b", True) == "true"
    assert context("a:b", [1, False, "x"]) == ("1", "false", "x")
    assert parse_request(f'{{"resource": "{ARN}", "context": {{"a:b": 1.50}}}}').context == {
        "a:b": "1.50"
    }
    assert request_from({"resource": ARN, "context": {"a:b": 1.5}}).context == {"a:b": "1.5"}


def test_the_spelling_of_keys_is_kept():
    found = read(context={"AWS:sourceip": "203.0.113.9"})
    assert found.values == {"aws:sourceip": ("203.0.113.9",)}
    assert request_to_data(found)["context"] == {"AWS:sourceip": "203.0.113.9"}


def test_a_key_with_several_values_may_have_none_or_one():
    assert context("aws:TagKeys", []) == ()
    assert context("aws:PrincipalOrgPaths", "o-1/") == "o-1/"
    assert context("aws:SourceIp", ["203.0.113.9"]) == ("203.0.113.9",)


GOOD_VALUES = [
    ("aws:SourceIp", "0.0.0.0"),
    ("aws:VpcSourceIp", "2001:db8::1"),
    ("aws:CurrentTime", "2026-11-24T09:30:00+01:00"),
    ("aws:EpochTime", "1700000000"),
    ("aws:EpochTime", 1700000000),
    ("aws:MultiFactorAuthAge", 0.5),
    ("aws:SecureTransport", "TRUE"),
    ("aws:PrincipalArn", "arn:aws:iam::1:role/x"),
    ("aws:UserAgent", ""),
    ("aws:XfwdIp", "banana"),
]


@pytest.mark.parametrize("key, value", GOOD_VALUES)
def test_values_of_their_key_s_type_are_read(key, value):
    assert context(key, value) == (value if isinstance(value, str) else json.dumps(value))


BAD_VALUES = [
    ("aws:SourceIp", "banana"),
    ("AWS:SOURCEIP", "256.1.1.1"),
    ("aws:SourceIp", "203.0.113.0/24"),
    ("aws:SourceIp", 7),
    ("aws:VpcSourceIp", ""),
    ("aws:CurrentTime", "yesterday"),
    ("aws:CurrentTime", "2026"),
    ("aws:TokenIssueTime", True),
    ("aws:MultiFactorAuthAge", "old"),
    ("aws:MultiFactorAuthAge", "1e999999999"),
    ("aws:SecureTransport", "yes"),
    ("aws:PrincipalArn", "role/x"),
    ("aws:SourceIp", ["203.0.113.9", "203.0.113.10"]),
    ("aws:UserAgent", []),
    ("aws:UserAgent", None),
    ("aws:UserAgent", {"a": "b"}),
    ("aws:TagKeys", [["a"]]),
    ("aws:TagKeys", [None]),
    ("", "x"),
]


@pytest.mark.parametrize("key, value", BAD_VALUES)
def test_other_values_are_refused(key, value):
    found = refused(context={key: value})
    assert key.lower() in found.lower()


BAD_FIELDS = [
    ({"resource": "*"}, "the resource of a request is an ARN"),
    ({"resource": "execute-api:/prod/GET/"}, "the resource of a request is an ARN"),
    ({"resource": "arn:aws:execute-api:x"}, "the resource of a request is an ARN"),
    ({"resource": 7}, "a request needs a resource, a string"),
    ({"resource": None}, "a request needs a resource, a string"),
    ({"action": "Invoke"}, "the action of a request is service:Name"),
    ({"action": ":Invoke"}, "the action of a request is service:Name"),
    ({"action": 1}, "the action of a request is service:Name"),
    ({"action": None}, "the action of a request is service:Name"),
    ({"context": []}, "the context of a request is an object"),
    ({"context": None}, "the context of a request is an object"),
    ({"context": {"a:B": "1", "A:b": "2"}}, "a:B and A:b are one condition key"),
    ({"Action": INVOKE}, 'a request has no field "Action"'),
    ({"ressource": ARN}, 'a request has no field "ressource"'),
]


@pytest.mark.parametrize("fields, start", BAD_FIELDS)
def test_a_wrong_field_is_refused(fields, start):
    assert refused(**fields).startswith(start)


BAD_PRINCIPALS = [
    "",
    ACCOUNT,
    None,
    [],
    {},
    {"AWS": ACCOUNT, "Service": "lambda.amazonaws.com"},
    {"AWS": [ACCOUNT]},
    {"AWS": 123456789012},
    {"AWS": "12345"},
    {"AWS": "arn:aws:iam::123456789012:role/*"},
    {"AWS": "arn:aws:iam::123456789012:group/x"},
    {"AWS": "AIDACKCEVSQ6C2EXAMPLE"},
    {"aws": ACCOUNT},
    {"Service": "lambda"},
    {"Service": "*"},
    {"Federated": ""},
]


@pytest.mark.parametrize("principal", BAD_PRINCIPALS)
def test_a_wrong_principal_is_refused(principal):
    assert refused(principal=principal)


def test_an_unknown_field_is_refused_with_the_nearest_one():
    with pytest.raises(InputError) as caught:
        read(contxt={})
    assert caught.value.diagnostics[0].help == 'write "context"'


@pytest.mark.parametrize("data", [None, [], "x", 7, True])
def test_a_request_is_an_object(data):
    assert message(json.dumps(data)) == "a request is an object"


@pytest.mark.parametrize(
    "text, start",
    [
        ("", "there is no JSON in the text"),
        ('{"resource": }', "a value is missing"),
        ('{"a": NaN}', "JSON has no NaN"),
        ('{"a": 1, "a": 2}', 'the key "a" occurs twice'),
        (f'{{"resource": "{ARN}"}} x', "a second value"),
        ("[" * 100_000, "lists and objects are nested"),
        (f'{{"resource": "{ARN}", "context": {{"a:b": "\\ud800"}}}}', "\\ud800 is half"),
        (f'{{"resource": "{ARN}\ud800"}}', "\\ud800 is half"),
    ],
)
def test_what_is_no_json_is_refused_as_such(text, start):
    assert message(text).startswith(start)


def test_pairs_of_surrogates_are_one_character():
    text = f'{{"resource": "{ARN}/\\ud83d\\ude00"}}'
    assert parse_request(text).resource == ARN + "/😀"


def test_bytes_that_are_not_utf8_are_refused():
    with pytest.raises(InputError, match="UTF-8"):
        parse_request(b'{"resource": "\xff"}')


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.dictionaries(TEXT.map("x:{}".format), TEXT | st.lists(TEXT), max_size=4))
def test_what_is_written_is_read_back(values):
    if len({key.lower() for key in values}) == len(values):
        data = {**FULL, "context": values}
        assert request_to_data(parse_request(json.dumps(data))) == data
