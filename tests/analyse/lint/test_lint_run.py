"""Which findings are given, in which order, and what is said of questions that stay open."""

import subprocess
import sys

import pytest
from linted import ACCOUNT, IAM, OFFICE, allow, deny, findings, ip, not_ip, policy, setting, when

from policycheck.analyse.lint import inquiry
from policycheck.analyse.lint.rules import CHECKS, SOLVING_CHECKS
from policycheck.analyse.lint.selection import Selection
from policycheck.analyse.lint.setting import Setting
from policycheck.diagnostics import DisagreementError
from policycheck.linting import lint
from policycheck.model.environment import Authorization, Endpoint
from policycheck.model.finding import FindingType
from policycheck.model.rule import rules
from policycheck.solve.limits import Limits

ROLE = "arn:aws:iam::210987654321:role/partner"


def test_findings_are_in_order_and_each_once():
    found = findings(
        allow(condition=ip("203.0.113.0/24", "10.0.0.0/8")),
        deny("execute-api:/prod/ANY/x", not_ip(OFFICE)),
        allow("execute-api:/*/GET/x", Principal={"AWS": "123456789012"}),
    )
    places = [(one.span.start, one.span.end, one.code) for one in found]
    assert places == sorted(set(places))
    assert {one.statement for one in found} == {0, 1, 2}


def test_a_dead_statement_has_one_finding():
    dead = allow(condition=ip("10.0.0.0/8", "10.1.0.0/16", "192.168.0.0/16"))
    found = findings(allow("execute-api:/dev/*"), dead)
    assert [one.code for one in found if one.statement == 1] == ["PRIVATE_IP_ADDRESS"]


def test_requests_of_findings_are_of_the_callers_partition():
    """D4-partition."""
    bob = "arn:aws:iam::210987654321:user/bob"
    found = findings(
        allow("execute-api:/*/*/pets/*", when("StringEquals", "PrincipalArn", bob)),
        allow(
            "arn:aws-cn:execute-api:cn-north-1:210987654321:k3xq8w2v7d/prod/*",
            when("ArnLike", "PrincipalArn", "arn:aws:iam::210987654321:user/*"),
        ),
        spec=IAM,
    )
    shown = [one.example.request for one in found if one.example]
    assert [one.resource.split(":")[1] for one in shown] == ["aws"]


def test_nobody_calls_the_api_of_another_partition():
    """D4-partition."""
    other = allow(
        "arn:aws-cn:execute-api:cn-north-1:210987654321:k3xq8w2v7d/*", Principal={"AWS": ROLE}
    )
    for spec in (None, IAM):
        found = findings(allow("execute-api:/prod/*"), other, spec=spec)
        assert "STATEMENT_NEVER_APPLIES" in {one.code for one in found}


def test_findings_are_the_same_every_time():
    statements = [allow(), deny(condition=ip(OFFICE)), allow("execute-api:/*/GET/x")]
    assert findings(*statements) == findings(*statements)


SELECTIONS = {
    ("PRIVATE_IP_ADDRESS",): {"PRIVATE_IP_ADDRESS"},
    ("PRIVATE",): {code for code in rules() if code.startswith("PRIVATE")},
    ("*_NULL_*",): {"EQUIVALENT_TO_NULL_TRUE", "EQUIVALENT_TO_NULL_FALSE"},
    ("redundant_statement",): {"REDUNDANT_STATEMENT"},
    ("NO_ALLOW", "IMPROVE"): {"NO_ALLOW", "IMPROVE_IP_RANGE"},
    (): set(rules()),
}


@pytest.mark.parametrize("select", SELECTIONS)
def test_rules_are_selected(select):
    assert {one for one in rules() if Selection(select).wants(one)} == SELECTIONS[select]


def test_what_is_ignored_is_not_wanted():
    chosen = Selection(("PRIVATE",), ("*_SUBSET",))
    assert {one for one in rules() if chosen.wants(one)} == {
        "PRIVATE_IP_ADDRESS",
        "PRIVATE_NOT_IP_ADDRESS",
    }
    assert Selection(("PRIVATE", "NOSUCH"), ("X*",)).strangers == ("NOSUCH", "X*")


def test_codes_are_unique():
    every = [code for check in CHECKS for code in check.codes]
    assert len(every) == len(set(every))
    assert not set(every) & set(rules("reader"))


def test_a_question_over_the_limits_is_said():
    report = lint(policy(allow(condition=ip("10.0.0.0/8"))), limits=Limits(seconds=1e-9))
    assert report.findings == ()
    assert any(
        "STATEMENT_NEVER_APPLIES and 14 more rules of statement 0" in one
        for one in report.undecided
    )
    assert all("time limit" in one for one in report.undecided)
    assert report.exit_code(FindingType.WARNING) == 3
    assert report.exit_code(None) == 3


def test_a_finding_counts_more_than_an_open_question():
    report = lint(policy(allow(condition=ip("203.0.113.9"))), limits=Limits(seconds=1e-9))
    assert [one.code for one in report.findings] == ["PLACEHOLDER_ADDRESS"]
    assert report.exit_code(FindingType.WARNING) == 1
    assert report.exit_code(FindingType.ERROR) == 3


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (FindingType.SUGGESTION, 1),
        (FindingType.WARNING, 1),
        (FindingType.SECURITY_WARNING, 0),
        (FindingType.ERROR, 0),
        (None, 0),
    ],
)
def test_the_exit_code_hangs_on_the_threshold(threshold, expected):
    report = lint(policy(allow(condition=ip("203.0.113.9"))))
    assert report.exit_code(threshold) == expected


def test_a_policy_that_misuses_a_declared_key_is_a_failure():
    known = setting("api: {}\nkeys: {x:n: {type: numeric}}")
    report = lint([policy(allow(condition={"StringEquals": {"x:n": "1"}})), policy(allow())], known)
    assert [one.name for one in report.failures] == ["policy.json"]
    assert len(report.policies) == 1
    assert report.exit_code(None) == 2


def test_the_cases_are_those_that_can_be():
    plain, named = policy(allow()), policy(allow(Principal=ACCOUNT))
    regional, private = Endpoint.REGIONAL, Endpoint.PRIVATE
    assert [one.endpoint for one in Setting().cases(plain)] == [regional, private]
    assert {one.authorization for one in Setting().cases(plain)} == {Authorization.NONE}
    assert {one.authorization for one in Setting().cases(named)} == {
        Authorization.NONE,
        Authorization.IAM,
    }
    [case] = setting(IAM).cases(named)
    assert (case.endpoint, case.authorization) == (regional, Authorization.IAM)


def test_variables_about_identities_make_callers_matter():
    found = policy(allow("execute-api:/prod/GET/${aws:username}"))
    assert len(Setting().cases(found)) == 4


def test_a_proof_that_a_request_contradicts_is_an_error(monkeypatch):
    monkeypatch.setattr(inquiry.Inquiry, "is_possible", lambda *_, **__: False)
    with pytest.raises(DisagreementError, match="contradicts"):
        lint(policy(allow(condition=ip(OFFICE)), deny(condition=not_ip(OFFICE))))


def test_findings_without_the_solver_do_not_load_it():
    chosen = [code for check in CHECKS if not check.solves for code in check.codes]
    script = (
        "import sys, policycheck as pc\n"
        "p = pc.parse_policy(pc.Source('p', sys.argv[1]))\n"
        "found = pc.lint(p, selection=pc.Selection(tuple(sys.argv[2].split(','))))\n"
        "print(len(found.findings), 'z3' in sys.modules)"
    )
    text = policy(allow(condition=ip("203.0.113.9"))).source.text
    found = subprocess.run(
        [sys.executable, "-c", script, text, ",".join((*chosen, *rules("reader")))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == ["1", "False"]


def test_only_checks_that_solve_load_the_solver():
    modules = {check.module for check in CHECKS if not check.solves}
    assert not modules & {check.module for check in SOLVING_CHECKS}


def test_a_service_without_source_conditions_is_said_once():
    found = findings(
        allow(
            Principal={"Service": "events.amazonaws.com"},
            condition=when("StringEquals", "PrincipalOrgID", "o-k3xq8w2v7d")
            | when("ArnLike", "SourceArn", "arn:aws:events:us-east-1:210987654321:rule/x"),
        )
    )
    at_key = [one.code for one in found if "PrincipalOrgID" in one.span.text]
    assert at_key == ["UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL"]
