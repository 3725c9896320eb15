"""cvc5 confirms verdicts of every kind, and contradicts those that are wrong."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from questions import ALLOW, EVERY_KIND, every_kind, policy_of, spec_of

import policycheck as pc
from policycheck.certifying import certifier
from policycheck.fleet.outcome import portable, raise_defects
from policycheck.model.tally import Tally
from policycheck.read.schema import result_schema
from policycheck.report import json_results, junit, markdown, text
from policycheck.report.page import Page
from policycheck.solve import second_solver
from policycheck.solve.claims import claims
from policycheck.solve.limits import Limits
from policycheck.solve.second_solver import Replies, Reply, ask_cvc5

pytest.importorskip("cvc5")

LIMITS = Limits(seconds=30, probes=20)
FLIPPED = {pc.Status.PROVED: pc.Status.VIOLATED, pc.Status.VIOLATED: pc.Status.PROVED}
HARD = """
(set-logic ALL)
(declare-const a (_ BitVec 96))
(declare-const b (_ BitVec 96))
(assert (= (bvmul ((_ zero_extend 96) a) ((_ zero_extend 96) b)) (_ bv1746860020068409 192)))
(assert (not (= a (_ bv1 96))))
(assert (not (= b (_ bv1 96))))
(assert (bvult a b))
(assert (bvugt (bvmul a (bvmul b b)) (bvxor b (bvmul a a))))
(check-sat)
"""


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    """A policy, a spec, and the certified verdicts by their ids."""
    policy, spec = every_kind(tmp_path_factory.mktemp("kinds"))
    report = pc.prove(policy, spec, LIMITS, certifier=pc.Certifier())
    return policy, spec, report


def verdict_of(kinds, name):
    return next(one for one in kinds[2].verdicts if one.assertion.id == name)


@pytest.mark.parametrize("name", EVERY_KIND)
def test_a_verdict_of_every_kind_is_certified(kinds, name):
    verdict = verdict_of(kinds, name)
    assert verdict.status.value == name.split()[-1]
    assert verdict.certificate.certified
    assert verdict.certificate.solver.startswith("cvc5 1.")
    assert all(one.confirms for one in verdict.certificate.answers)


@pytest.mark.parametrize("name", [name for name in EVERY_KIND if name != "vacuous"])
def test_the_opposite_verdict_is_contradicted(kinds, name):
    verdict = verdict_of(kinds, name)
    wrong = replace(verdict, status=FLIPPED[verdict.status])
    with pytest.raises(pc.SolversDisagreeError, match=r"answers (un)?sat") as caught:
        pc.Certifier().certified(wrong, kinds[1], LIMITS)
    assert {"policy.txt", "spec.txt", "script.smt2", "answers.txt"} <= set(caught.value.material)
    assert "check-sat" in caught.value.material["script.smt2"]


@pytest.mark.parametrize("name", ["never proved", "always violated", "some proved"])
def test_what_is_not_vacuous_is_contradicted_if_it_is_called_so(kinds, name):
    wrong = replace(verdict_of(kinds, name), status=pc.Status.VACUOUS)
    with pytest.raises(pc.SolversDisagreeError):
        pc.Certifier().certified(wrong, kinds[1], LIMITS)


def test_a_vacuous_verdict_is_not_proved(kinds):
    wrong = replace(verdict_of(kinds, "vacuous"), status=pc.Status.PROVED)
    with pytest.raises(pc.SolversDisagreeError, match="some request is one that it speaks of"):
        pc.Certifier().certified(wrong, kinds[1], LIMITS)


def test_a_proof_is_for_every_reading_and_a_violation_for_those_it_names():
    shorthand = {**ALLOW, "NotResource": "execute-api:/prod/*"}
    del shorthand["Resource"]
    policy = policy_of(shorthand)
    spec = spec_of({"closed": {"never_allowed": {"stage": "prod"}}})
    (verdict,) = pc.prove(policy, spec, LIMITS, certifier=pc.Certifier()).verdicts
    assert [one.value for one in verdict.readings] == ["not-resource-shorthand-literal"]
    assert verdict.certificate.certified
    assert "not-resource-shorthand-literal" in verdict.certificate.answers[0].claim
    for wrong in (replace(verdict, status=pc.Status.PROVED), replace(verdict, under=())):
        with pytest.raises(pc.SolversDisagreeError):
            pc.Certifier().certified(wrong, spec, LIMITS)


def test_a_workflow_is_certified():
    spec = spec_of(
        {"in": {"sometimes_allowed": {"stage": "prod"}}, "out": {"never_allowed": {"stage": "x"}}},
        workflow={"authorizer": "lambda", "authorizer_result": "deny"},
        api={"endpoint": "regional", "authorization": "lambda"},
    )
    report = pc.prove(policy_of(ALLOW), spec, LIMITS, certifier=pc.Certifier())
    assert [one.status.value for one in report.verdicts] == ["violated", "proved"]
    assert all(one.certificate.certified for one in report.verdicts)


def test_verdicts_are_the_same_without_a_second_opinion(kinds):
    policy, spec, report = kinds
    plain = pc.prove(policy, spec, LIMITS).verdicts
    asked = [replace(one, certificate=None, seconds=0.0) for one in report.verdicts]
    assert asked == [replace(one, seconds=0.0) for one in plain]


def folded():
    """A proof that needs nothing of a condition that cannot be written in SMT-LIB."""
    folds = {"StringEqualsIgnoreCase": {"aws:UserAgent": "${aws:Referer}"}}
    nobody = {**ALLOW, "Effect": "Deny"}
    policy = policy_of({**ALLOW, "Condition": folds}, nobody)
    return policy, spec_of({"closed": {"never_allowed": {"stage": "prod"}}})


def test_what_cannot_be_written_is_proved_and_not_certified():
    report = pc.prove(*folded(), LIMITS, certifier=pc.Certifier())
    (verdict,) = report.verdicts
    assert verdict.status is pc.Status.PROVED
    assert "StringEqualsIgnoreCase" in verdict.certificate.reason
    assert (verdict.holds, verdict.undecided, report.ok, report.exit_code) == (
        False,
        True,
        False,
        3,
    )
    assert Tally.of(report).exit_code == 3


def test_no_form_of_a_report_shows_it_as_holding():
    report = pc.prove(*folded(), LIMITS, certifier=pc.Certifier())
    assert "not certified: a variable" in text.render(report, Page(), quiet=True)
    assert "closed is proved, not certified" in junit.render_proof(report)
    assert "<error" in junit.render_proof(report)
    assert "proved, not certified" in markdown.render_proof(report)
    assert json_results.results(report)["summary"]["not_certified"] == 1


def replied(*answers):
    """An ``ask_cvc5`` that gives these answers."""
    return lambda scripts, *_, **__: Replies("cvc5 0", tuple(Reply(*one) for one in answers))


def test_an_unknown_of_cvc5_says_why_and_changes_no_status(monkeypatch):
    policy, spec = policy_of(ALLOW), spec_of({"open": {"always_allowed": {"stage": "prod"}}})
    reply = ("unknown", "cvc5 gave up (incomplete)")
    monkeypatch.setattr(certifier, "ask_cvc5", replied(reply, ("sat",), ("sat",)))
    (verdict,) = pc.prove(policy, spec, LIMITS, certifier=pc.Certifier()).verdicts
    assert verdict.status is pc.Status.PROVED
    assert verdict.certificate.reason.endswith(": cvc5 gave up (incomplete)")
    assert verdict.undecided


def test_a_violation_stays_one_without_a_certificate(monkeypatch):
    policy, spec = policy_of(ALLOW), spec_of({"closed": {"never_allowed": {"stage": "prod"}}})
    monkeypatch.setattr(certifier, "ask_cvc5", replied(("unknown", "the time limit was reached")))
    report = pc.prove(policy, spec, LIMITS, certifier=pc.Certifier())
    assert not report.verdicts[0].certificate.certified
    assert report.exit_code == 1


def test_an_unknown_verdict_is_not_certified():
    spec = spec_of({"closed": {"never_allowed": {"stage": "prod"}}})
    unknown = pc.Verdict(policy_of(ALLOW), spec.assertions[0], pc.Status.UNKNOWN, reason="slow")
    found = pc.Certifier().certified(unknown, spec, LIMITS)
    assert (found.status, found.certificate.certified) == (pc.Status.UNKNOWN, False)
    assert claims(unknown, spec, LIMITS) == ()


def test_cvc5_stops_when_its_time_is_up():
    found = ask_cvc5([HARD], 0.3, certifier.MEMORY, proofs=False)
    assert found.replies == (Reply("unknown", "the time limit was reached"),)


@pytest.mark.parametrize("seconds", [1e10, 1e300, float("inf")])
def test_any_time_limit_can_be_asked_for(seconds):
    found = ask_cvc5(["(check-sat)"], seconds, certifier.MEMORY, proofs=False)
    assert [reply.answer for reply in found.replies] == ["sat"]


def test_a_process_that_does_not_stop_is_killed_and_its_answers_count(monkeypatch, tmp_path):
    program = tmp_path / "sleeper.py"
    program.write_text(
        'import sys, time\nprint(\'{"solver": "cvc5 0"}\\n{"answer": "sat"}\\n{"ans\','
        " end='', flush=True)\ntime.sleep(60)\n"
    )
    monkeypatch.setattr(second_solver, "_PROGRAM", program)
    monkeypatch.setattr(second_solver, "SPARE", 2.0)
    found = ask_cvc5(["one", "two"], 0.1, certifier.MEMORY, proofs=False)
    assert found.solver == "cvc5 0"
    assert found.replies == (Reply("sat"), Reply("unknown", "the time limit was reached"))


def test_memory_is_limited():
    found = ask_cvc5([HARD], 10, 90 << 20, proofs=False)
    assert found.replies[0].answer == "unknown"
    assert "memory limit" in found.replies[0].why


def test_a_process_that_dies_is_no_answer(monkeypatch, tmp_path):
    program = tmp_path / "dying.py"
    program.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(second_solver, "_PROGRAM", program)
    found = ask_cvc5(["one"], 5, certifier.MEMORY, proofs=False)
    assert found.replies == (Reply("unknown", "cvc5 ended with code -6"),)


def test_results_with_certificates_are_of_the_schema(kinds):
    data = json_results.results(kinds[2])
    Draft202012Validator(result_schema()).validate(data)
    assert data["summary"]["certified"] == len(EVERY_KIND)
    assert all(one["certificate"]["certified"] for one in data["results"])
    assert json.loads(json_results.render(kinds[2])) == data


def test_a_disagreement_travels_with_what_it_needs():
    error = pickle.loads(pickle.dumps(pc.SolversDisagreeError("both", {"script.smt2": "(x)"})))
    assert (str(error), error.material) == ("both", {"script.smt2": "(x)"})
    named = portable(error, "policy.json")
    assert str(named) == "policy.json:\nboth"
    with pytest.raises(pc.SolversDisagreeError, match=r"policy\.json") as caught:
        raise_defects([named, ValueError(), pc.DisagreementError("other")])
    assert caught.value.material == {"1-script.smt2": "(x)"}


def test_a_certifier_travels():
    assert pickle.loads(pickle.dumps(pc.Certifier(Path("x")))) == pc.Certifier(Path("x"))
