import json
import os
import stat
import subprocess
import sys

import pytest
from command_line import ALLOW, DENY, environment, policy_text
from jsonschema import Draft202012Validator

from policycheck.read.schema import result_schema
from policycheck.report.characters import width


def spec(*assertions):
    lines = "".join(f"  - {{id: a{i}, {text}}}\n" for i, text in enumerate(assertions))
    return f"version: 1\napi: {{endpoint: regional}}\nassertions:\n{lines}"


HOLDS = "never_allowed: {stage: prod, source_ip: 8.8.8.8}"
VIOLATED = "never_allowed: {stage: prod, source_ip: 203.0.113.9}"
VACUOUS = "never_allowed: {source_vpc: present}"
WITNESSED = "sometimes_allowed: {stage: dev}"


@pytest.mark.parametrize(
    ("assertions", "code"),
    [
        ([HOLDS], 0),
        ([HOLDS, WITNESSED], 0),
        ([HOLDS, VIOLATED], 1),
        ([VACUOUS], 1),
        ([f"{VACUOUS}, allow_vacuous: true"], 0),
        (["never_allowed: {stag: prod}"], 2),
        (["never_alowed: {stage: prod}"], 2),
    ],
)
def test_exit_codes(run, folder, assertions, code):
    (folder / "spec.yaml").write_text(spec(*assertions))
    assert run("prove", "policy.json", "spec.yaml").returncode == code


def test_a_result_that_could_not_be_decided_is_exit_code_3(run, folder):
    (folder / "spec.yaml").write_text(spec(HOLDS))
    found = run("prove", "policy.json", "spec.yaml", "--timeout", "0.000001")
    assert found.returncode == 3
    assert found.stdout.splitlines()[2].startswith("UNKNOWN   a0")


def test_text_results_for_people(run):
    found = run("prove", "policy.json", "spec.yaml", COLUMNS="80")
    assert found.stderr == ""
    assert "\x1b" not in found.stdout
    assert "^^^^^^^^^^^^^^^^^ statement 0 (AllowAll) allows it" in found.stdout
    assert "3 assertions about 1 policy: 1 proved, 1 violated, 1 vacuous (" in found.stdout
    assert max(map(width, found.stdout.splitlines())) <= 80


def test_json_results_are_as_their_schema_says(run):
    data = json.loads(run("prove", "policy.json", "spec.yaml", "--format", "json").stdout)
    Draft202012Validator(result_schema()).validate(data)
    assert [one["status"] for one in data["results"]] == ["violated", "proved", "vacuous"]


def test_a_bad_policy_does_not_stop_the_rest(run, folder):
    (folder / "bad.json").write_text('{"Statement": [{"Effect": "Alow"}]}')
    found = run("prove", "bad.json", "policy.json", "spec.yaml", "--format", "json")
    data = json.loads(found.stdout)
    assert found.returncode == 2
    assert data["summary"] == {"proved": 1, "violated": 1, "vacuous": 1, "unknown": 0, "errors": 1}
    assert {error["policy"] for error in data["errors"]} == {"bad.json"}
    assert "--> bad.json:1:27" in found.stderr


@pytest.mark.parametrize("text", ["version: 1\nassertions: [{", "version: 2\nassertions: []", ""])
def test_a_bad_spec_is_reported_with_bad_policies(run, folder, text):
    (folder / "spec.yaml").write_text(text)
    found = run("prove", "missing.json", "spec.yaml", "--format", "json")
    assert found.returncode == 2
    assert {error["policy"] for error in json.loads(found.stdout)["errors"]} == {
        "missing.json",
        "spec.yaml",
    }


def test_a_spec_in_the_wrong_place(run):
    found = run("prove", "spec.yaml", "policy.json")
    assert found.returncode == 2
    assert "error[NO_SPEC]: the last argument is the spec, and policy.json is a policy" in (
        found.stderr
    )


def test_a_policy_from_standard_input(run, folder):
    found = run("prove", "-", "spec.yaml", stdin=policy_text(DENY))
    assert found.returncode == 1
    assert found.stdout.startswith("<stdin>\n")


def test_a_spec_from_standard_input(run, folder):
    assert run("prove", "policy.json", "-", stdin=spec(HOLDS)).returncode == 0


def test_a_directory_stands_for_the_policies_below_it(run, folder):
    below = folder / "policies" / "deep"
    below.mkdir(parents=True)
    (folder / "policies" / "b.json").write_text(policy_text(ALLOW, DENY))
    (below / "a.json").write_text(policy_text(ALLOW))
    (below / "request.json").write_text('{"resource": "arn:..."}')
    (below / ".hidden.json").write_text("{")
    (below / "notes.txt").write_text("{")
    found = run("prove", "policies", "spec.yaml", "--format", "json", "--assertion", "open")
    names = [one["policy"] for one in json.loads(found.stdout)["results"]]
    assert names == ["policies/b.json", "policies/deep/a.json"]
    assert found.stderr == (
        "policycheck: policies/deep/request.json is no policy, as it has no Statement: "
        "passed over\n"
    )


def test_a_file_of_a_directory_that_is_no_json_is_an_error(run, folder):
    (folder / "policies").mkdir()
    (folder / "policies" / "a.json").write_text("{")
    found = run("prove", "policies", "spec.yaml")
    assert found.returncode == 2
    assert "policies/a.json" in found.stderr


def test_a_directory_without_a_policy_is_an_error(run, folder):
    (folder / "empty").mkdir()
    found = run("prove", "empty", "spec.yaml")
    assert found.returncode == 2
    assert "there is no policy in the directory empty" in found.stderr


def test_one_assertion_can_be_chosen(run):
    found = run("prove", "policy.json", "spec.yaml", "--assertion", "closed")
    assert found.returncode == 0
    assert "1 assertion about 1 policy" in found.stdout


def test_an_assertion_that_is_not_there(run):
    found = run("prove", "policy.json", "spec.yaml", "--assertion", "clsoed")
    assert found.returncode == 2
    assert "the spec has no assertion clsoed; did you mean closed?" in found.stderr


def test_warnings_go_to_standard_error(run, folder):
    odd = {**DENY, "Condition": {"IpAddress": {"aws:XfwdIp": "203.0.113.0/24"}}}
    (folder / "policy.json").write_text(policy_text(ALLOW, odd))
    found = run("prove", "policy.json", "spec.yaml")
    assert "warning[INVALID_GLOBAL_CONDITION_KEY]" in found.stderr
    assert "warning" not in found.stdout


def test_quiet_shows_what_does_not_hold_alone(run, folder):
    (folder / "policy.json").write_text(policy_text(DENY))
    (folder / "spec.yaml").write_text(spec(HOLDS))
    found = run("prove", "policy.json", "spec.yaml", "--quiet")
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_colour_is_for_terminals_or_on_demand(run):
    arguments = ("prove", "policy.json", "spec.yaml", "--color")
    assert "\x1b[1;31mVIOLATED" in run(*arguments, "always").stdout
    assert "\x1b" not in run(*arguments, "auto").stdout


@pytest.mark.parametrize(
    ("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_gets_colour_unless_it_is_not_wanted(folder, variables, coloured):
    pty = pytest.importorskip("pty")

    ours, theirs = pty.openpty()

    command = [sys.executable, "-m", "policycheck", "prove", "policy.json", "spec.yaml"]
    settings = environment(**{"TERM": "xterm", **variables})
    subprocess.run(command, cwd=folder, env=settings, stdout=theirs, check=False, timeout=60)
    os.close(theirs)
    assert (b"\x1b[" in os.read(ours, 65536)) is coloured
    os.close(ours)


def test_results_go_to_a_file(run, folder):
    found = run("prove", "policy.json", "spec.yaml", "-f", "json", "--output", "out.json")
    assert (found.returncode, found.stdout) == (1, "")
    assert json.loads((folder / "out.json").read_text())["version"] == 1
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []


def test_a_file_keeps_its_mode_and_a_link_its_target(run, folder):
    target = folder / "target.txt"
    target.write_text("old")
    target.chmod(0o640)
    (folder / "link.txt").symlink_to(target)
    run("prove", "policy.json", "spec.yaml", "--output", "link.txt")
    assert target.read_text() != "old"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert (folder / "link.txt").is_symlink()


@pytest.mark.parametrize("file", ["missing/out.txt", "."])
def test_a_file_that_cannot_be_written(run, file):
    found = run("prove", "policy.json", "spec.yaml", "--output", file)
    assert found.returncode == 2
    assert "Traceback" not in found.stderr


def test_a_device_is_written_to(run):
    assert run("prove", "policy.json", "spec.yaml", "--output", "/dev/null").returncode == 1


def test_an_ascii_terminal_is_no_error(run, folder):
    text = policy_text({**ALLOW, "Sid": "日本"})
    (folder / "policy.json").write_text(text, encoding="utf-8")
    found = run("prove", "policy.json", "spec.yaml", LC_ALL="C", PYTHONIOENCODING="ascii")
    assert found.returncode == 1
