"""SARIF 2.1.0 as its schema has it, and as GitHub's code scanning reads it."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import hostile
import pytest
from jsonschema import Draft4Validator
from reporting import everything, policy

from policycheck.diagnostics import Source, Span
from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.verdict import Report
from policycheck.model.waiver import WaivedFinding, Waiver
from policycheck.read.policy import parse_policy
from policycheck.read.rule_pages import load_rule
from policycheck.report import sarif

SCHEMA = Path(__file__).parent / "sarif" / "sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="module")
def validator():
    return Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def finding(about, code="MISSING_VERSION", **rest):
    return Finding(code, FindingType.WARNING, "a message", about.statements[1].span, **rest)


def findings():
    about = policy()
    waiver = Waiver("EMPTY_SID_VALUE", "known", "ops", dt.date(2030, 1, 1))
    waived = WaivedFinding(finding(about, "EMPTY_SID_VALUE"), waiver)
    return LintReport((PolicyFindings(about, (finding(about),), ("a question",), (waived,)),))


def run_of(text):
    (run,) = json.loads(text)["runs"]
    return run


@pytest.mark.parametrize("report", [everything(), hostile.proof(), Report()])
def test_verdicts_are_as_the_schema_says(report, validator):
    validator.validate(json.loads(sarif.render_proof(report)))


@pytest.mark.parametrize("report", [findings(), hostile.lint(), LintReport()])
def test_findings_are_as_the_schema_says(report, validator):
    validator.validate(json.loads(sarif.render_lint(report, load_rule)))


def test_every_verdict_that_does_not_hold_is_a_result():
    run = run_of(sarif.render_proof(everything()))
    results = run["results"]
    assert len(results) == len([one for one in everything().verdicts if not one.holds])
    names = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(names[one["ruleIndex"]] == one["ruleId"] for one in results)
    assert {one["level"] for one in results} == {"error", "warning"}
    (unread,) = run["invocations"]
    assert not unread["executionSuccessful"]
    assert "Version must be a string" in str(unread["toolConfigurationNotifications"])


def test_a_region_is_the_effect_of_the_statement_that_decides():
    first = run_of(sarif.render_proof(everything()))["results"][0]
    (location,) = first["locations"]
    place = location["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "policy.json"}
    assert place["region"] == {"startLine": 6, "startColumn": 7, "endLine": 6, "endColumn": 24}


def test_a_code_flow_leads_from_the_assertion_to_the_statements_that_decide():
    report = everything()
    asked = Span(Source("spec.yaml", "version: 1\nassertions:\n  - id: x\n"), 23, 30)
    verdict = report.verdicts[0]
    assertion = replace(verdict.assertion, span=asked)
    told = Report((replace(verdict, assertion=assertion),))
    (result,) = run_of(sarif.render_proof(told))["results"]
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [one["executionOrder"] for one in steps] == [1, 2]
    files = [one["location"]["physicalLocation"]["artifactLocation"]["uri"] for one in steps]
    assert files == ["spec.yaml", "policy.json"]
    said = [one["location"]["message"]["text"] for one in steps]
    assert said[0].startswith("no-public-prod speaks of this request: POST /pets/a b/7 on stage")
    assert said[1].startswith("statement 0 (AllowAll) allows this request: POST /pets/a b/7")


def test_rules_of_findings_have_their_pages_as_help():
    run = run_of(sarif.render_lint(findings(), load_rule))
    rules = {one["id"]: one for one in run["tool"]["driver"]["rules"]}
    assert set(rules) == {"EMPTY_SID_VALUE", "MISSING_VERSION", "UNDECIDED"}
    assert rules["MISSING_VERSION"]["help"]["markdown"] == load_rule("MISSING_VERSION").page


def test_what_is_waived_is_suppressed_with_its_reason():
    run = run_of(sarif.render_lint(findings(), load_rule))
    (waived,) = [one for one in run["results"] if "suppressions" in one]
    assert waived["ruleId"] == "EMPTY_SID_VALUE"
    assert waived["suppressions"][0]["justification"] == "known (ops, until 2030-01-01)"


def prints(report):
    run = run_of(sarif.render_lint(report, load_rule))
    return [one["partialFingerprints"][sarif.FINGERPRINT] for one in run["results"]]


def test_fingerprints_stay_when_lines_move():
    about = policy()
    moved = parse_policy(Source(about.name, "\n\n" + about.source.text.replace("      ", "\t ")))
    before, after = (
        LintReport((PolicyFindings(one, (finding(one), finding(one, "EMPTY_SID_VALUE"))),))
        for one in (about, moved)
    )
    assert prints(before) == prints(after)
    assert len(set(prints(before))) == 2


def test_two_findings_that_say_the_same_have_two_fingerprints():
    about = policy()
    twice = LintReport((PolicyFindings(about, (finding(about), finding(about))),))
    assert len(set(prints(twice))) == 2


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("[a](b)", "[a] (b)"),
        ("{0} ${aws:username}", "{{0}} ${{aws:username}}"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb", "a\nb"),
    ],
)
def test_nothing_is_a_link_or_a_placeholder(given, shown):
    assert sarif.message(given)["text"] == shown


def test_hostile_texts_are_neither_links_nor_escapes():
    text = sarif.render_proof(hostile.proof())
    assert text.isascii()
    said = [one["message"]["text"] for one in run_of(text)["results"]]
    assert said
    for one in said:
        assert "](" not in one
        assert "\x1b" not in one
        assert "{0}" not in one.replace("{{0}}", "")
