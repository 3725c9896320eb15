"""Exported scripts are legal, and two other solvers answer as policycheck does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import generator
import pytest
import z3

from policycheck.analyse.export import export
from policycheck.diagnostics import InputError, Source
from policycheck.model.assertion import AssertionKind
from policycheck.model.verdict import Status
from policycheck.read.policy import load_policy, parse_policy
from policycheck.read.spec import load_spec, parse_spec
from policycheck.solve.prover import prove

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
LIBRARY = sorted((ROOT / "specs").glob("*.yaml"))
TRICKY = ("a|b\\c*", '"quoted" é\U0001f600?*', "; (check-sat) ${*}*", "\t*")
CVC5_STEPS, Z3_STEPS = 100_000, 50_000
"""What the solvers may spend on one answer, in their own units: not in time, which depends on what
else the machine does."""

SPEC = {
    "version": 1,
    "api": {"endpoint": "regional"},
    "assertions": [
        {"id": "never", "never_allowed": {"all_of": [{"source_ip": "public"}, {"stage": "prod"}]}},
        {"id": "some", "sometimes_allowed": {"method": "GET"}},
        {"id": "always", "always_allowed": {"path": "/pets*"}},
    ],
}


def spec_of(**sections):
    return parse_spec(Source("<spec>", json.dumps({**SPEC, **sections})), ROOT)


def policy_of(policy):
    return parse_policy(Source("<policy>", json.dumps(policy)))


def allowing(condition, resource="execute-api:/*"):
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": resource}
    return policy_of(
        {"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition}]}
    )


def by_cvc5(script):
    cvc5 = pytest.importorskip("cvc5")
    solver = cvc5.Solver()
    solver.setOption("rlimit-per", str(CVC5_STEPS))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "script")
    answers = ""
    while not (command := parser.nextCommand()).isNull():
        answers += command.invoke(solver, parser.getSymbolManager())
    return answers.strip()


def by_z3(script):
    solver = z3.Solver()
    solver.set("rlimit", Z3_STEPS)
    solver.from_string(script)
    return str(solver.check())


def expected(verdict):
    found = verdict.status is Status.VIOLATED
    if verdict.assertion.kind is AssertionKind.SOMETIMES_ALLOWED:
        found = not found
    return "sat" if found else "unsat"


def assert_agreement(policy, spec):
    """Returns how many answers were compared with cvc5's, or with Z3's own strings where cvc5 gives
    up."""
    compared = 0
    verdicts = prove([policy], spec).verdicts
    for verdict, (name, script) in zip(verdicts, export(policy, spec), strict=True):
        assert name == verdict.assertion.id
        if verdict.status is Status.VACUOUS or verdict.under:
            continue
        assert verdict.status is not Status.UNKNOWN
        answer = by_cvc5(script)
        if answer == "unknown":
            answer = by_z3(script)
        assert answer in {expected(verdict), "unknown"}
        compared += answer != "unknown"
    return compared


@pytest.mark.parametrize("kind", ["good", "bad"])
@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_library(path, kind):
    policy = load_policy(ROOT / "tests" / "specs" / "policies" / f"{path.stem}.{kind}.json")
    spec = load_spec(path)
    assert assert_agreement(policy, spec) >= len(spec.assertions)


@pytest.mark.parametrize("seed", range(2))
def test_generated(seed):
    assert assert_agreement(policy_of(generator.policy(3, seed)), spec_of()) >= 3


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_corpus():
    compared = 0
    for path in sorted(CORPUS.glob("*.json"))[::20]:
        try:
            policy = load_policy(path)
        except InputError:
            continue
        compared += assert_agreement(policy, spec_of())
    assert compared >= 8


@pytest.mark.parametrize("pattern", TRICKY)
def test_texts_that_the_language_escapes(pattern):
    policy = allowing({"StringLike": {"aws:UserAgent": pattern}})
    assert assert_agreement(policy, spec_of()) >= 3


@pytest.mark.parametrize("pattern", TRICKY)
def test_scripts_are_ascii_with_legal_symbols(pattern):
    policy = allowing({"StringLike": {"aws:UserAgent": pattern}})
    for _, script in export(policy, spec_of()):
        assert script.isascii()
        assert script.count("(check-sat)") - script.count('"; (check-sat)') >= 1
        symbols = re.sub(r'"[^"]*"', "", script).split("|")[1::2]
        assert symbols
        assert not any("\\" in symbol for symbol in symbols)


@pytest.mark.parametrize(
    "wanted", ["${aws:Referer}", "x-${aws:Referer}-*", "*${aws:Referer}*/", "?${aws:Referer}"]
)
def test_texts_that_variables_tie(wanted):
    policy = allowing({"StringLike": {"aws:UserAgent": wanted}})
    predicate = {"condition": {"StringEquals": {"aws:UserAgent": "x-a-b/", "aws:Referer": "a"}}}
    spec = spec_of(
        assertions=[
            {"id": "never", "never_allowed": predicate},
            {"id": "always", "always_allowed": predicate},
        ]
    )
    assert assert_agreement(policy, spec) >= 2


def test_a_variable_without_case_cannot_be_written():
    policy = allowing({"StringEqualsIgnoreCase": {"aws:UserAgent": "${aws:Referer}"}})
    with pytest.raises(InputError, match="NOT_EXPORTABLE"):
        list(export(policy, spec_of()))


def test_the_header_says_what_the_answers_mean():
    policy = parse_policy(Source("a\nb é.json", load_policy_text()))
    scripts = dict(export(policy, spec_of()))
    assert list(scripts) == ["never", "some", "always"]
    assert scripts["some"].splitlines()[:4] == [
        "; policy: a?b ?.json",
        "; assertion: some (sometimes_allowed)",
        "; sat: proved: a request in question is allowed",
        "; unsat: violated: no request in question is allowed",
    ]


def load_policy_text():
    return json.dumps(generator.policy(1, 0))
