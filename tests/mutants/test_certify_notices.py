"""A defect in the decision about texts, which both twins cannot see, is noticed by cvc5."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from injection import Defect, injected

from policycheck.cli import main
from policycheck.solve import prover

pytest.importorskip("cvc5")

DEFECTS = (
    Defect(
        "a conflict between texts forgets what the text must not match",
        "solve.solver",
        "parts += [atoms.globs[glob] for glob in found.outside]",
        "parts += []",
        (),
    ),
    Defect(
        "a conflict between texts forgets that the text could be a literal",
        "solve.solver",
        "parts = [negation(atoms.globs[glob]) for glob in found.inside]",
        "parts = []",
        (),
    ),
    Defect(
        "a literal matches no glob",
        "solve.solver",
        "if text_in_glob(text, glob)",
        "if not text_in_glob(text, glob)",
        (),
    ),
)
STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "*"}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {**STATEMENT, "Resource": ["execute-api:/prod/GET/pets/*", "execute-api:/prod/GET/a/b"]},
        {**STATEMENT, "Effect": "Deny", "Resource": "execute-api:/prod/GET/pets/*/secret/*"},
    ],
}
ASSERTIONS = [
    {"id": "pets", "never_allowed": {"path": "/pets/*"}},
    {"id": "short", "never_allowed": {"path": "/pe*"}},
    {"id": "a", "never_allowed": {"path": "/a/*"}},
]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_proof_of_too_much_is_an_internal_error(defect, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLICYCHECK_CACHE_DIR", "")
    monkeypatch.setattr(prover, "attempt", lambda *_: None)
    Path("policy.json").write_text(json.dumps(POLICY))
    Path("spec.yaml").write_text(json.dumps({"version": 1, "assertions": ASSERTIONS}))
    assert main(["prove", "policy.json", "spec.yaml", "--certify"]) == 1
    capfd.readouterr()
    with injected(defect):
        without = main(["prove", "policy.json", "spec.yaml"])
        assert "PROVED" in capfd.readouterr().out
        assert without in {0, 1}
        assert main(["prove", "policy.json", "spec.yaml", "--certify"]) == 70
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
