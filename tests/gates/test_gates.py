"""The hook, the action, the job and the image: valid, and run as far as a machine allows."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from command_line import ALLOW, DENY, ROOT, SPEC, environment, policy_text
from ruamel.yaml import YAML

GOOD = """
version: 1
api: {endpoint: regional}
assertions:
  - {id: closed, never_allowed: {stage: prod, source_ip: 8.8.8.8}}
"""


def load(name):
    return YAML(typ="safe").load((ROOT / name).read_text(encoding="utf-8"))


def check_schema(name, file):
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", name, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path):
    """A repository with a policy and a spec, and a program of that name on the path."""
    (tmp_path / "policy.json").write_text(policy_text(ALLOW, DENY))
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "good.yaml").write_text(GOOD)
    program = tmp_path / "bin" / "policycheck"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policycheck "$@"\n')
    program.chmod(0o755)
    return tmp_path


def settings(project, **changes):
    path = f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return environment(PATH=path, HOME=str(project), **changes)


def run(project, *command, **changes):
    return subprocess.run(
        command,
        cwd=project,
        env=settings(project, **changes),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_hooks_are_valid():
    clientlib = pytest.importorskip("pre_commit.clientlib")
    hooks = clientlib.load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert [one["id"] for one in hooks] == ["policycheck-lint", "policycheck-prove"]


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("policycheck-lint", ["--fail-on", "error"], 0),
        ("policycheck-lint", [], 1),
        ("policycheck-prove", ["policy.json", "good.yaml"], 0),
        ("policycheck-prove", ["policy.json", "spec.yaml"], 1),
    ],
)
def test_the_hooks_run(project, name, arguments, code):
    pytest.importorskip("pre_commit")
    (hook,) = [one for one in load(".pre-commit-hooks.yaml") if one["id"] == name]
    local = {**hook, "language": "system", "args": arguments}
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (project / ".pre-commit-config.yaml").write_text(json.dumps(config))
    assert run(project, "git", "init", "-q").returncode == 0
    assert run(project, "git", "add", "policy.json", "spec.yaml").returncode == 0
    found = run(project, sys.executable, "-m", "pre_commit", "run", "--all-files")
    assert found.returncode == code, found.stdout + found.stderr
    assert hook["name"] in found.stdout


def test_the_action_is_valid_and_puts_no_input_into_a_script():
    check_schema("vendor.github-actions", ROOT / "action.yml")
    action = load("action.yml")
    for step in action["runs"]["steps"]:
        assert "${{" not in step["run"]
    given = re.findall(r"inputs\.([a-z-]+)", (ROOT / "action.yml").read_text())
    assert set(given) == set(action["inputs"])


def act(project, **inputs):
    """The last step of the action, as a runner would run it."""
    action = load("action.yml")
    step = action["runs"]["steps"][-1]
    defaults = {name: one.get("default", "") for name, one in action["inputs"].items()}
    values = {
        name: re.sub(
            r"\$\{\{ inputs\.([a-z-]+) \}\}",
            lambda found: (defaults | inputs)[found[1]],
            text,
        )
        for name, text in step["env"].items()
    }
    temporary = project / "runner"
    (temporary / "policycheck" / "bin").mkdir(parents=True, exist_ok=True)
    shutil.copy(project / "bin" / "policycheck", temporary / "policycheck" / "bin")
    files = {name: str(project / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    paths = {"RUNNER_TEMP": str(temporary), "GITHUB_ACTION_PATH": str(ROOT)}
    found = run(
        project, "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"],
        **values, **files, **paths,
    )  # fmt: skip
    return found, Path(files["GITHUB_OUTPUT"]).read_text()


def test_the_action_runs(project):
    found, output = act(project, policies="policy.json\n", spec="spec.yaml", reports="out")
    assert found.returncode == 1, found.stderr
    assert output == "exit-code=1\n"
    assert "::error file=policy.json,line=" in found.stdout
    assert "::warning file=policy.json,line=" in found.stdout
    assert "## policycheck lint" in (project / "github_step_summary").read_text()
    names = {f"{one}.{kind}" for one in ("prove", "lint") for kind in ("sarif", "xml", "html")}
    assert {one.name for one in (project / "out").iterdir()} == names


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"spec": "good.yaml", "lint": "false"}, 0),
        ({"spec": "good.yaml", "fail-on": "never"}, 0),
        ({"fail-on": "warning"}, 1),
        ({"spec": "nowhere.yaml", "fail-on": "never"}, 2),
        ({"spec": "$(touch owned)`touch owned`;touch owned", "lint": "false"}, 2),
    ],
)
def test_the_exit_code_of_the_action_is_the_worst(project, inputs, code):
    found, output = act(project, policies="policy.json", **inputs)
    assert (found.returncode, output) == (code, f"exit-code={code}\n"), found.stderr
    assert not (project / "owned").exists()


def test_the_job_is_valid(tmp_path):
    job = tmp_path / ".gitlab-ci.yml"
    shutil.copy(ROOT / "gates" / "policycheck.gitlab-ci.yml", job)
    check_schema("vendor.gitlab-ci", job)


def gitlab(project, **variables):
    """The script of the job, with its variables."""
    job = load("gates/policycheck.gitlab-ci.yml")["policycheck"]
    program = project / ".policycheck" / "bin" / "policycheck"
    program.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(project / "bin" / "policycheck", program)
    script = "\n".join(job["script"])
    return run(project, "bash", "-eo", "pipefail", "-c", script, **job["variables"] | variables)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"POLICYCHECK_SPEC": "spec.yaml"}, 1),
        ({"POLICYCHECK_SPEC": "good.yaml", "POLICYCHECK_LINT": "false"}, 0),
        ({"POLICYCHECK_SPEC": "good.yaml"}, 1),
        ({"POLICYCHECK_FAIL_ON": "never"}, 0),
    ],
)
def test_the_job_runs(project, variables, code):
    found = gitlab(project, POLICYCHECK_POLICIES="policy.json\n", **variables)
    assert found.returncode == code, found.stdout + found.stderr
    reports = project / "policycheck-reports"
    for file in reports.glob("*.xml"):
        assert ET.parse(file).getroot().tag == "testsuites"
    for file in reports.glob("*.json"):
        assert isinstance(json.loads(file.read_text()), list)
    assert list(reports.glob("*.html"))


@pytest.mark.parametrize("proved", [0, 1, 2, 3, 70])
@pytest.mark.parametrize("linted", [0, 1, 2, 70])
def test_the_exit_code_of_the_job_is_the_worst(project, proved, linted):
    program = project / "bin" / "policycheck"
    program.unlink()
    program.write_text(f"#!/bin/sh\n[ $1 = prove ] && exit {proved}\nexit {linted}\n")
    program.chmod(0o755)
    found = gitlab(project, POLICYCHECK_POLICIES="policy.json", POLICYCHECK_SPEC="spec.yaml")
    worst = next(one for one in (70, 2, 1, 3, 0) if one in {proved, linted})
    assert found.returncode == worst, found.stdout + found.stderr


@pytest.mark.parametrize("variables", [{}, {"POLICYCHECK_PACKAGE": "x"}])
def test_a_job_without_its_variables_says_what_to_set(project, variables):
    job = load("gates/policycheck.gitlab-ci.yml")["policycheck"]
    script = "\n".join(job["before_script"])
    found = run(project, "bash", "-eo", "pipefail", "-c", script, **job["variables"] | variables)
    assert found.returncode == 2
    assert found.stdout.startswith("set POLICYCHECK_P")


def test_scripts_are_clean():
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    subprocess.run(["shellcheck", str(ROOT / "gates" / "run.sh")], check=True)


def instructions():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    return [line.split(None, 1) for line in text.splitlines() if line and line[0].isupper()]


def test_the_image_copies_what_there_is_and_does_not_run_as_root():
    given = instructions()
    ignored = (ROOT / ".dockerignore").read_text().split()
    for name, rest in given:
        if name == "COPY" and not rest.startswith("--from"):
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists()
                assert f"!{source}" in ignored
    assert ["USER", "policycheck"] in given
    assert given[-1] == ["ENTRYPOINT", '["policycheck"]']


def test_the_package_builds_from_what_the_image_copies(tmp_path):
    for name, rest in instructions():
        if name == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            for source in sources:
                place = tmp_path / (source if target == "./" else target)
                place.parent.mkdir(parents=True, exist_ok=True)
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, place)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", "wheel", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "wheel").iterdir()
    names = subprocess.run(
        [sys.executable, "-m", "zipfile", "-l", str(wheel)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for part in ("html/templates/review.css", "html/templates/parts.html", "testing/plugin.py",
                 "rule_pages/MISSING_VERSION.md", "schemas/findings.json"):  # fmt: skip
        assert part in names


def test_the_image_runs():
    if (
        not shutil.which("docker")
        or subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    ):
        pytest.skip("no docker daemon")
    subprocess.run(["docker", "build", "-q", "-t", "policycheck-test", str(ROOT)], check=True)
    done = subprocess.run(
        ["docker", "run", "--rm", "policycheck-test", "--version"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("policycheck ")
