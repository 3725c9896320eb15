"""``policycheck repair`` as a process."""

import json
import shutil
import stat
import subprocess

import pytest
from command_line import ALLOW, DENY, policy_text

SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - {id: prod-closed, never_allowed: {stage: prod}}
  - {id: dev-open, always_allowed: {stage: dev}}
"""
CONTRADICTION = SPEC + "  - {id: prod-open, always_allowed: {stage: prod, method: GET}}\n"


@pytest.fixture
def broken(folder):
    """A spec that the policy of the folder does not meet; the policy is on many lines."""
    (folder / "spec.yaml").write_text(SPEC)
    (folder / "contradiction.yaml").write_text(CONTRADICTION)
    return folder


def holds(run):
    return run("prove", "policy.json", "spec.yaml").returncode == 0


def test_a_repair_with_its_diff(run, broken):
    found = run("repair", "policy.json", "spec.yaml")
    assert found.returncode == 0
    assert "REPAIR  1 edit; proved after it: prod-closed, dev-open" in found.stdout
    assert "--- a/policy.json\n+++ b/policy.json\n@@ " in found.stdout
    assert "\x1b" not in found.stdout
    assert not holds(run)


@pytest.mark.parametrize("program", [("patch", "-p1"), ("git", "apply")])
def test_the_diff_alone_is_one_that_programs_apply(run, broken, program):
    if shutil.which(program[0]) is None:
        pytest.skip(f"needs {program[0]}")
    diff = run("repair", "policy.json", "spec.yaml", "--format", "diff").stdout
    subprocess.run(program, input=diff, text=True, cwd=broken, check=True, capture_output=True)
    assert holds(run)


def test_the_diff_of_a_path_from_elsewhere_is_relative(run, broken):
    diff = run("repair", broken / "policy.json", "spec.yaml", "--format", "diff").stdout
    assert diff.startswith("--- a/policy.json\n")


def test_json(run, broken):
    found = run("repair", "policy.json", "spec.yaml", "--format", "json", "--alternatives", "3")
    data = json.loads(found.stdout)
    assert data["outcome"] == "repaired"
    assert len(data["repairs"]) == 3
    for repair in data["repairs"]:
        assert repair["proved"] == ["prod-closed", "dev-open"]
        assert repair["diff"].startswith("--- a/policy.json")
        assert json.loads(repair["policy"])["Statement"]


def test_write(run, broken):
    file = broken / "policy.json"
    file.write_bytes(b"\xef\xbb\xbf" + policy_text(ALLOW, DENY).replace("\n", "\r\n").encode())
    file.chmod(0o640)
    found = run("repair", "policy.json", "spec.yaml", "--write")
    assert found.returncode == 0
    assert "policy.json is repaired" in found.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    after = file.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf{\r\n")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert holds(run)
    assert run("repair", "policy.json", "spec.yaml", "--write").stdout.endswith(
        "every assertion is proved already\n"
    )


def test_write_follows_a_symbolic_link(run, broken):
    (broken / "policy.json").rename(broken / "real.json")
    (broken / "policy.json").symlink_to("real.json")
    assert run("repair", "policy.json", "spec.yaml", "--write", "--quiet").returncode == 0
    assert (broken / "policy.json").is_symlink()
    assert run("prove", "real.json", "spec.yaml").returncode == 0


def test_a_file_that_changed_meanwhile_is_left_alone(folder, monkeypatch):
    import policycheck as pc  # noqa: PLC0415
    from policycheck.cli import repair as cli  # noqa: PLC0415
    from policycheck.diagnostics import InputError  # noqa: PLC0415

    (folder / "spec.yaml").write_text(SPEC)
    file = folder / "policy.json"
    found = pc.repair(pc.load_policy(file), pc.load_spec(folder / "spec.yaml"))
    file.write_text("{}")
    with pytest.raises(InputError, match="has changed since it was read"):
        cli._write(file, found)
    assert file.read_text() == "{}"


def test_standard_input_is_not_written_to(run, broken):
    found = run("repair", "-", "spec.yaml", "--write", stdin="")
    assert found.returncode == 2
    assert "--write needs a file" in found.stderr


def test_standard_input_is_repaired(run, broken):
    found = run("repair", "-", "spec.yaml", stdin=(broken / "policy.json").read_text())
    assert found.returncode == 0
    assert "REPAIR" in found.stdout


def test_a_contradiction(run, broken):
    found = run("repair", "policy.json", "contradiction.yaml", "--write")
    assert found.returncode == 1
    assert "CONTRADICTION  prod-open and prod-closed" in found.stdout
    assert "GET /pets on stage prod" in found.stdout
    data = json.loads(run("repair", "policy.json", "contradiction.yaml", "-f", "json").stdout)
    assert data["contradictions"][0]["assertions"] == ["prod-open", "prod-closed"]
    assert data["contradictions"][0]["example"]["request"]["resource"]


def test_only_some_assertions(run, broken):
    found = run("repair", "policy.json", "contradiction.yaml", "-a", "prod-closed")
    assert found.returncode == 0


def test_no_diff_says_so_on_the_other_stream(run, broken):
    found = run("repair", "policy.json", "contradiction.yaml", "--format", "diff")
    assert (found.returncode, found.stdout) == (1, "")
    assert "no diff: contradiction" in found.stderr


def test_out_of_time_is_undecided(run, broken):
    found = run("repair", "policy.json", "spec.yaml", "--timeout", "0.001")
    assert found.returncode == 3
    assert "the time limit of 0.001 seconds was reached" in found.stdout
    assert "REPAIR " not in found.stdout.replace("NO REPAIR", "")


def test_no_repair_within_the_edits(run, broken):
    (broken / "spec.yaml").write_text(
        "version: 1\nassertions:\n"
        "  - {id: hours, never_allowed: {not: {time: {daily: '09:00-17:00'}}}}\n"
        "  - {id: open, sometimes_allowed: {}}\n"
    )
    found = run("repair", "policy.json", "spec.yaml", "--max-edits", "1")
    assert found.returncode == 1
    assert "no statement of a policy can say: a time of day" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.json", "spec.yaml"], "there is no file missing.json"),
        (["policy.json", "missing.yaml"], "there is no file missing.yaml"),
        (["policy.json", "spec.yaml", "--alternatives", "0"], "0 is not in the range"),
        (["policy.json", "spec.yaml", "--assertion", "prod-close"], "did you mean prod-closed"),
        (["policy.json"], "Missing argument 'SPEC'"),
        (["-", "-"], "standard input (-) can be only one of the inputs"),
    ],
)
def test_wrong_calls(run, broken, arguments, message):
    found = run("repair", *arguments)
    assert found.returncode == 2
    assert message in found.stderr
    assert "Traceback" not in found.stderr


def test_colour_where_it_is_wanted(run, broken):
    found = run("repair", "policy.json", "spec.yaml", "--color", "always")
    assert "\x1b[1;32m+" in found.stdout
