"""The API's own ARN in a Resource matches what the shorthand in its place matches."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.diagnostics import Source, Span
from policycheck.model.environment import Authorization, Endpoint, Environment
from policycheck.model.facts import ApiFacts
from policycheck.model.text import glob
from policycheck.read.document import ListNode, MapNode, TextNode
from policycheck.read.sources.settle import Deployment, settled
from policycheck.read.sources.unresolved import Own, Reference, References

SOURCE = Source("template", "x" * 10)
SPAN = Span(SOURCE, 0, 1)
API = "abc"
ARN = f"arn:aws:execute-api:us-east-1:123456789012:{API}"


def settled_resources(tail):
    """What becomes of ``${own ARN}tail`` in a Resource."""
    references = References()
    region, account, api = (references.mark(Reference(own.value, SPAN, own)) for own in Own)
    value = TextNode(f"arn:aws:execute-api:{region}:{account}:{api}{tail}", SPAN)
    statement = MapNode(((TextNode("Resource", SPAN), value),), SPAN)
    policy = MapNode(((TextNode("Statement", SPAN), statement),), SPAN)
    found = settled(policy, references, Deployment()).get("Statement").get("Resource")
    items = found.items if isinstance(found, ListNode) else (found,)
    return [one.value for one in items]


def fields(arn):
    return arn.split(":")


def matches(pattern, text):
    parts = ({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


def expanded(resource):
    return (
        resource.replace("execute-api:/", f"{ARN}/", 1) if resource.startswith("exec") else resource
    )


@given(st.text("/a*?", max_size=6), st.text("/ab", max_size=6))
def test_the_shorthand_matches_what_the_arn_matches(tail, rest):
    request = f"{ARN}/{rest}"
    wanted = matches(ARN + tail, request)
    assert any(matches(expanded(one), request) for one in settled_resources(tail)) == wanted


@pytest.mark.parametrize("tail, resources", [("/*", ["execute-api:/*"]), ("*", ["execute-api:/*"])])
def test_the_usual_forms(tail, resources):
    assert settled_resources(tail) == resources


def test_facts_fill_what_a_spec_leaves_open_and_no_more():
    facts = ApiFacts(
        Endpoint.PRIVATE, frozenset({Authorization.IAM}), ("dev",), tuple(map(glob, ARN.split(":")))
    )
    filled = facts.fill(Environment())
    assert (filled.endpoint, filled.authorization, filled.stages) == (
        Endpoint.PRIVATE,
        Authorization.IAM,
        ("dev",),
    )
    told = Environment(Endpoint.EDGE, stages=("prod",), said=frozenset({"authorization"}))
    kept = facts.fill(told)
    assert (kept.endpoint, kept.authorization, kept.stages) == (
        Endpoint.EDGE,
        Authorization.NONE,
        ("prod",),
    )


def test_a_spec_of_another_partition_contradicts_the_document():
    facts = ApiFacts(arn=tuple(map(glob, fields("arn:aws:execute-api:*:*:*"))))
    china = Environment(arn=tuple(map(glob, fields("arn:aws-cn:execute-api:*:*:*"))))
    anywhere = Environment(arn=tuple(map(glob, fields("arn:*:execute-api:us-east-1:*:*"))))
    assert "aws-cn" in facts.contradicts(china).message
    assert not facts.contradicts(anywhere)
    assert ":".join(map(str, facts.fill(anywhere).arn)) == "arn:aws:execute-api:us-east-1:*:*"
