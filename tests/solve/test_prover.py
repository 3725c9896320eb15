"""The whole flow: statuses, reasons, limits, minimal sets of statements."""

from __future__ import annotations

from itertools import product

import pytest
from asking import (
    allow,
    always,
    ask,
    condition,
    deny,
    never,
    policy_of,
    sometimes,
    spec_of,
    status,
)

from policycheck.model.decision import Outcome
from policycheck.model.verdict import Status
from policycheck.solve.limits import Limits
from policycheck.solve.prover import prove

PUBLIC = {"endpoint": "regional"}
IAM = {"authorization": "iam"}
OFFICE = "203.0.113.0/24"
FROM_OFFICE = {"IpAddress": {"aws:SourceIp": OFFICE}}
NOT_OFFICE = {"NotIpAddress": {"aws:SourceIp": OFFICE}}


@pytest.mark.parametrize(
    ("statements", "assertion", "found"),
    [
        ([], never(), "proved"),
        ([allow()], never(), "violated"),
        ([allow()], always(), "proved"),
        ([allow(), deny()], never(), "proved"),
        ([allow(), deny()], always(), "violated"),
        ([deny()], sometimes(), "violated"),
        ([allow()], sometimes(), "proved"),
        ([allow(Condition=FROM_OFFICE)], never(source_ip="198.51.100.7"), "proved"),
        ([allow(Condition=FROM_OFFICE)], always(source_ip="203.0.113.128/25"), "proved"),
        ([allow(Condition=FROM_OFFICE)], always(source_ip="203.0.112.0/23"), "violated"),
        ([allow(Condition=FROM_OFFICE)], sometimes(source_ip="203.0.112.0/23"), "proved"),
    ],
)
def test_status(statements, assertion, found):
    assert status(statements or [deny()], assertion, api=PUBLIC) == found


def test_a_counterexample_is_a_request_with_its_decision():
    verdict = ask([allow(), deny(Condition=NOT_OFFICE)], always(), api=PUBLIC)
    assert verdict.counterexample.decision.outcome is Outcome.EXPLICIT_DENY
    assert [one.index for one in verdict.because] == [1]
    assert "aws:SourceIp" in verdict.counterexample.request.context


def test_a_witness_is_a_request_that_is_allowed():
    verdict = ask([deny(Condition=NOT_OFFICE), allow()], sometimes(), api=PUBLIC)
    assert verdict.witness.decision.outcome is Outcome.ALLOW
    assert [one.index for one in verdict.because] == [1]
    assert verdict.counterexample is None


def test_no_witness_no_counterexample():
    verdict = ask([allow(), deny()], sometimes())
    assert verdict.status is Status.VIOLATED
    assert verdict.counterexample is verdict.witness is None
    assert [one.index for one in verdict.because] == [1]


@pytest.mark.parametrize(
    "predicate",
    [
        {"source_ip": "10.0.0.1"},
        {"source_vpc": "present"},
        {"principal": "authenticated"},
        {"present": ["aws:TagKeys"]},
        {"all_of": [{"stage": "a"}, {"stage": "b"}]},
        {"all_of": [{"path": "/a*"}, {"path": "/b*"}]},
        condition("DateLessThan", "aws:CurrentTime", "-999999999999999999"),
    ],
)
@pytest.mark.parametrize("make", [never, always, sometimes])
def test_vacuous(predicate, make):
    verdict = ask([allow()], make(**predicate), api=PUBLIC)
    assert verdict.status is Status.VACUOUS
    assert verdict.reason
    assert not verdict.holds


@pytest.mark.parametrize(
    ("predicate", "is_told"),
    [
        ({"principal": "authenticated"}, True),
        ({"principal": "123456789012"}, True),
        ({"all_of": [{"stage": "prod"}, {"present": ["aws:PrincipalOrgID"]}]}, True),
        (condition("StringEquals", "aws:PrincipalTag/team", "a"), True),
        ({"source_ip": "10.0.0.1"}, False),
        ({"all_of": [{"absent": ["aws:PrincipalArn"]}, {"source_ip": "10.0.0.1"}]}, False),
    ],
)
def test_a_vacuous_verdict_tells_that_every_caller_is_anonymous(predicate, is_told):
    told = "every caller is anonymous, as authorization is not iam"
    verdict = ask([allow()], never(**predicate), api=PUBLIC)
    assert verdict.status is Status.VACUOUS
    assert (told in verdict.reason) is is_told
    known = ask([allow()], never(**predicate), api=PUBLIC | {"authorization": "iam"})
    assert told not in known.reason


@pytest.mark.parametrize("make", [never, always, sometimes])
def test_vacuous_may_be_allowed(make):
    assertion = make(source_ip="10.0.0.1") | {"allow_vacuous": True}
    assert ask([allow()], assertion, api=PUBLIC).holds


@pytest.mark.parametrize("make", [never, always])
def test_a_violation_is_never_vacuous(make):
    statement = allow() if make is never else deny()
    assert status([statement], make(stage="prod")) == "violated"


BECAUSE = [
    (never(), [allow(), deny(), deny(Condition=FROM_OFFICE)], [1]),
    (
        never(source_ip=OFFICE),
        [allow(), deny(Condition=FROM_OFFICE), deny(Resource="execute-api:/x/*")],
        [1],
    ),
    (never(), [allow(Condition=FROM_OFFICE), deny(Condition=FROM_OFFICE)], [0, 1]),
    (always(), [allow()], [0]),
    (never(stage="dev"), [allow(Resource="execute-api:/prod/*")], [0]),
    (
        always(),
        [allow(Resource="execute-api:/*"), allow(Condition=FROM_OFFICE)],
        [0],
    ),
    (
        always(method=["GET", "PUT"]),
        [allow(Resource="execute-api:/*/GET/*"), allow(Resource="execute-api:/*/PUT/*"), allow()],
        None,
    ),
]


@pytest.mark.parametrize(("assertion", "statements", "because"), BECAUSE)
def test_a_proof_names_statements_that_it_needs(assertion, statements, because):
    verdict = ask(statements, assertion, api=PUBLIC)
    assert verdict.status is Status.PROVED
    found = [one.index for one in verdict.because]
    assert found == because if because is not None else len(found) in {1, 2}


def freed(statement):
    """The statement may apply to everything or to nothing."""
    make = allow if statement["Effect"] == "Allow" else deny
    return [make(), make(Resource="execute-api:/nowhere")]


def outcomes(statements, assertion, kept):
    """The statuses, whatever the statements that are not kept apply to."""
    choices = [[one] if index in kept else freed(one) for index, one in enumerate(statements)]
    return {status(chosen, assertion, api=PUBLIC) for chosen in product(*choices)}


@pytest.mark.parametrize(("assertion", "statements", "because"), BECAUSE)
def test_the_statements_that_a_proof_needs_suffice_and_are_minimal(assertion, statements, because):
    needed = {one.index for one in ask(statements, assertion, api=PUBLIC).because}
    assert outcomes(statements, assertion, needed) == {"proved"}
    for one in needed:
        assert "violated" in outcomes(statements, assertion, needed - {one})


def compared(kind, statements, baseline, tmp_path, **when):
    (tmp_path / "baseline.json").write_text(policy_of(*baseline).source.text, encoding="utf-8")
    path = str(tmp_path / "baseline.json")
    assertion = {kind: path} | ({"when": when} if when else {})
    return status(statements, assertion, api=PUBLIC)


@pytest.mark.parametrize(
    ("statements", "baseline", "broader", "equivalent"),
    [
        ([allow()], [allow()], "proved", "proved"),
        ([allow(Condition=FROM_OFFICE)], [allow()], "proved", "violated"),
        ([allow()], [allow(Condition=FROM_OFFICE)], "violated", "violated"),
        ([allow(Condition=FROM_OFFICE)], [allow(), deny(Condition=NOT_OFFICE)], "proved", "proved"),
        ([deny()], [allow()], "proved", "violated"),
        (
            [allow(Resource="execute-api:/p?od/*")],
            [allow(Resource="execute-api:/p*/*")],
            "proved",
            "violated",
        ),
        (
            [allow(Resource=["execute-api:/*/GET/*", "execute-api:/dev/*"])],
            [allow(Resource="execute-api:/*/GET/*"), allow(Resource="execute-api:/dev/*")],
            "proved",
            "proved",
        ),
    ],
)
def test_comparison(statements, baseline, broader, equivalent, tmp_path):
    assert compared("no_broader_than", statements, baseline, tmp_path) == broader
    assert compared("equivalent_to", statements, baseline, tmp_path) == equivalent


def test_when_narrows_a_comparison(tmp_path):
    statements, baseline = [allow()], [allow(Resource="execute-api:/prod/*")]
    for kind in ("no_broader_than", "equivalent_to"):
        assert compared(kind, statements, baseline, tmp_path, stage="prod") == "proved"
        assert compared(kind, statements, baseline, tmp_path, stage="dev") == "violated"


HARD = [
    allow(Resource=[f"execute-api:/*/GET/*{a}*{b}*{a}*{b}*c" for a in "abcdef" for b in "ghijkl"])
]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(seconds=0), "time limit"),
        (Limits(rounds=0), "rounds"),
        (Limits(glob_states=1), "automaton states"),
    ],
)
@pytest.mark.parametrize("make", [never, sometimes])
def test_over_a_limit_the_answer_is_unknown_with_the_reason(limits, reason, make):
    verdict = ask(HARD, make(path="/a*b"), limits=limits)
    assert verdict.status is Status.UNKNOWN
    assert reason in verdict.reason
    assert not verdict.holds


def test_too_many_combinations_of_readings_are_unknown():
    conditions = {
        "Null": {"aws:Referer": "false"},
        "NotIpAddress": {"aws:VpcSourceIp": ["2001:db8::1"]},
    }
    statements = [allow(NotResource="execute-api:/x/*", Condition=conditions)]
    verdict = ask(statements, sometimes(), limits=Limits(reading_combinations=1))
    assert verdict.status is Status.UNKNOWN
    assert "combinations" in verdict.reason


def test_verdicts_come_in_order_and_as_they_are_made():
    spec = spec_of(never(stage="prod"), always(), sometimes())
    policies = [policy_of(allow()), policy_of(deny())]
    seen = []
    report = prove(policies, spec, on_verdict=seen.append)
    assert tuple(seen) == report.verdicts
    assert [one.assertion.id for one in seen] == ["a0", "a1", "a2"] * 2
    assert [one.status.value for one in seen] == [
        *("violated", "proved", "proved"),
        *("proved", "violated", "violated"),
    ]


def test_an_assertion_does_not_disturb_the_next():
    assertions = [never(path="/a*"), always(path="/a*"), never(path="/b*"), always(path="/b*")]
    statements = [allow(Resource="execute-api:/*/*/a*")]
    together = prove([policy_of(*statements)], spec_of(*assertions)).verdicts
    alone = [ask(statements, one) for one in assertions]
    assert [one.status for one in together] == [one.status for one in alone]


def test_the_same_question_has_the_same_answer():
    def answer():
        verdict = ask([allow(), deny(Condition=NOT_OFFICE)], always(), api=PUBLIC)
        return verdict.counterexample, verdict.because

    assert answer() == answer()


def test_a_long_pattern_is_decided():
    assert status([allow()], never(path="/" + "?" * 1200)) == "violated"


def test_only_resources_beyond_the_longest_are_no_counterexample():
    verdict = ask([allow()], never(path="/" + "?" * 1700))
    assert verdict.status is not Status.VIOLATED
    assert verdict.status is not Status.PROVED
