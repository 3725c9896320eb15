"""Where Z3 gives up on texts that variables tie together, cvc5 is asked, if it is there."""

from __future__ import annotations

import pytest
import z3
from asking import allow, ask, never

from policycheck.model.verdict import Status
from policycheck.solve import second_solver, words
from policycheck.solve.limits import Limits
from policycheck.solve.second_solver import Replies, Reply

IAM = {"authorization": "iam"}
TEAM = "${aws:PrincipalTag/team}"


class GivesUp(z3.Solver):
    """A solver of strings that decides nothing."""

    def check(self, *_):
        return z3.unknown


@pytest.fixture(autouse=True)
def _only_cvc5_decides_strings(monkeypatch):
    monkeypatch.setattr(words.z3, "Solver", GivesUp)
    monkeypatch.setattr(words, "guessed", lambda *_: None)


def verdict(referer: str, **limits):
    """Whether nobody is let in whose team begins both texts. It has two characters at least."""
    tied = {
        "StringLike": {"aws:UserAgent": f"{TEAM}*foo", "aws:Referer": f"{TEAM}*zzz"},
        "StringEqualsIgnoreCase": {"aws:UserAgent": "longliteral-foo", "aws:Referer": referer},
        "ForAnyValue:StringLike": {"aws:PrincipalTag/team": "??*"},
    }
    return ask([allow(Condition=tied)], never(), api=IAM, limits=Limits(**limits))


def test_what_cvc5_refutes_is_refuted():
    pytest.importorskip("cvc5")
    assert verdict("ab-zzz").status is Status.PROVED


def test_texts_that_cvc5_finds_possible_are_no_counterexample():
    pytest.importorskip("cvc5")
    found = verdict("longzzz")
    assert found.status is Status.UNKNOWN
    assert "could not be decided" in found.reason


@pytest.mark.parametrize("answer", ["sat", "unknown"])
def test_only_a_refutation_counts(answer, monkeypatch):
    monkeypatch.setattr(second_solver, "has_cvc5", lambda: True)
    replies = Replies("cvc5", (Reply(answer, "so it said"),))
    monkeypatch.setattr(second_solver, "ask_cvc5", lambda *_, **__: replies)
    assert verdict("ab-zzz").status is Status.UNKNOWN


def test_without_cvc5_the_reason_says_what_would_help(monkeypatch):
    monkeypatch.setattr(second_solver, "has_cvc5", lambda: False)
    found = verdict("ab-zzz")
    assert found.status is Status.UNKNOWN
    assert "policycheck[certify]" in found.reason


def test_cvc5_has_no_longer_than_is_left(monkeypatch):
    asked: list[float] = []

    def noting(_, seconds, *__, **___):
        asked.append(seconds)
        return Replies("cvc5", (Reply("unknown"),))

    monkeypatch.setattr(second_solver, "has_cvc5", lambda: True)
    monkeypatch.setattr(second_solver, "ask_cvc5", noting)
    assert verdict("ab-zzz", seconds=3).status is Status.UNKNOWN
    assert verdict("ab-zzz", seconds=1000).status is Status.UNKNOWN
    assert 0 < asked[0] <= 3 < asked[1] <= 10
