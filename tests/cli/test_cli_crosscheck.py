import json

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
