"""A defect in the decision about texts, which both twins cannot see, is noticed by cvc5."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from injection import Defect, injected

from policycheck.cli import main
from policycheck.solve import proof

pytest.importorskip("cvc5")

DEFECTS = (
    Defect(
        "a conflict between texts forgets what the text must not match",
        "solve.solver",
        "parts += [atoms.globs[glob] for glob in sorted(found.outside, key=longer_first)]",
        "parts += []",
        (),
    ),
    Defect(
        "a conflict between texts forgets that the text could be a literal",
        "solve.solver",
        "parts = [negation(atoms.globs[glob]) for glob in sorted(found.inside, key=longer_first)]",
        "parts = []",
        (),
    ),
    Defect(
        "a literal matches no glob",
        "solve.solver",
        "matching[glob].append(is_it)",
        "matching[glob].clear()",
        (),
    ),
)
EVERYBODY = {"Principal": "*", "Action": "*"}


def browser(pattern, operator="StringLike"):
    return {operator: {"aws:UserAgent": pattern}}


POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", **EVERYBODY, "Resource": "execute-api:/prod/*"},
        {"Effect": "Allow", **EVERYBODY, "Resource": "execute-api:/test/*"},
        {
            "Effect": "Allow",
            **EVERYBODY,
            "Resource": "execute-api:/dev/*",
            "Condition": browser("cd", "StringEquals"),
        },
        {
            "Effect": "Deny",
            **EVERYBODY,
            "Resource": "execute-api:/prod/*",
            "Condition": browser("a*"),
        },
    ],
}
ASSERTIONS = [
    {"id": "closed", "never_allowed": {"stage": "prod", "condition": browser("ab*")}},
    {"id": "open", "never_allowed": {"stage": "test", "condition": browser("ab*")}},
    {"id": "other", "never_allowed": {"stage": "prod", "condition": browser("b*")}},
    {"id": "literal", "never_allowed": {"stage": "dev", "condition": browser("c*")}},
]
WRONG = ("open", "other", "literal")
"""Of each defect, the assertion that it makes policycheck prove."""


def violated(text):
    return set(re.findall(r"^VIOLATED +(\w+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("defect", "wrong"), list(zip(DEFECTS, WRONG, strict=True)), ids=[one.name for one in DEFECTS]
)
def test_a_proof_of_too_much_is_an_internal_error(defect, wrong, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLICYCHECK_CACHE_DIR", "")
    monkeypatch.setattr(proof, "attempt", lambda *_: None)
    Path("policy.json").write_text(json.dumps(POLICY))
    Path("spec.yaml").write_text(json.dumps({"version": 1, "assertions": ASSERTIONS}))
    asked = ["prove", "policy.json", "spec.yaml", "-a", "closed", "-a", wrong]
    assert main([*asked, "--certify"]) == 1
    assert violated(capfd.readouterr().out) == {wrong}
    with injected(defect):
        main(asked)
        assert violated(capfd.readouterr().out) == set()
        assert main([*asked, "--certify"]) == 70
    said = capfd.readouterr()
    assert "The two solvers disagree" in said.err
    assert "PROVED" not in said.out
    directory = Path(re.search(r"the files in (\S+):", said.err)[1])
    assert {file.name for file in directory.iterdir()} == {
        "answers.txt",
        "policy.txt",
        "script.smt2",
        "spec.txt",
    }
    assert json.loads((directory / "policy.txt").read_text()) == POLICY
    assert "(check-sat)" in (directory / "script.smt2").read_text()
