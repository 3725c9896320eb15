"""What the comparison of solvers counts, and what it calls met."""

from __future__ import annotations

import pytest
from compare import LOCAL, Patience
from comparison import Answer, Asked, ratios, solve
from comparison_targets import report
from workloads import Question

LIMITS = dict.fromkeys(LOCAL, 10.0)


def asked(workload, size, naive, ours=0.01):
    answers = {"policycheck": Answer("sat", ours, ours), "naive": naive}
    return Asked(workload, size, answers)


def decided(seconds):
    return Answer("sat", seconds, seconds)


TIMEOUT = Answer("unknown", 10.0, 10.0)
GAVE_UP = Answer("unknown", 0.1, 0.1)
REFUSED = Answer("UnsaidError: routes", 0.0, 0.0)


def rows(found):
    cells = [line.strip("| ").split(" | ") for line in report(found, LIMITS).splitlines()]
    return {row[0]: row[1:] for row in cells}


@pytest.fixture
def found():
    return [asked("random", 10, decided(2.0)), asked("stars", 10, TIMEOUT)]


def test_what_takes_too_long_counts_as_the_limit(found):
    assert ratios(found, "naive", solve, limit=10) == [0.01 / 2, 0.01 / 10]
    assert ratios(found, "naive", solve) == [0.01 / 2]


@pytest.mark.parametrize("answer", [GAVE_UP, REFUSED], ids=["gave up", "refused"])
def test_what_is_not_answered_earlier_does_not_count(answer):
    assert ratios([asked("random", 10, answer)], "naive", solve, limit=10) == []


def test_sizes_are_told_with_what_was_left_out(found):
    found += [asked("random", 10, REFUSED), Asked("random", 10, {"policycheck": decided(0.01)})]
    together = ["≤ 0.00167", "≥ 600"]
    assert rows(found)["10"] == ["4", "1", "1", "2", "≤ 0.00224", "≥ 447", *together]


def test_every_size_has_to_be_beaten(found):
    found += [asked("random", 30, decided(1.5)), asked("random", 3, decided(0.01))]
    whole = "mean over all questions of a size"
    told = {what: row for what, row in rows(found).items() if whole in what}
    assert [row[0] for row in told.values()] == ["yes"]
    found.append(asked("stars", 30, decided(0.1)))
    told = {what: row for what, row in rows(found).items() if whole in what}
    assert list(told.values()) == [["no", "10 (≤ 0.00224), 30 (0.02582)"]]


def test_the_time_of_a_size_as_a_whole_is_told_beside_the_mean(found):
    found += [asked("random", 30, decided(0.1)), asked("stars", 30, decided(9.9))]
    told = {
        what: row for what, row in rows(found).items() if "together" in what and "naive " in what
    }
    assert list(told.values()) == [["yes", "10 (0.00167), 30 (0.00200)"]]
    found.append(asked("stars", 60, decided(0.5)))
    told = {
        what: row for what, row in rows(found).items() if "together" in what and "naive " in what
    }
    assert [row[0] for row in told.values()] == ["no"]


def test_classes_are_counted_on_their_own(found):
    found.append(asked("stars", 30, decided(0.1)))
    each = [row for what, row in rows(found).items() if what.startswith("naive beaten 100 times")]
    assert each[-1] == ["no", "2 of 3 classes"]


def test_the_naive_encoding_is_asked_everything_of_a_size():
    patience = Patience()
    one, corpus = Question("random", 10, "", ""), Question("corpus", 0, "", "")
    for solver in ("z3", "naive"):
        for _ in range(5):
            patience.note(solver, one, TIMEOUT, 10)
            patience.note(solver, corpus, TIMEOUT, 10)
    assert patience.allows("naive", one)
    assert not patience.allows("z3", one)
    assert not patience.allows("naive", corpus)


def test_nothing_is_not_beaten():
    told = [row[0] for what, row in rows([asked("random", 3, TIMEOUT)]).items() if "beaten" in what]
    assert told == ["no", "no", "no", "no"]
