"""The assertions of a starter spec, by what the policy names."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from ruamel.yaml import YAML
from strategies import policies

import policycheck as pc
from policycheck.model.environment import Authorization, Endpoint, Environment

ALLOW = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}
DENY = ALLOW | {"Effect": "Deny"}
REGIONAL = Environment(Endpoint.REGIONAL)
PRIVATE = Environment(Endpoint.PRIVATE)
IAM = Environment(Endpoint.REGIONAL, Authorization.IAM)


def policy_of(*statements):
    data = {"Version": "2012-10-17", "Statement": list(statements)}
    return pc.parse_policy(pc.Source("policy.json", json.dumps(data)))


def under(statement, operator, key, values):
    return statement | {"Condition": {operator: {key: values}}}


def read_again(made, policy):
    """The spec that the text is; all of it is proved once more."""
    spec = pc.parse_spec(pc.Source("made.yaml", made.text), Path())
    report = pc.prove(policy, spec)
    assert report.exit_code == 0
    assert len(report.proved) == len(spec.assertions)
    jsonschema.validate(YAML(typ="safe").load(made.text), pc.spec_schema())
    return {one.id: one for one in spec.assertions}


OFFICE = ["203.0.113.0/24", "2001:db8::/32"]
CASES = {
    "nobody": ([DENY], REGIONAL, {"nobody-gets-in"}),
    "everybody": ([ALLOW], REGIONAL, {"open-to-everybody"}),
    "networks": (
        [under(ALLOW, "IpAddress", "aws:SourceIp", OFFICE)],
        REGIONAL,
        {"only-these-networks", "the-listed-get-in", "somebody-gets-in"},
    ),
    "networks by a deny": (
        [ALLOW, under(DENY, "NotIpAddress", "aws:SourceIp", OFFICE)],
        REGIONAL,
        {"only-these-networks", "the-listed-get-in", "somebody-gets-in"},
    ),
    "a block list": (
        [ALLOW, under(DENY, "IpAddress", "aws:SourceIp", OFFICE)],
        REGIONAL,
        {"blocked-networks-stay-out", "public-addresses-get-in", "somebody-gets-in"},
    ),
    "endpoints": (
        [ALLOW, under(DENY, "StringNotEquals", "aws:SourceVpce", "vpce-0a1b2c3d4e5f67890")],
        PRIVATE,
        {"only-these-vpc-endpoints", "the-listed-get-in", "somebody-gets-in"},
    ),
    "routes": (
        [ALLOW | {"Resource": ["execute-api:/prod/GET/pets", "execute-api:/prod/GET/pets/*"]}],
        REGIONAL,
        {
            "only-these-routes",
            "the-listed-routes-are-open",
            "public-addresses-get-in",
            "somebody-gets-in",
        },
    ),
    "closed routes": (
        [ALLOW, DENY | {"Resource": "execute-api:/*/*/admin*"}],
        REGIONAL,
        {"closed-routes", "public-addresses-get-in", "somebody-gets-in"},
    ),
    "closed methods": (
        [ALLOW | {"NotResource": "execute-api:/prod/DELETE/*", "Resource": None}],
        Environment(Endpoint.REGIONAL),
        {"public-addresses-get-in", "somebody-gets-in"},
    ),
    "a window": (
        [
            ALLOW
            | {
                "Condition": {
                    "DateGreaterThanEquals": {"aws:CurrentTime": "2027-01-01T00:00:00Z"},
                    "DateLessThanEquals": {"aws:CurrentTime": "2027-01-31T00:00:00Z"},
                }
            }
        ],
        REGIONAL,
        {"closed-outside-the-window", "public-addresses-get-in", "somebody-gets-in"},
    ),
    "a window whose bounds lie within seconds": (
        [
            ALLOW
            | {
                "Condition": {
                    "DateGreaterThan": {"aws:CurrentTime": "2027-01-01T00:00:00.5Z"},
                    "DateLessThan": {"aws:CurrentTime": "2027-01-31T00:00:00.5Z"},
                }
            }
        ],
        REGIONAL,
        {"closed-outside-the-window", "public-addresses-get-in", "somebody-gets-in"},
    ),
    "an account": (
        [ALLOW | {"Principal": {"AWS": "111122223333"}}],
        IAM,
        {"only-these-callers", "public-addresses-get-in", "somebody-gets-in"},
    ),
    "an organization": (
        [under(ALLOW, "StringEquals", "aws:PrincipalOrgID", "o-a1b2c3d4e5")],
        IAM,
        {"only-our-organization", "public-addresses-get-in", "somebody-gets-in"},
    ),
    "a deny with a condition": (
        [ALLOW, under(DENY, "StringLike", "aws:UserAgent", "bot*")],
        REGIONAL,
        {"statement-1-stays-in-force", "public-addresses-get-in", "somebody-gets-in"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said(name):
    statements, known, expected = CASES[name]
    statements = [{k: v for k, v in one.items() if v is not None} for one in statements]
    policy = policy_of(*statements)
    found = read_again(pc.starter_spec(policy, known), policy)
    assert expected <= set(found)
    assert set(found) - expected <= {"nobody-anonymous"}


def test_a_policy_to_compare_with_is_named(tmp_path):
    policy = policy_of(under(ALLOW, "IpAddress", "aws:SourceIp", OFFICE))
    (tmp_path / "policy.baseline.json").write_text(policy.source.text)
    made = pc.starter_spec(policy, REGIONAL, baseline="policy.baseline.json", directory=tmp_path)
    assert made.text.endswith("no_broader_than: policy.baseline.json\n")
    assert made.report.ok


def test_the_api_is_named_if_the_policy_names_one():
    arn = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234"
    policy = policy_of(ALLOW | {"Resource": f"{arn}/prod/*"})
    assert f'arn: "{arn}"' in pc.starter_spec(policy).text
    assert "arn:" not in pc.starter_spec(policy_of(ALLOW)).text


def test_what_is_not_known_is_said():
    policy = policy_of(under(ALLOW, "StringEquals", "aws:SourceVpce", "vpce-0a1b2c3d4e5f67890"))
    text = pc.starter_spec(policy).text
    assert "# endpoint: regional" in text
    assert "so the API is probably private" in " ".join(text.replace("#", "").split())


def test_every_assertion_has_a_comment():
    policy = policy_of(under(ALLOW, "IpAddress", "aws:SourceIp", OFFICE))
    lines = pc.starter_spec(policy, REGIONAL).text.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("  - id:")]
    assert starts
    assert all(lines[i - 1].startswith("  # ") for i in starts)
    assert max(map(len, lines)) <= 110


def test_a_missing_baseline_is_an_error(tmp_path):
    with pytest.raises(pc.InputError):
        pc.starter_spec(policy_of(ALLOW), baseline="missing.json", directory=tmp_path)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(policies(most=2))
def test_any_policy_has_one(policy):
    read = pc.parse_policy(pc.Source("random.json", json.dumps(policy)))
    limits = pc.Limits(seconds=5, probes=10)
    try:
        made = pc.starter_spec(read, limits=limits)
    except pc.InputError as error:
        codes = [one.code for one in error.diagnostics]
    else:
        codes = []
        read_again(made, read)
    assert codes in ([], ["NOTHING_PROVED"])
