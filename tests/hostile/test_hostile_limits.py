"""The page of limits says what holds, and each limit holds where it says."""

import json
from pathlib import Path

import pytest
from command_line import ALLOW, API, policy_text

from policycheck.analyse.lint import inquiry
from policycheck.cache import store
from policycheck.cli import request_texts
from policycheck.model import environment, file_glob
from policycheck.read import (
    document,
    files,
    git,
    json_mistakes,
    literals,
    manifest,
    predicates,
    yaml_text,
)
from policycheck.read.sources import budget, hcl_files, hcl_values, intrinsics, serverless_variables
from policycheck.report import diagnostics
from policycheck.solve.limits import Limits

PAGE = (Path(__file__).parents[2] / "docs" / "limits.md").read_text()
MIB = 1_048_576


def row(what):
    (found,) = [line for line in PAGE.splitlines() if line.startswith(f"| {what}")]
    return found


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("a file,", [f"{files.LIMIT // MIB} MiB"]),
        ("a manifest", [f"{manifest.LIMIT // MIB} MiB", f"{yaml_text.MAX_CHARACTERS // MIB} MiB"]),
        ("one request", [f"{request_texts.LIMIT // MIB} MiB"]),
        ("the resource of", [f"{environment.MAX_RESOURCE_BYTES} bytes"]),
        ("lists and objects", [f" {document.MAX_DEPTH} "]),
        ("lists and mappings", [f" {document.MAX_DEPTH} "]),
        ("values in YAML", [f"{yaml_text.MAX_NODES:,}"]),
        ("predicates inside", [f" {predicates.MAX_HEIGHT} "]),
        ("predicates in one", [f"{predicates.MAX_SIZE:,}"]),
        (
            "expressions inside",
            [
                f" {intrinsics.MAX_DEPTH};",
                f" {hcl_values.MAX_DEPTH};",
                f" {serverless_variables.MAX_DEPTH} ",
            ],
        ),
        ("values worked out", [f" {budget.MAX_VALUES:,};", f" {budget.MAX_CHARACTERS:,} "]),
        ("APIs in one", [f" {budget.MAX_APIS},"]),
        ("Terraform files", [f" {hcl_files.MAX_FILES} "]),
        ("digits of", [f" {literals.MAX_DIGITS};", f" {literals.MAX_EPOCH_DIGITS} "]),
        ("characters of a glob", [f" {file_glob.LONGEST},", f" {file_glob.BRACKETS} `[`"]),
        ("mistakes of", [f" {json_mistakes.MAX_MISTAKES} "]),
        ("a message", [f" {diagnostics.MOST} "]),
        ("time for an assertion", [f" {Limits().seconds:g} s"]),
        ("time for a question", [f" {inquiry.QUESTIONS} times"]),
        ("time for git", [f" {git._SECONDS} s"]),
        ("states of", [f"{Limits().glob_states:,}"]),
        ("exchanges", [f"{Limits().rounds:,}"]),
        ("combinations", [f" {Limits().reading_combinations} "]),
        ("the file of kept", [f" {store.LIMIT // MIB} MiB"]),
    ],
)
def test_the_page_has_the_figures_of_the_code(what, values):
    for value in values:
        assert value in row(what)


def nested(depth):
    predicate = '"stage": "a"'
    for _ in range(depth):
        predicate = f'"not": {{{predicate}}}'
    return f'{{"version": 1, "assertions": [{{"id": "a", "never_allowed": {{{predicate}}}}}]}}'


def terraform(depth):
    value = '"execute-api:/*"'
    for _ in range(depth):
        value = f"({value})"
    statement = (
        '{ Effect = "Allow", Principal = "*", Action = "execute-api:Invoke", Resource = '
        f"{value} }}"
    )
    policy = f'jsonencode({{ Version = "2012-10-17", Statement = [{statement}] }})'
    return f'resource "aws_api_gateway_rest_api" "a{depth}" {{\n  policy = {policy}\n}}\n'


def test_what_is_just_within_is_read_and_what_is_beyond_is_refused(folder, run):
    given = {
        "near.tf": terraform(20),
        "far.tf": terraform(100),
        "near.json": policy_text({**ALLOW, "Sid": "S" * 8_000}),
        "far.json": policy_text({**ALLOW, "Sid": "S" * (MIB + 1)}),
        "manifest.yaml": "version: 1\npolicies:\n" + "  - policy.json\n" * 70_000,
    }
    for name, text in given.items():
        (folder / name).write_text(text)
    lines = [("lint", name) for name in given if name != "manifest.yaml"]
    *done, listed = run(*lines, ("prove", "--manifest", "manifest.yaml"), seconds=30)
    assert [one.code for one in done] == [1, 2, 1, 2]
    assert "error[FILE_TOO_LARGE]" in done[3].text
    assert listed.code == 2
    assert "error[YAML_TOO_LARGE]" in listed.text


def test_the_resource_of_a_request_has_a_length(folder, run):
    near, far = (
        json.dumps({"resource": (start := f"{API}/prod/GET/") + "a" * (size - len(start))})
        for size in (environment.MAX_RESOURCE_BYTES, environment.MAX_RESOURCE_BYTES + 1)
    )
    (done,) = run(("eval", "policy.json", "-"), stdin=f"{near}\n{far}\n".encode())
    first, second = map(json.loads, done.out.splitlines())
    assert "decision" in first
    assert "error" in second or second == first


def test_predicates_have_a_depth(folder, run):
    (folder / "near.json").write_text(nested(20))
    (folder / "far.json").write_text(nested(70))
    near, far = run(
        *(("prove", "policy.json", f"{one}.json", "-t", "5") for one in ("near", "far"))
    )
    assert near.code in {0, 1}, near.text
    assert far.code == 2
