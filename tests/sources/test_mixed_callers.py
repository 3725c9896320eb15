"""An API whose methods differ in who calls them: no one kind of caller is all there is."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import policycheck as pc
from policycheck.model.environment import Authorization
from policycheck.model.facts import ApiFacts
from policycheck.read.sources.api_facts import authorizations

IAM_CALLERS_ARE_DENIED = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": effect,
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            **condition,
        }
        for effect, condition in (
            ("Allow", {}),
            ("Deny", {"Condition": {"Null": {"aws:PrincipalArn": "false"}}}),
        )
    ],
}
SPEC = """
version: 1
api: {API}
assertions:
  - {id: nobody, never_allowed: {not: {principal: {service: "*"}}}}
"""


def openapi(folder, *types):
    methods = {"AWS_IAM": {"type": "AWS_IAM"}, "NONE": {"type": "NONE"}}
    paths = {
        f"/{number}": {"get": {"x-amazon-apigateway-auth": methods[one]}}
        for number, one in enumerate(types)
    }
    document = {"openapi": "3.0.1", "paths": paths}
    document["x-amazon-apigateway-policy"] = IAM_CALLERS_ARE_DENIED
    path = folder / "api.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def proved(path, folder, said="endpoint: regional"):
    (policy,) = pc.load_policies(path)
    text = SPEC.replace("API", said)
    return pc.prove(policy, pc.parse_spec(pc.Source("spec.yaml", text), folder))


def test_iam_alone_is_proved(tmp_path):
    assert proved(openapi(tmp_path, "AWS_IAM"), tmp_path).ok


def test_a_method_without_authorization_is_not_forgotten(tmp_path):
    path = openapi(tmp_path, "AWS_IAM", "NONE")
    report = proved(path, tmp_path)
    assert not report.ok
    (failure,) = report.failures
    assert failure.diagnostics[0].code == "MIXED_AUTHORIZATION"
    told = proved(path, tmp_path, "endpoint: regional, authorization: none")
    assert [one.status for one in told.verdicts] == [pc.Status.VIOLATED]
    told = proved(path, tmp_path, "endpoint: regional, authorization: iam")
    assert told.ok


@pytest.mark.parametrize(
    ("types", "found", "mixed"),
    [
        ([], set(), False),
        ([None], {"iam", "none"}, True),
        (["oauth2"], {"none"}, False),
        (["NONE"], {"none"}, False),
        (["NONE", "CUSTOM"], {"none", "lambda"}, False),
        (["AWS_IAM"], {"iam"}, False),
        (["AWS_IAM", "NONE"], {"iam", "none"}, True),
        (["AWS_IAM", "COGNITO_USER_POOLS"], {"iam", "cognito"}, True),
        (["AWS_IAM", None], {"iam", "none"}, True),
    ],
)
def test_types_of_methods(types, found, mixed):
    facts = ApiFacts(authorizations=authorizations(types))
    assert facts.authorizations == {Authorization(one) for one in found}
    assert facts.has_mixed_callers is mixed


def test_two_policies_whose_callers_differ_are_not_compared(tmp_path):
    one = openapi(tmp_path, "AWS_IAM")
    other = one.rename(tmp_path / "old.json")
    openapi(tmp_path, "NONE")
    command = [sys.executable, "-m", "policycheck", "diff", str(other), str(one)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "MIXED_AUTHORIZATION" in done.stderr
