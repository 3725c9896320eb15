"""``policycheck lint`` and ``reach`` on many policies, as processes."""

import json

import pytest
from estate import write_policies
from test_prove_many import run_policycheck, steady


@pytest.fixture
def folder(tmp_path):
    write_policies(tmp_path / "policies", 5, statements=2)
    (tmp_path / "policies" / "00003.json").write_text('{"Statement": [{"Effect": "Alow"}]}')
    return tmp_path


@pytest.mark.parametrize("command", [("lint", "policies"), ("reach", "policies")])
@pytest.mark.parametrize("form", ["json", "text"])
def test_results_do_not_depend_on_the_number_of_processes(folder, command, form):
    alone = run_policycheck(folder, *command, "--format", form)
    spread = run_policycheck(folder, *command, "--format", form, "--jobs", "2")
    assert alone.returncode == spread.returncode == 2
    assert steady(alone.stdout) == steady(spread.stdout)
    assert alone.stderr == spread.stderr
    assert "policies/00003.json:1:27" in spread.stderr


def test_lint_of_many_policies_counts_them(folder):
    found = json.loads(run_policycheck(folder, "lint", "policies", "--format", "json").stdout)
    assert {one["policy"] for one in found["results"]} <= {
        f"policies/0000{number}.json" for number in (0, 1, 2, 4)
    }
    kinds = ("suggestion", "warning", "security-warning", "error")
    assert sum(found["summary"][kind] for kind in kinds) == len(found["results"])
    assert found["summary"]["errors"] == 1


def test_reach_of_many_policies_is_a_list(folder):
    found = json.loads(run_policycheck(folder, "reach", "policies", "--format", "json").stdout)
    assert [one["policy"] for one in found["results"]] == [
        f"policies/0000{number}.json" for number in (0, 1, 2, 4)
    ]
    assert found["summary"] == {"policies": 4, "unknown": 0, "errors": 1}
    assert {one["policy"] for one in found["errors"]} == {"policies/00003.json"}


def test_reach_of_one_policy_is_as_before(folder):
    found = run_policycheck(folder, "reach", "policies/00001.json", "--format", "json")
    assert json.loads(found.stdout)["policy"] == "policies/00001.json"


def test_waivers_count_in_every_process(folder):
    found = json.loads(run_policycheck(folder, "lint", "policies", "--format", "json").stdout)
    one = found["results"][0]
    waiver = f"- {{code: {one['code']}, reason: r, owner: o, expires: 2999-01-01}}\n"
    (folder / one["policy"].replace(".json", ".waivers.yaml")).write_text(waiver)
    spread = run_policycheck(folder, "lint", "policies", "--format", "json", "--jobs", "2")
    assert json.loads(spread.stdout)["waived"][0]["code"] == one["code"]


MANIFEST = """
version: 1
policies:
  - {policy: policies/00000.json, spec: spec.yaml}
  - {policy: policies/00001.json, spec: missing.yaml}
  - policies/0000[24].json
"""


@pytest.mark.parametrize("command", ["lint", "reach"])
def test_a_manifest_says_what_is_known_of_each_api(folder, command):
    (folder / "estate.yaml").write_text(MANIFEST)
    (folder / "spec.yaml").write_text("version: 1\napi: {endpoint: regional}\n")
    found = run_policycheck(folder, command, "--manifest", "estate.yaml", "--format", "json")
    data = json.loads(found.stdout)
    assert found.returncode == 2
    assert {one["policy"] for one in data["errors"]} == {"missing.yaml"}
    assert {one["policy"] for one in data["results"]} == {
        f"policies/0000{number}.json" for number in (0, 2, 4)
    }


@pytest.mark.parametrize("command", ["lint", "reach"])
def test_a_call_without_a_policy_is_wrong(folder, command):
    assert run_policycheck(folder, command).returncode == 2
    both = run_policycheck(folder, command, "policies", "--manifest", "estate.yaml")
    assert "there are no policies as arguments" in both.stderr
