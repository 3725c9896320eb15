"""Each ready spec holds for the policy beside it that keeps it, and breaks for the other one."""

from pathlib import Path

import pytest

from policycheck.concrete.assertion import breaks, witnesses
from policycheck.concrete.environment import objection
from policycheck.model.assertion import AssertionKind
from policycheck.read.policy import load_policy
from policycheck.read.request import request_from
from policycheck.read.spec import load_spec
from policycheck.solve.probing import probes
from policycheck.solve.prover import prove

LIBRARY = Path(__file__).parents[2] / "specs"
POLICIES = Path(__file__).parent / "policies"
NAMES = sorted(path.stem for path in LIBRARY.glob("*.yaml"))

API = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
NOON = {"aws:CurrentTime": "2026-11-24T12:00:00Z", "aws:EpochTime": 1795521600}
USER = "arn:aws:iam::999999999999:user/visitor"
VISITOR = {
    "aws:PrincipalAccount": "999999999999",
    "aws:PrincipalArn": USER,
    "aws:PrincipalType": "User",
    "aws:userid": "AIDAEXAMPLE",
    "aws:username": "visitor",
}
VPC = {"aws:SourceVpc": "vpc-1a2b3c4d", "aws:VpcSourceIp": "10.0.0.9"}
CLOSING = {"aws:CurrentTime": "2026-03-04T16:00:00Z", "aws:EpochTime": 1772640000}


def spec_of(name):
    return load_spec(LIBRARY / f"{name}.yaml")


def policy_of(name, kind):
    return load_policy(POLICIES / f"{name}.{kind}.json")


def request(path, context, principal="*"):
    context = {**NOON, "aws:SecureTransport": True, **context}
    return request_from({"resource": API + path, "principal": principal, "context": context})


BROKEN = [
    (
        "admin-paths-closed",
        "admin-is-closed",
        request("/prod/HEAD/admin", {"aws:SourceIp": "198.51.100.7"}),
    ),
    (
        "no-broader-than-baseline",
        "no-new-access",
        request("/dev2/GET/", {"aws:SourceIp": "203.0.113.7"}),
    ),
    (
        "no-public-access",
        "nobody-on-the-internet",
        request("/prod/GET/", {"aws:SourceIp": "198.51.100.7"}),
    ),
    ("office-hours", "closed-outside-office-hours", request("/prod/GET/", CLOSING)),
    ("only-listed-routes", "nothing-but-the-routes", request("/prod/GET/petsitters", {})),
    (
        "only-my-accounts",
        "nobody-elses-identities",
        request("/prod/GET/", VISITOR, {"AWS": USER}),
    ),
    (
        "only-my-organization",
        "nobody-outside-the-organization",
        request("/prod/GET/", VISITOR, {"AWS": USER}),
    ),
    (
        "only-these-networks",
        "nobody-outside-the-networks",
        request("/prod/GET/", {"aws:SourceIp": "198.51.100.9"}),
    ),
    (
        "only-these-vpc-endpoints",
        "no-foreign-endpoints",
        request("/prod/GET/", {**VPC, "aws:SourceVpce": "vpce-0123456789abcdef0"}),
    ),
    (
        "tls-only",
        "no-plain-http",
        request("/dev/GET/", {"aws:SecureTransport": False}),
    ),
]


def test_every_spec_has_its_policies_and_its_request():
    files = {f"{name}.{kind}.json" for name in NAMES for kind in ("good", "bad")}
    assert {path.name for path in POLICIES.iterdir()} == files
    assert [name for name, _, _ in BROKEN] == NAMES


def test_the_list_of_specs_is_complete():
    readme = (LIBRARY / "README.md").read_text(encoding="utf-8")
    assert [f"[{name}.yaml]({name}.yaml)" in readme for name in NAMES] == [True] * len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_ready_spec_reads_without_a_warning_and_describes_itself(name):
    spec = spec_of(name)
    assert not spec.warnings
    assert all(one.description for one in spec.assertions)
    head = spec.source.text.partition("version:")[0]
    assert "# Proves: " in head
    assert "# Adapt: " in head


@pytest.mark.parametrize(("name", "assertion", "example"), BROKEN, ids=NAMES)
def test_the_bad_policy_lets_a_request_through_that_the_good_one_does_not(name, assertion, example):
    spec = spec_of(name)
    (broken,) = (one for one in spec.assertions if one.id == assertion)
    assert objection(spec.environment, example) is None
    assert breaks(broken, policy_of(name, "bad"), example)
    assert not breaks(broken, policy_of(name, "good"), example)


@pytest.mark.parametrize("name", NAMES)
def test_no_probe_breaks_the_good_policy(name):
    spec, policy = spec_of(name), policy_of(name, "good")
    for one in spec.assertions:
        drawn = list(probes([policy], [one.predicate], spec.environment, 1, 300))
        assert not any(breaks(one, policy, each) for each in drawn)
        if one.kind is AssertionKind.SOMETIMES_ALLOWED:
            assert any(witnesses(one, policy, each) for each in drawn)


@pytest.mark.parametrize("name", NAMES)
def test_the_good_policy_is_proved(name):
    report = prove([policy_of(name, "good")], spec_of(name))
    assert [(one.assertion.id, one.status.value) for one in report.verdicts] == [
        (one.id, "proved") for one in spec_of(name).assertions
    ]


@pytest.mark.parametrize(("name", "assertion"), [one[:2] for one in BROKEN], ids=NAMES)
def test_the_bad_policy_is_refuted(name, assertion):
    report = prove([policy_of(name, "bad")], spec_of(name))
    assert [one.assertion.id for one in report.violated] == [assertion]
    assert report.violated[0].counterexample is not None
