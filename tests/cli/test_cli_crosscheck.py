import json
import subprocess
import sys

from command_line import environment

import policycheck as pc
from policycheck.cli import main


def test_the_readings_agree(run):
    found = run("crosscheck", "policy.json", "spec.yaml", "--examples", "20")
    assert (found.returncode, found.stdout) == (0, "20 requests compared: no disagreements\n")


def test_json(run):
    found = run("crosscheck", "policy.json", "-n", "5", "--seed", "3", "-f", "json")
    data = json.loads(found.stdout)
    assert (data["examples"], data["seed"], data["disagreements"]) == (5, 3, [])


class Differing:
    request = pc.Request("arn:aws:execute-api:us-east-1:123456789012:abc/prod/GET/")
    concrete = "Allow"
    symbolic = "ExplicitDeny"
    readings = frozenset()
    subject = "the policy"


class Report:
    examples = 7
    disagreements = (Differing(),)


def test_a_disagreement_is_exit_code_1(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    monkeypatch.setitem(vars(pc), "crosscheck", lambda *_: Report())
    assert main(["crosscheck", "policy.json"]) == 1
    assert "7 requests compared: 1 disagreement\n" in capsys.readouterr().out


def test_no_notes_of_hypothesis_are_left_and_its_directory_is_what_it_was(folder):
    """Twice in one process: neither run leaves a directory, or the name of one that is gone."""
    program = (
        "import os\n"
        "from policycheck.cli import main\n"
        "from hypothesis.configuration import storage_directory\n"
        "before = dict(os.environ)\n"
        "for _ in range(2):\n"
        "    assert main(['crosscheck', 'policy.json', '-n', '5']) == 0\n"
        "    assert dict(os.environ) == before\n"
        "    assert storage_directory().path.parent.samefile('.'), storage_directory().path\n"
    )
    temporary = folder / "temporary"
    temporary.mkdir()
    settings = environment(TMPDIR=str(temporary))
    settings.pop("HYPOTHESIS_STORAGE_DIRECTORY", None)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(temporary.iterdir()) == []
    assert not (folder / ".hypothesis").exists()


class Empty:
    examples = 0
    disagreements = ()


def test_nothing_compared_is_no_success(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    monkeypatch.setitem(vars(pc), "crosscheck", lambda *_: Empty())
    assert main(["crosscheck", "policy.json", "-n", "5"]) == 3
    assert capsys.readouterr().out == (
        "0 requests compared: no disagreements\n"
        "5 were asked for, but few near the policy were found that can exist\n"
    )
