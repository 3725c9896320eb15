"""``policycheck init`` as a process."""

import json

import pytest
from command_line import ALLOW, DENY, policy_text


def test_to_standard_output(run, folder):
    found = run("init", "policy.json", "--endpoint", "regional")
    assert found.returncode == 0
    assert found.stdout.startswith("# yaml-language-server: $schema=spec.schema.json\n")
    assert "endpoint: regional" in found.stdout
    assert "no_broader_than: policy.json" in found.stdout
    (folder / "made.yaml").write_text(found.stdout)
    assert run("prove", "policy.json", "made.yaml").returncode == 0


def test_to_a_file_with_a_copy_of_the_policy(run, folder):
    (folder / "specs").mkdir()
    found = run("init", "policy.json", "-o", "specs/spec.yaml")
    assert (found.returncode, found.stdout) == (0, "")
    copy = folder / "specs" / "policy.baseline.json"
    assert copy.read_bytes() == (folder / "policy.json").read_bytes()
    assert "no_broader_than: policy.baseline.json" in (folder / "specs" / "spec.yaml").read_text()
    assert run("prove", "policy.json", "specs/spec.yaml").returncode == 0


def test_a_wider_policy_breaks_what_was_written(run, folder):
    run("init", "policy.json", "-o", "made.yaml")
    (folder / "policy.json").write_text(policy_text(ALLOW))
    found = run("prove", "policy.json", "made.yaml", "--format", "json")
    assert found.returncode == 1
    violated = [
        r["assertion"] for r in json.loads(found.stdout)["results"] if r["status"] == "violated"
    ]
    assert "no-new-access" in violated


def test_an_equal_copy_is_no_obstacle(run, folder):
    (folder / "policy.baseline.json").write_bytes((folder / "policy.json").read_bytes())
    assert run("init", "policy.json", "-o", "made.yaml").returncode == 0


def test_a_file_that_is_there_is_kept(run, folder):
    (folder / "made.yaml").write_text("mine")
    found = run("init", "policy.json", "-o", "made.yaml")
    assert found.returncode == 2
    assert "--force replaces it" in found.stderr
    assert (folder / "made.yaml").read_text() == "mine"
    assert not (folder / "policy.baseline.json").exists()
    assert run("init", "policy.json", "-o", "made.yaml", "--force").returncode == 0
    assert "no-new-access" in (folder / "made.yaml").read_text()


def test_a_baseline_of_ones_own_is_kept(run, folder):
    (folder / "reviewed.json").write_text(policy_text(ALLOW))
    found = run("init", "policy.json", "-o", "made.yaml", "--baseline", "reviewed.json")
    assert found.returncode == 0
    assert (folder / "reviewed.json").read_text() == policy_text(ALLOW)
    assert "no_broader_than: reviewed.json" in (folder / "made.yaml").read_text()
    assert not (folder / "policy.baseline.json").exists()


def test_a_baseline_that_the_policy_exceeds_is_left_out(run, folder):
    (folder / "reviewed.json").write_text(policy_text(ALLOW, ALLOW | {"Effect": "Deny"}))
    found = run("init", "policy.json", "--baseline", "reviewed.json")
    assert found.returncode == 0
    assert "no_broader_than" not in found.stdout


def test_an_older_copy_is_not_replaced_without_being_told(run, folder):
    (folder / "policy.baseline.json").write_text(policy_text(DENY))
    found = run("init", "policy.json", "-o", "made.yaml")
    assert found.returncode == 2
    assert "policy.baseline.json is there already" in found.stderr
    assert not (folder / "made.yaml").exists()


def test_standard_input(run, folder):
    found = run("init", "-", stdin=(folder / "policy.json").read_text())
    assert found.returncode == 0
    assert "no_broader_than" not in found.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.json"], "there is no file missing.json"),
        (["policy.json", "--endpoint", "public"], "'public' is not one of"),
        (["policy.json", "-o", "no/such/folder/spec.yaml"], "no/such/folder"),
        (["spec.yaml"], "error["),
    ],
)
def test_wrong_calls(run, folder, arguments, message):
    found = run("init", *arguments)
    assert found.returncode == 2
    assert message in found.stderr
    assert "Traceback" not in found.stderr
    assert sorted(one.name for one in folder.iterdir()) == [
        "policy.json",
        "request.json",
        "spec.yaml",
    ]


def test_a_baseline_is_a_file(run, folder):
    found = run("init", "policy.json", "--baseline", "-", "-o", "made.yaml")
    assert (found.returncode, found.stdout) == (2, "")
    assert "--baseline needs a file, not standard input (-)" in found.stderr
    assert not (folder / "made.yaml").exists()
