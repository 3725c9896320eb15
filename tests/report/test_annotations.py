"""Annotations for GitHub, code quality for GitLab, and Markdown."""

import json
import re

import hostile
import pytest
from markdown_it import MarkdownIt
from reporting import everything, policy

from policycheck.model.finding import Finding, FindingType
from policycheck.model.lint_report import LintReport, PolicyFindings
from policycheck.report import github, gitlab, markdown
from policycheck.report.issues import of_failures, of_lint, of_proof
from policycheck.report.places import relative, uri

MARKED = re.compile(r"<(?!/?(?:h\d|p|table|thead|tbody|tr|th|td|strong|br|pre|code)\b)[a-z]")


def issues(report):
    found = of_lint(report) if isinstance(report, LintReport) else of_proof(report)
    return [*of_failures(report.failures), *found]


@pytest.mark.parametrize("report", [everything(), hostile.proof(), hostile.lint()])
def test_each_annotation_is_one_command_on_one_line(report):
    found = issues(report)
    lines = github.render(found, "the end").split("\n")
    assert len(lines) == len(found) + 2
    for line in lines[:-2]:
        command = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        names = [one.partition("=")[0] for one in command[2].split(",")]
        assert set(names) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert "\r" not in line
        assert "\x1b" not in line
    assert lines[-2:] == ["the end", ""]


def test_an_annotation():
    first = github.annotation(of_proof(everything())[0])
    head = "::error file=policy.json,line=6,endLine=6,col=7,endColumn=23,title=policycheck%3A no-"
    assert first.startswith(f"{head}public-prod::no-public-prod is violated: this request is")
    assert "%0A    POST /pets/a b/7 on stage prod%0A" in first


def test_code_quality():
    data = json.loads(gitlab.render(issues(everything())))
    assert len({one["fingerprint"] for one in data}) == len(data)
    by_check = {one["check_name"]: one for one in data}
    found = by_check["policycheck/no-public-prod"]
    assert found["severity"] == "critical"
    assert found["location"] == {"path": "policy.json", "lines": {"begin": 6}}
    assert {one["severity"] for one in data} <= {"info", "minor", "major", "critical", "blocker"}


def test_code_quality_of_hostile_texts():
    text = gitlab.render(issues(hostile.lint()))
    assert text.isascii()
    assert all("\n" not in one["location"]["path"] for one in json.loads(text))


def test_markdown(golden):
    golden("verdicts.md", markdown.render_proof(everything()))


def test_markdown_of_findings():
    about = policy()
    found = Finding("MISSING_VERSION", FindingType.WARNING, "no version", about.statements[0].span)
    text = markdown.render_lint(LintReport((PolicyFindings(about, (found,)),)))
    assert "### MISSING\\_VERSION: policy.json\\:6\n\nno version\n\n```text\nwarning[" in text


@pytest.mark.parametrize(
    "text", [markdown.render_proof(hostile.proof()), markdown.render_lint(hostile.lint())]
)
def test_hostile_texts_are_no_markup(text):
    shown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(text)
    assert "<script" not in shown
    assert "<a " not in shown
    assert "<img" not in shown
    assert not MARKED.search(shown)
    assert "\x1b" not in text


def test_paths():
    assert relative("./a//b.json") == "a/b.json"
    assert relative("../b.json") == "../b.json"
    assert relative("<stdin>") == "<stdin>"
    assert uri("a b/ü.json") == "a%20b/%C3%BC.json"
    assert uri("/elsewhere/p.json") == "file:///elsewhere/p.json"
    assert uri("<stdin>") == "%3Cstdin%3E"
