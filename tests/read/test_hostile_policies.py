"""Long and repetitive policies end soon: nothing in the reader is worse than linear."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.diagnostics import InputError, Source
from policycheck.read.policy import parse_policy

STATEMENT = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}


def read(version: str = "2012-10-17", **elements) -> None:
    document = {"Version": version, "Statement": {**STATEMENT, **elements}}
    with contextlib.suppress(InputError):
        parse_policy(Source("x.json", json.dumps(document)))


LONG = 100_000
HOSTILE = [
    {"Action": "execute-api:" + "*?" * 14 + "x"},
    {"Action": "execute-api:" + "*?" * LONG},
    {"Resource": "execute-api:/" + "${" * LONG},
    {"Resource": ":" * LONG},
    {"Resource": "arn" + "${a:b, '" * LONG},
    {"Principal": {"AWS": "arn:aws:iam::123456789012:user/" + "/a" * LONG}},
    {"Principal": {"Service": "a." * LONG}},
    {"Condition": {"NumericEquals": {"a:b": "9" * LONG}}},
    {"Condition": {"StringEquals": {"a:b": "${" * LONG}}},
    {"Condition": {"IpAddress": {"a:b": ":" * LONG}}},
    {"Condition": {"StringEquals:" * LONG: {"a:b": "x"}}},
    {"Condition": {"StringEquals": {"a:" * LONG: "x"}}},
    {"Effect": "Allow" * LONG},
    {"Allow" * LONG: "Effect"},
]


@pytest.mark.parametrize("elements", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("version", ["2012-10-17", "2008-10-17"])
def test_a_hostile_policy_is_judged_soon(elements, version):
    read(version, **elements)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
ELEMENTS = st.sampled_from(
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "Condition"]
)


@given(st.dictionaries(ELEMENTS, JSON))
def test_no_value_of_an_element_makes_the_reader_fail(elements):
    read(**elements)


OPERATORS = st.sampled_from(
    ["StringLike", "IpAddress", "Null", "ForAnyValue:ArnLike", "DateEquals"]
)


@given(st.dictionaries(OPERATORS | st.text(), st.dictionaries(st.text(), JSON) | JSON))
def test_no_condition_makes_the_reader_fail(condition):
    read(Condition=condition)


@given(JSON)
def test_no_document_makes_the_reader_fail(document):
    with pytest.raises(InputError):
        parse_policy(Source("x.json", json.dumps(document)))
