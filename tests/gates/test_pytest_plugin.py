"""Assertions about policies in tests of others, and specs as tests."""

import json
import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from command_line import ALLOW, DENY, SPEC, environment, policy_text

import policycheck as pc
from policycheck import testing

REGIONAL = {"endpoint": "regional"}
OPEN = {"stage": "prod", "source_ip": "203.0.113.9"}
CLOSED = {"stage": "prod", "source_ip": "8.8.8.8"}


@pytest.fixture
def policy(tmp_path):
    (tmp_path / "policy.json").write_text(policy_text(ALLOW, DENY))
    return tmp_path / "policy.json"


def test_what_holds_passes(policy):
    testing.assert_never_allowed(policy, CLOSED, api=REGIONAL)
    testing.assert_always_allowed(policy, OPEN, api=REGIONAL)
    testing.assert_sometimes_allowed(str(policy), {"stage": "dev"})
    testing.assert_equivalent_to(policy, json.loads(policy.read_text()), api=REGIONAL)
    testing.assert_no_broader_than(pc.load_policy(policy), policy, when=OPEN, api=REGIONAL)


def test_what_fails_says_the_request(policy):
    with pytest.raises(AssertionError) as found:
        testing.assert_never_allowed(policy, OPEN, api=REGIONAL)
    said = str(found.value)
    assert "this request is allowed, and must never be:" in said
    assert "203.0.113.9" in said
    assert "statement 0 (AllowAll) allows it" in said


def test_a_broader_policy_fails(policy):
    broader = {"Version": "2012-10-17", "Statement": [ALLOW]}
    with pytest.raises(AssertionError, match="allowed, but not by"):
        testing.assert_no_broader_than(broader, policy, api=REGIONAL)
    testing.assert_no_broader_than(broader, policy, when={"stage": "dev"}, api=REGIONAL)
    with pytest.raises(AssertionError, match="VIOLATED"):
        testing.assert_equivalent_to(policy, broader, api=REGIONAL)


@pytest.mark.parametrize("limits", [{"timeout": 1e-6}])
def test_unknown_and_vacuous_fail(policy, limits):
    with pytest.raises(AssertionError, match="UNKNOWN"):
        testing.assert_never_allowed(policy, CLOSED, api=REGIONAL, **limits)
    with pytest.raises(AssertionError, match="VACUOUS"):
        testing.assert_never_allowed(policy, {"source_vpc": "present"}, api=REGIONAL)


def test_wrong_inputs_are_errors(policy, tmp_path):
    with pytest.raises(pc.InputError, match="stag"):
        testing.assert_never_allowed(policy, {"stag": "prod"})
    with pytest.raises(pc.InputError):
        testing.assert_never_allowed(tmp_path / "nowhere.json", OPEN)


def test_a_whole_spec(policy, tmp_path):
    (tmp_path / "spec.yaml").write_text(SPEC)
    with pytest.raises(AssertionError) as found:
        testing.assert_spec(policy, tmp_path / "spec.yaml")
    assert "VIOLATED  open" in str(found.value)
    assert "VACUOUS   nobody" in str(found.value)
    assert "closed" not in str(found.value)


def run(folder, *arguments):
    """pytest in a project, with the plugin whether or not the package is installed with it."""
    installed = entry_points(group="pytest11", name="policycheck")
    plugin = [] if installed else ["-p", "policycheck.testing.plugin"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin, *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(policy):
    folder = policy.parent
    (folder / "spec.yaml").write_text(SPEC)
    (folder / "pytest.ini").write_text("[pytest]\npolicycheck =\n    policy*.json spec.yaml\n")
    return folder


def test_each_assertion_is_a_test(project):
    found = run(project, "-v")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "spec.yaml::policy.json::open FAILED" in found.stdout
    assert "spec.yaml::policy.json::closed PASSED" in found.stdout
    assert "spec.yaml::policy.json::nobody FAILED" in found.stdout
    assert "this request is allowed, and must never be:" in found.stdout
    assert "Traceback" not in found.stdout
    assert "1 passed" in found.stdout


def test_one_of_them_can_be_chosen(project):
    found = run(project, "spec.yaml::policy.json::closed")
    assert (found.returncode, "1 passed" in found.stdout) == (0, True)
    assert run(project, "-k", "open").returncode == 1


def test_a_spec_that_cannot_be_read_is_an_error(project):
    (project / "spec.yaml").write_text("version: 2\n")
    found = run(project)
    assert found.returncode == 2
    assert "spec.yaml:1:" in found.stdout
    (project / "spec.yaml").write_text(SPEC)
    (project / "policy.json").unlink()
    assert "no policy is named policy*.json" in run(project).stdout


def test_projects_without_the_option_are_left_alone(project):
    (project / "pytest.ini").write_text("[pytest]\n")
    assert run(project).returncode == 5
