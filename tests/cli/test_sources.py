"""Larger documents on the command line."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import environment

INPUTS = Path(__file__).parents[1] / "inputs" / "sources"
SPEC = """
version: 1
assertions:
  - id: offices-alone
    never_allowed: {not: {source_ip: [203.0.113.0/24, 198.51.100.0/24]}}
"""


@pytest.fixture
def documents(folder):
    for path in INPUTS.iterdir():
        shutil.copy(path, folder)
    (folder / "spec.yaml").write_text(SPEC)
    return folder


def test_every_policy_of_a_document_is_checked_by_its_name(run, documents):
    found = run("prove", "main.tf", "spec.yaml", "--format", "json")
    assert found.returncode == 0, found.stderr
    results = json.loads(found.stdout)["results"]
    assert [(one["policy"], one["status"]) for one in results] == [
        ("main.tf#aws_api_gateway_rest_api_policy.orders", "proved"),
        ("main.tf#aws_api_gateway_rest_api.heredoc", "proved"),
        ("main.tf#aws_api_gateway_rest_api.encoded", "proved"),
    ]
    assert "says of its API: endpoint: regional, stages: [prod]" in found.stderr


def test_an_unresolved_reference_is_shown_in_the_file(run, documents):
    found = run("lint", "template.yaml")
    assert found.returncode == 2
    assert "error[UNRESOLVED_REFERENCE]" in found.stderr
    assert "template.yaml:45:75" in found.stderr
    assert "--parameter 'Endpoint=VALUE'" in found.stderr
    assert "template.yaml#Orders" in found.stdout


def test_prove_leaves_what_stringequals_compares_with_open(run, documents):
    (documents / "spec.yaml").write_text(
        "version: 1\napi: {endpoint: private}\n"
        "assertions: [{id: a, never_allowed: {condition: {'Null': {'aws:SourceVpce': 'true'}}},"
        " allow_vacuous: true}, {id: b, never_allowed: {stage: prod}}]\n"
    )
    found = run("prove", "template.yaml#Internal", "spec.yaml", "--format", "json")
    first, second = json.loads(found.stdout)["results"]
    assert (first["status"], second["status"]) == ("vacuous", "violated")
    assert "policycheck:1.Endpoint" in second["counterexample"]["request"]["context"]
    assert "warning[OPEN_VALUE]: Endpoint is not known here" in found.stderr


def test_one_policy_of_several(run, documents):
    found = run("prove", "template.yaml#Orders", "spec.yaml", "--quiet")
    assert (found.returncode, found.stderr) == (0, "")
    missing = run("prove", "template.yaml#Order", "spec.yaml")
    assert missing.returncode == 2
    assert "did you mean template.yaml#Orders?" in missing.stderr


def test_a_directory_stands_for_the_policies_of_every_format_below_it(run, documents):
    below = documents / "below"
    below.mkdir()
    for name in ("main.tf", "openapi.yaml", "get-rest-api.json"):
        shutil.move(documents / name, below)
    (below / "spec.yaml").write_text(SPEC)
    (below / "none.yaml").write_text("Resources: {A: {Type: 'AWS::ApiGateway::RestApi'}}\n")
    found = run("prove", "below", "spec.yaml", "--format", "json")
    results = json.loads(found.stdout)["results"]
    assert [Path(one["policy"]).name.partition("#")[0] for one in results] == [
        "get-rest-api.json",
        "main.tf",
        "main.tf",
        "main.tf",
        "openapi.yaml",
    ]
    assert "none.yaml has no resource policy: passed over" in found.stderr
    assert "spec.yaml is" not in found.stderr


def test_parameters(run, documents):
    endpoint = "Endpoint=vpce-0123456789abcdef0"
    found = run("lint", "template.yaml#Internal", "--parameter", endpoint, "--format", "json")
    assert found.returncode in {0, 1}, found.stderr
    misspelt = run("lint", "template.yaml", "--parameter", "Endpint=x")
    assert misspelt.returncode == 2
    assert "did you mean Endpoint?" in misspelt.stderr
    assert run("lint", "template.yaml", "--parameter", "Endpoint").returncode == 2


def test_a_command_that_takes_one_policy(run, documents):
    request = {"resource": "arn:aws:execute-api:eu-west-1:123456789012:abcdef1234/prod/GET/orders"}
    several = run("explain", "main.tf", json.dumps(request))
    assert several.returncode == 2
    assert "main.tf has 3 policies" in several.stderr
    name = "main.tf#aws_api_gateway_rest_api_policy.orders"
    context = {"aws:SourceIp": "203.0.113.9"}
    (documents / "request.json").write_text(json.dumps({**request, "context": context}))
    found = run("eval", name, "request.json")
    assert json.loads(found.stdout) == {"decision": "Allow", "statements": [0]}


def test_what_a_document_says_counts_where_the_spec_says_nothing(run, documents):
    (documents / "spec.yaml").write_text(
        "version: 1\nassertions: [{id: a, never_allowed: {stage: qa}, allow_vacuous: true}]\n"
    )
    found = run("prove", "serverless.yml", "spec.yaml", "--format", "json")
    assert json.loads(found.stdout)["results"][0]["status"] == "vacuous"
    (documents / "spec.yaml").write_text(
        "version: 1\napi: {stages: [qa]}\nassertions: [{id: a, never_allowed: {stage: qa}}]\n"
    )
    found = run("prove", "serverless.yml", "spec.yaml", "--format", "json")
    assert json.loads(found.stdout)["results"][0]["status"] == "proved"


def test_standard_input(run, documents):
    text = (documents / "get-rest-api.json").read_text()
    found = run("prove", "-", "spec.yaml", "--format", "json", stdin=text)
    assert json.loads(found.stdout)["results"][0]["policy"] == "<stdin>"
    line = json.loads(found.stdout)["results"][0]["because"][0]["line"]
    assert (found.returncode, line) == (0, 4)


def test_a_starter_spec_copies_the_policy_alone(run, documents):
    found = run("init", "openapi.yaml", "--output", "made.yaml")
    assert found.returncode == 0, found.stderr
    copied = json.loads((documents / "openapi.baseline.json").read_text())
    assert copied["Statement"][0]["Resource"] == "execute-api:/prod/GET/orders"
    assert run("init", "openapi.yaml").returncode == 2


def test_repair_edits_no_larger_document(run, documents):
    found = run("repair", "openapi.yaml", "spec.yaml")
    assert found.returncode == 2
    assert "no bare policy document" in found.stderr


def test_an_account_without_boto3_or_credentials_is_an_error(run, documents):
    changes = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(documents)}
    found = run("prove", "aws:abc", "spec.yaml", "--region", "eu-west-1", **changes)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


def test_bare_policies_load_no_reader_of_documents(run, documents):
    code = (
        "import sys; from policycheck.read.sources.load import load_policies;"
        "load_policies('policy.json');"
        "print([m for m in sys.modules if m.startswith(('ruamel', 'tree_sitter_hcl', 'boto'))"
        " or m.startswith('policycheck.read.sources.')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=documents,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "hcl" not in found.stdout
    assert "ruamel" not in found.stdout
    assert "cloudformation" not in found.stdout
