"""``policycheck diff`` as a process."""

import json
import shutil
import subprocess

import pytest
from command_line import ALLOW, DENY, policy_text
from jsonschema import Draft202012Validator

from policycheck.read.schema import diff_schema


@pytest.fixture
def old(folder):
    (folder / "old.json").write_text(policy_text({**ALLOW, "Resource": "execute-api:/dev/*"}))
    return folder / "old.json"


@pytest.fixture
def commit(folder):
    """Commits a file in a repository of the folder."""
    if shutil.which("git") is None:
        pytest.skip("there is no git")

    def git(*arguments):
        named = (
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "commit.gpgsign=false",
        )
        subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True)

    def committing(path, text):
        if not (folder / ".git").exists():
            git("init", "-q")
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
        git("add", path)
        git("commit", "-q", "-m", "a policy")

    return committing


def test_no_difference_is_said_and_the_code_is_0(run):
    found = run("diff", "policy.json", "policy.json")
    assert found.returncode == 0
    assert found.stdout.startswith("SAME  policy.json -> policy.json")


def test_what_opens_is_said_and_the_code_is_1(run, old):
    found = run("diff", old.name, "policy.json", "--endpoint", "regional")
    assert found.returncode == 1
    assert "OPENS" in found.stdout
    assert "CLOSES  nothing" in found.stdout
    assert "has no statement that allows it" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 80


def test_json_keeps_to_its_schema(run, old):
    found = run("diff", "policy.json", old.name, "-f", "json")
    data = json.loads(found.stdout)
    Draft202012Validator(diff_schema()).validate(data)
    assert data["status"] == "different"
    assert data["opened"] == []
    assert all(one["witness"]["decision"] == "Allow" for one in data["closed"])
    assert all(one["witness"]["baseline"] != "Allow" for one in data["closed"])


def test_markdown_is_a_comment(run, old):
    found = run("diff", old.name, "policy.json", "-f", "markdown", "-q")
    assert found.returncode == 1
    assert "| # | allowed | for example | because |" in found.stdout
    assert found.stdout.startswith("**old.json → policy.json**")


def test_a_revision_of_a_file(run, commit):
    commit("sub/p.json", policy_text(ALLOW))
    commit("sub/p.json", policy_text(ALLOW, DENY))
    found = run("diff", "git:HEAD~1:sub/p.json", "git:HEAD:sub/p.json")
    assert found.returncode == 1
    assert found.stdout.startswith("git:HEAD~1:sub/p.json -> git:HEAD:sub/p.json")
    assert run("diff", "git:HEAD:sub/p.json", "sub/p.json").returncode == 0
    assert run("diff", "git:HEAD:./sub/p.json", "sub/p.json").returncode == 0


def test_positions_name_the_revision(run, commit):
    commit("bad.json", '{"Version": "2012-10-17", "Statement": [{"Effect": "Alow"}]}')
    found = run("diff", "git:HEAD:bad.json", "policy.json")
    assert found.returncode == 2
    assert "git:HEAD:bad.json:1:" in found.stderr


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("git:HEAD:missing.json", "missing.json"),
        ("git:nowhere:policy.json", "nowhere"),
        ("git:HEAD", "names no file of a commit"),
        ("git::policy.json", "names no file of a commit"),
        ("git:--help:policy.json", "names no file of a commit"),
        ("git:HEAD:sub", "is a tree, not a file"),
    ],
)
def test_what_git_does_not_have_is_one_clear_error(run, commit, name, complaint):
    commit("sub/p.json", policy_text(ALLOW))
    found = run("diff", name, "policy.json")
    assert found.returncode == 2
    assert complaint in found.stderr
    assert found.stderr.startswith("error[GIT_FAILED]")
    assert "Traceback" not in found.stderr


def test_without_a_repository(run):
    found = run("diff", "git:HEAD:policy.json", "policy.json", GIT_CEILING_DIRECTORIES="/")
    assert found.returncode == 2
    assert "cannot be read" in found.stderr


def test_without_git(run):
    found = run("diff", "git:HEAD:policy.json", "policy.json", PATH="/nonexistent")
    assert found.returncode == 2
    assert "there is no program git" in found.stderr


def test_standard_input_is_one_of_them(run, old, folder):
    text = (folder / "policy.json").read_text()
    assert run("diff", "-", "policy.json", stdin=text).returncode == 0
    assert run("diff", "-", "-", stdin=text).returncode == 2


def test_time_that_runs_out_is_unknown(run, old):
    found = run("diff", old.name, "policy.json", "--timeout", "0.00001")
    assert found.returncode == 3
    assert found.stdout.startswith("UNKNOWN")
