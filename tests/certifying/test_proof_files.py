"""The proofs of cvc5 are well formed, and say what is taken on trust."""

import re
from pathlib import Path

import pytest
from questions import every_kind

import policycheck as pc
from policycheck.certifying.proofs import trusted
from policycheck.solve.limits import Limits

pytest.importorskip("cvc5")

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r'"(?:[^"]|"")*"|\|[^|]*\||[()]|[^\s()"|;]+|;[^\n]*')
COMMANDS = {"declare-const", "define", "assume", "assume-push", "step", "step-pop"}
LIMITS = Limits(seconds=30, probes=20)


def parsed(text):
    """The S-expressions of a text, as lists; every character of it belongs to one."""
    assert not TOKEN.sub("", text).strip()
    stack = [[]]
    for token in TOKEN.findall(text):
        if token.startswith(";"):
            continue
        if token == "(":
            stack.append([])
        elif token == ")":
            whole = stack.pop()
            stack[-1].append(whole)
        else:
            stack[-1].append(token)
    assert len(stack) == 1
    return stack[0]


def refutations(report):
    return [
        answer
        for verdict in report.verdicts
        for answer in verdict.certificate.answers
        if answer.answer == "unsat"
    ]


def check(answer):
    commands = parsed(answer.proof.read_text(encoding="utf-8"))
    assert {one[0] for one in commands} <= COMMANDS
    names = [one[1] for one in commands]
    known = set()
    for command, name in zip(commands, names, strict=True):
        if command[0] == "step" and ":premises" in command:
            assert set(command[command.index(":premises") + 1]) <= known
        known.add(name)
    last = commands[-1]
    assert last[0] == "step"
    assert last[2] == "false"
    asserted = answer.script.read_text(encoding="utf-8").count("(assert")
    assert 0 < sum(one[0] == "assume" for one in commands) <= asserted
    rules = [one[one.index(":rule") + 1] for one in commands if one[0].startswith("step")]
    assert rules.count("trust") == answer.trusted


def test_every_refutation_has_its_proof(tmp_path):
    policy, spec = every_kind(tmp_path)
    certifier = pc.Certifier(tmp_path / "proofs")
    found = refutations(pc.prove(policy, spec, LIMITS, certifier=certifier))
    assert len(found) == 7
    for answer in found:
        check(answer)
    files = {file.suffix for file in (tmp_path / "proofs").iterdir()}
    assert files == {".cpc", ".smt2"}
    assert len(list((tmp_path / "proofs").iterdir())) == 2 * len({one.proof for one in found})


@pytest.mark.parametrize("name", ["only-listed-routes", "no-public-access", "office-hours"])
def test_proofs_about_the_library_trust_nothing(tmp_path, name):
    policy = pc.load_policy(ROOT / "tests" / "specs" / "policies" / f"{name}.good.json")
    report = pc.prove(
        policy,
        pc.load_spec(ROOT / "specs" / f"{name}.yaml"),
        LIMITS,
        certifier=pc.Certifier(tmp_path),
    )
    found = refutations(report)
    assert found
    for answer in found:
        check(answer)
        assert answer.trusted == 0


def test_trust_is_counted_where_it_is_a_rule():
    proof = '(step @p1 (= |a :rule trust| ":rule trust") :rule trust_me)\n; :rule trust\n'
    assert trusted(proof) == 0
    assert trusted(proof + "(step @p2 false :rule trust :premises (@p1))") == 1
