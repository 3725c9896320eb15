"""crosscheck: the two readings of AWS against each other on one policy."""

from __future__ import annotations

import pytest
import strategies

from policycheck.analyse import crosscheck as module
from policycheck.analyse.crosscheck import crosscheck
from policycheck.concrete.environment import admits
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.decision import Outcome
from policycheck.model.environment import Authorization, Environment
from policycheck.model.predicate import Part, PartLike
from policycheck.model.text import glob

ALLOW_OFFICE = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/prod/GET/*",
    "Condition": {
        "IpAddress": {"aws:SourceIp": "8.8.8.0/24"},
        "StringLike": {"aws:UserAgent": "a*"},
    },
}
POLICY = strategies.read({"Version": "2012-10-17", "Statement": ALLOW_OFFICE})
PROD = PartLike(Part.STAGE, glob("prod"))
SPEC = Spec(
    (
        Assertion("prod", AssertionKind.NEVER_ALLOWED, PROD),
        Assertion("same", AssertionKind.NO_BROADER_THAN, baseline=POLICY),
    ),
    Environment(authorization=Authorization.IAM),
)


@pytest.fixture
def nobody_is_allowed(monkeypatch):
    """A symbolic side that refuses everything."""
    monkeypatch.setattr(
        module, "pinned_policy", lambda *_: lambda *_: Outcome.IMPLICIT_DENY, raising=True
    )


def test_agreement():
    report = crosscheck(POLICY, examples=200)
    assert report.ok
    assert report.examples == 200


def test_agreement_with_a_spec():
    report = crosscheck(POLICY, SPEC, examples=200)
    assert report.ok
    assert report.disagreements == ()


@pytest.mark.usefixtures("nobody_is_allowed")
def test_disagreement_is_shrunk_to_what_it_needs():
    report = crosscheck(POLICY, examples=500)
    (found,) = report.disagreements
    assert not report.ok
    assert (found.concrete, found.symbolic) == ("Allow", "ImplicitDeny")
    assert found.subject == "the policy"
    assert found.readings == frozenset()
    assert "aws:Referer" not in found.request.context
    assert {"aws:SourceIp", "aws:UserAgent"} <= set(found.request.context)
    assert admits(found.environment, found.request, found.readings)


@pytest.mark.usefixtures("nobody_is_allowed")
def test_every_subject_is_reported():
    report = crosscheck(POLICY, SPEC, examples=500)
    assert {one.subject for one in report.disagreements} == {"the policy", "the baseline of same"}


def test_disagreement_about_a_predicate(monkeypatch):
    monkeypatch.setattr(module, "pinned_predicate", lambda *_: lambda *_: False)
    (found, *_) = crosscheck(POLICY, SPEC, examples=300).disagreements
    assert (found.concrete, found.symbolic) == ("holds", "does not hold")


@pytest.mark.usefixtures("nobody_is_allowed")
def test_same_seed_same_report():
    first, second = (crosscheck(POLICY, examples=300, seed=3) for _ in range(2))
    assert first == second


def test_where_no_request_can_exist_none_is_tried(monkeypatch):
    monkeypatch.setattr(module, "admits", lambda *_: False)
    assert crosscheck(POLICY, examples=20).examples == 0
