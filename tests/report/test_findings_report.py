"""Findings for people and for programs."""

import json

import pytest
from reporting import API

from policycheck.diagnostics import Diagnostic, Source
from policycheck.linting import lint
from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.model.verdict import Failure
from policycheck.read.policy import parse_policy
from policycheck.report import findings, json_findings
from policycheck.report.characters import width
from policycheck.report.page import Page
from policycheck.version import __version__

DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Everybody",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": [f"{API}/*/GET/pets/*", "execute-api:/prod/ANY/pets"],
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"IpAddress": {"aws:SourceIp": ["8.8.4.0/24", "10.0.0.0/8"]}},
        },
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/dev/POST/*",
        },
    ],
}
NOBODY = "no request is of this kind: " + "\x1b[31m\u202e日本" * 40


def report():
    policy = parse_policy(Source("policy.json", json.dumps(DOCUMENT, indent=2)))
    found = lint(policy).policies[0]
    undecided = ("REDUNDANT_STATEMENT: the time limit of 10 seconds was reached",)
    failed = Failure("other.json", (Diagnostic("JSON_SYNTAX_ERROR", "no JSON"),))
    return LintReport((PolicyFindings(policy, found.findings, undecided),), (failed,))


@pytest.fixture(autouse=True)
def same_day(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795608000")


def test_text(golden):
    golden("findings.txt", findings.render(report(), Page()))


def test_json(golden):
    golden("findings.json", json_findings.render(report()).replace(__version__, "x.y.z"))


def test_colour_adds_codes_and_nothing_else():
    plain, coloured = (findings.render(report(), Page(80, colour)) for colour in (False, True))
    assert "\x1b" not in plain
    parts = coloured.split("\x1b[")
    assert "".join(p.partition("m")[2] if i else p for i, p in enumerate(parts)) == plain


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_findings_fit_the_page(columns):
    lines = findings.render(report(), Page(columns)).splitlines()
    assert max(map(width, lines)) <= columns


def test_no_character_of_an_input_reaches_the_terminal():
    policy = parse_policy(Source(NOBODY, json.dumps(DOCUMENT)))
    found = Finding("X", FindingType.ERROR, NOBODY, label=NOBODY, evidence=NOBODY, help=NOBODY)
    hostile = LintReport((PolicyFindings(policy, (found,), (NOBODY,)),))
    text = findings.render(hostile, Page())
    assert not {"\x1b", "\u202e"} & set(text)
    assert json_findings.render(hostile).isascii()


def test_the_summary_counts_what_there_is():
    assert findings.summary(LintReport()) == "0 policies: nothing found"
