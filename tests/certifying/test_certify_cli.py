"""prove --certify and --proof as a command line."""

import json
import shlex
import subprocess
import sys

import pytest
from command_line import ALLOW, DENY, environment, policy_text
from scenes import SCENES, commands

PROVING = [
    pytest.param(scene, command, id=f"{scene.name}-{number}")
    for scene in SCENES
    for number, command in enumerate(commands(scene / "README.md"))
    if command.split()[1] == "prove"
]
SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - id: closed
    never_allowed: {stage: prod, source_ip: 8.8.8.8}
"""
FOLDS = {
    **ALLOW,
    "Condition": {"StringEqualsIgnoreCase": {"aws:UserAgent": "${aws:Referer}"}},
}
WITHOUT_CVC5 = """
import sys
sys.modules["cvc5"] = None
from policycheck.cli import main
sys.exit(main(sys.argv[1:]))
"""
LOADED = """
import sys
from policycheck.cli import main
code = main(sys.argv[1:])
print(*(name for name in sys.modules if "certif" in name or "cvc5" in name), file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "policy.json").write_text(policy_text(ALLOW, DENY))
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


def run(folder, *arguments, program=("-m", "policycheck")):
    return subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def certificates(found):
    return [one["certificate"] for one in json.loads(found.stdout)["results"]]


@pytest.mark.parametrize(("scene", "command"), PROVING)
def test_every_example_is_certified(scene, command):
    pytest.importorskip("cvc5")
    _, *arguments = shlex.split(command)
    found = run(scene, *arguments, "--certify", "--format", "json")
    assert certificates(found)
    assert [one.get("reason") for one in certificates(found) if not one["certified"]] == []
    statuses = {one["status"] for one in json.loads(found.stdout)["results"]}
    assert found.returncode == (0 if statuses == {"proved"} else 1)


def test_the_text_says_what_is_certified(folder):
    pytest.importorskip("cvc5")
    found = run(folder, "prove", "policy.json", "spec.yaml", "--certify")
    assert found.returncode == 0
    assert "certified by cvc5 1." in found.stdout
    assert "1 proved, 1 certified, 0 not certified" in found.stdout


def test_proved_but_not_certified_is_undecided(folder):
    pytest.importorskip("cvc5")
    nobody = {**ALLOW, "Effect": "Deny"}
    (folder / "policy.json").write_text(policy_text(FOLDS, nobody))
    assert run(folder, "prove", "policy.json", "spec.yaml").returncode == 0
    found = run(folder, "prove", "policy.json", "spec.yaml", "--certify", "--quiet")
    assert found.returncode == 3
    assert found.stdout.splitlines()[2].startswith("PROVED ")
    assert "not certified: a variable under StringEqualsIgnoreCase" in found.stdout


def test_every_form_says_that_it_is_not_certified(folder):
    pytest.importorskip("cvc5")
    (folder / "policy.json").write_text(policy_text(FOLDS, {**ALLOW, "Effect": "Deny"}))
    forms = ("sarif", "junit", "github", "gitlab", "markdown", "html")
    further = [word for form in forms for word in ("-o", f"{form}={form}.out")]
    found = run(folder, "prove", "policy.json", "spec.yaml", "--certify", *further)
    assert found.returncode == 3
    for form in forms:
        assert "not certified" in (folder / f"{form}.out").read_text().lower(), form


def test_proofs_are_written_and_named(folder):
    pytest.importorskip("cvc5")
    found = run(
        folder, "prove", *["policy.json", "spec.yaml", "--certify", "--proof", "out", "-f", "json"]
    )
    (answer, *others) = certificates(found)[0]["answers"]
    assert answer["answer"] == "unsat"
    assert answer["trust_steps"] >= 0
    assert not any("proof" in one for one in others)
    assert {file.suffix for file in (folder / "out").iterdir()} == {".cpc", ".smt2"}
    assert (folder / answer["proof"]).read_text().rstrip().endswith(")")
    assert "(check-sat)" in (folder / answer["script"]).read_text()


def test_kept_verdicts_are_not_used(folder):
    pytest.importorskip("cvc5")
    arguments = ("prove", "policy.json", "spec.yaml", "--cache-dir", "kept", "-f", "json")
    assert run(folder, *arguments).returncode == 0
    assert json.loads(run(folder, *arguments).stdout)["results"][0]["cached"]
    (result,) = json.loads(run(folder, *arguments, "--certify").stdout)["results"]
    assert "cached" not in result
    assert result["certificate"]["certified"]


def test_several_processes_certify_several_policies(folder):
    pytest.importorskip("cvc5")
    (folder / "other.json").write_text(policy_text(DENY))
    arguments = [
        "prove",
        "policy.json",
        "other.json",
        "spec.yaml",
        "--certify",
        "--proof",
        "out",
        "-j",
        "2",
        "-f",
        "json",
    ]
    found = run(folder, *arguments)
    assert found.returncode == 0
    assert [one["certified"] for one in certificates(found)] == [True, True]
    assert len(list((folder / "out").glob("*.cpc"))) == 2


def test_without_cvc5_nothing_is_proved(folder):
    arguments = ("prove", "policy.json", "missing.yaml", "--certify", "--proof", "out")
    found = run(folder, *arguments, program=("-c", WITHOUT_CVC5))
    assert found.returncode == 2
    assert found.stdout == ""
    assert "pip install 'policycheck[certify]'" in found.stderr
    assert "missing.yaml" not in found.stderr
    assert not (folder / "out").exists()


def test_a_wrong_call_is_refused(folder):
    found = run(folder, "prove", "policy.json", "spec.yaml", "--proof", "out")
    assert (found.returncode, found.stdout) == (2, "")
    assert "--proof needs --certify" in found.stderr
    assert not (folder / "out").exists()


def test_a_directory_that_cannot_be_made_is_refused(folder):
    pytest.importorskip("cvc5")
    found = run(
        folder, *["prove", "policy.json", "spec.yaml", "--certify", "--proof", "policy.json/out"]
    )
    assert (found.returncode, found.stdout) == (2, "")
    assert "policy.json/out" in found.stderr
    assert "Traceback" not in found.stderr


def test_without_the_option_nothing_of_it_is_loaded(folder):
    found = run(folder, "prove", "policy.json", "spec.yaml", program=("-c", LOADED))
    assert set(found.stderr.split()) == {
        "policycheck.cli.certifying",
        "policycheck.model.certificate",
    }
