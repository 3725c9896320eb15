"""JUnit XML as viewers of test results read it."""

from xml.etree import ElementTree as ET

import hostile
import pytest
from junitparser import JUnitXml
from reporting import everything, policy

from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.verdict import Report, Status
from policycheck.report import junit


def cases(text):
    return list(ET.fromstring(text.encode()).iter("testcase"))


def test_a_case_for_each_verdict_and_each_unread_input():
    text = junit.render_proof(everything())
    found = cases(text)
    assert len(found) == len(everything().verdicts) + 1
    kinds = [next((child.tag for child in one), "passed") for one in found]
    expected = {
        Status.PROVED: "passed",
        Status.VIOLATED: "failure",
        Status.VACUOUS: "failure",
        Status.UNKNOWN: "error",
    }
    assert kinds == ["error", *(expected[one.status] for one in everything().verdicts)]
    top = ET.fromstring(text.encode())
    assert (top.get("tests"), top.get("failures"), top.get("errors")) == ("10", "6", "2")


def test_a_failure_says_what_breaks_the_assertion_and_where():
    first = cases(junit.render_proof(everything()))[1]
    assert first.attrib == {
        "name": "no-public-prod",
        "classname": "policy.json",
        "time": "0.012",
        "file": "policy.json",
        "line": "6",
    }
    (failure,) = first
    assert failure.get("type") == "violated"
    assert "this request is allowed, and must never be" in failure.get("message")
    assert "curl" in failure.text
    assert "203.0.113.9" in failure.text


def test_findings_are_cases_and_a_policy_without_any_passes():
    about = policy()
    finding = Finding(
        "MISSING_VERSION", FindingType.WARNING, "no version", about.statements[0].span
    )
    report = LintReport((PolicyFindings(about, (finding,), ("open?",)), PolicyFindings(about)))
    found = [(one.get("name"), [child.tag for child in one]) for one in cases(_lint(report))]
    assert found == [
        ("MISSING_VERSION", ["failure"]),
        ("UNDECIDED", ["error"]),
        ("nothing found", []),
    ]


def _lint(report):
    return junit.render_lint(report)


@pytest.mark.parametrize(
    "text",
    [
        junit.render_proof(hostile.proof()),
        junit.render_lint(hostile.lint()),
        junit.render_proof(Report()),
    ],
)
def test_hostile_texts_stay_text(text):
    top = ET.fromstring(text.encode())
    known = {"testsuites", "testsuite", "testcase", "failure", "error"}
    assert {one.tag for one in top.iter()} <= known
    assert "\x1b" not in text
    JUnitXml.fromstring(text.encode())


def test_characters_that_xml_cannot_hold_are_replaced():
    assert junit.legal("a\x00b\ufffe\ud800\tc\U0001f600") == "a\ufffdb\ufffd\ufffd\tc\U0001f600"
