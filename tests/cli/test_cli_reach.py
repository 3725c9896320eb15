"""``policycheck reach`` as a process."""

import json

import pytest
from jsonschema import Draft202012Validator

from policycheck.read.schema import reach_schema

ONLY_API = "version: 1\napi: {endpoint: regional}\n"


def test_text_says_who_in_short(run):
    found = run("reach", "policy.json", "--endpoint", "regional")
    assert found.returncode == 0
    assert "any public address" in found.stdout
    assert "--details shows the" in found.stdout
    assert "\x1b" not in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 80


def test_details_show_regions_and_statements(run):
    found = run("reach", "policy.json", "--details", "--endpoint", "edge")
    assert "203.0.113.0/24" in found.stdout
    assert "256 IPv4 addresses" in found.stdout
    assert "allowed by" in found.stdout
    assert "statement 0 (AllowAll)" in found.stdout


@pytest.mark.parametrize("by", ["route", "network", "principal"])
def test_json_keeps_to_its_schema(run, by):
    found = run("reach", "policy.json", "--by", by, "-f", "json", "--endpoint", "regional")
    data = json.loads(found.stdout)
    Draft202012Validator(reach_schema()).validate(data)
    assert data["status"] == "somebody"
    assert sorted(n for one in data["groups"] for n in one["regions"]) == [0, 1]
    counts = {one["source_ip"]["ipv4"]["count"] for one in data["regions"]}
    assert 256 in counts or max(counts) > 2**31


def test_a_spec_needs_no_assertions(run, folder):
    (folder / "api.yaml").write_text(ONLY_API)
    with_spec = run("reach", "policy.json", "--spec", "api.yaml")
    with_option = run("reach", "policy.json", "--endpoint", "regional")
    whole = run("reach", "policy.json", "--spec", "spec.yaml")
    assert with_spec.stdout == with_option.stdout == whole.stdout


def test_an_option_goes_before_the_spec(run):
    found = run("reach", "policy.json", "--spec", "spec.yaml", "--endpoint", "private")
    assert "requests without aws:SourceIp" in found.stdout


def test_assertions_of_the_spec_do_not_matter(run, folder):
    text = ONLY_API + "assertions: [{id: a, no_broader_than: missing.json}]\n"
    (folder / "other.yaml").write_text(text)
    assert run("reach", "policy.json", "--spec", "other.yaml").returncode == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("version: 1\napi: {endpoint: regionl}\n", "regional"),
        ("version: 1\napis: {}\n", "api"),
        ("api: {endpoint: regional}\n", "version"),
        ("version: 1\ndefine: {office: {source_ipp: any}}\n", "source_ip"),
    ],
)
def test_what_is_wrong_in_a_spec_is_one_clear_error(run, folder, text, complaint):
    (folder / "bad.yaml").write_text(text)
    found = run("reach", "policy.json", "--spec", "bad.yaml")
    assert found.returncode == 2
    assert found.stdout == ""
    assert complaint in found.stderr
    assert "bad.yaml" in found.stderr
    assert "Traceback" not in found.stderr


def test_nobody_is_a_proof(run):
    private = run("reach", "-", "--endpoint", "regional", stdin=json.dumps(NOBODY))
    assert private.returncode == 0
    assert private.stdout.startswith("NOBODY  <stdin> allows no request that can exist")


def test_time_that_runs_out_is_unknown(run):
    found = run("reach", "policy.json", "--timeout", "0.00001")
    assert found.returncode == 3
    assert found.stdout.startswith("UNKNOWN")
    data = json.loads(run("reach", "policy.json", "-t", "0.00001", "-f", "json").stdout)
    Draft202012Validator(reach_schema()).validate(data)
    assert "regions" not in data


def test_markdown_is_escaped(run, folder):
    policy = json.loads((folder / "policy.json").read_text())
    policy["Statement"][1]["Resource"] = "execute-api:/prod/GET/<b>|`x`*"
    (folder / "odd.json").write_text(json.dumps(policy))
    found = run("reach", "odd.json", "--format", "markdown", "-q")
    assert "<b>" not in found.stdout
    assert "\\|\\`x\\`\\*" in found.stdout


NOBODY = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/16", "192.168.1.0/24"]}},
    },
}
