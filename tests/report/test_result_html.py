"""What notebooks show of results: complete, escaped, without scripts."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import hostile
import pytest
from reporting import everything, policy, request

import policycheck as pc
from policycheck.model.shown import Shown
from policycheck.read.spec import parse_environment

KNOWN = set(
    re.findall(r"\w+", "br details div p pre span strong style summary table tbody td th thead tr")
)
SPEC = """
version: 1
assertions:
  - id: nobody-on-prod
    never_allowed: {stage: prod}
  - id: everybody-on-prod
    always_allowed: {stage: prod}
"""


class Reader(HTMLParser):
    """Notes every element, attribute and text, and that elements are closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def text_of(result):
    found = Reader(result._repr_html_())
    assert not found.open
    assert set(found.tags) <= KNOWN
    assert {name for name, _ in found.attributes} <= {"class", "scope"}
    return "".join(found.texts)


def hostile_results():
    about, proof, lint = hostile.policy(), hostile.proof(), hostile.lint()
    asked = hostile.request()
    return [
        proof,
        *proof.verdicts,
        proof.verdicts[0].counterexample,
        lint,
        *lint.policies,
        *lint.findings,
        pc.reach(about),
        pc.reach(about).regions[0],
        pc.diff(about, policy()),
        asked,
        pc.trace(about, asked),
        pc.Repairs(about, proof, pc.RepairOutcome.NOT_FOUND, reasons=(hostile.EVERYTHING,)),
        pc.StarterSpec(hostile.EVERYTHING, proof),
    ]


@pytest.mark.parametrize("result", hostile_results(), ids=lambda one: type(one).__name__)
def test_hostile_texts_are_text(result):
    html = result._repr_html_()
    shown = text_of(result)
    assert "<script" not in html
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "alert(1)" in shown or type(result).__name__ in {"Reach", "Difference", "Region"}


def test_every_verdict_is_there_with_its_evidence():
    shown = text_of(everything())
    for verdict in everything().verdicts:
        assert f"{verdict.assertion.id} ({verdict.assertion.severity.value})" in shown
    assert "POST /pets/a b/7 on stage prod" in shown
    assert "Version must be a string" in shown
    assert '"Effect": "Allow"' in shown


def test_findings_have_message_evidence_and_fix():
    shown = text_of(pc.lint(policy(), pc.Setting(endpoint=pc.Endpoint.REGIONAL)))
    [*found] = pc.lint(policy(), pc.Setting(endpoint=pc.Endpoint.REGIONAL)).findings
    assert found
    for one in found:
        assert one.code in shown
        assert one.message in shown
        assert one.help in shown


def test_regions_and_differences():
    regional = parse_environment(pc.Source("s", "version: 1\napi: {endpoint: regional}"), Path())
    found = pc.reach(policy(), regional)
    shown = text_of(found)
    assert "in short" in shown
    assert f"{len(found.regions)} region" in shown
    assert "no difference" in text_of(pc.diff(policy(), policy()))
    assert "opens" in text_of(pc.diff(policy(), hostile.policy()))
    assert "the time limit" in text_of(pc.Reach(policy(), unknown="the time limit"))


def test_a_decision_and_its_steps():
    asked = request(SourceIp="203.0.113.9")
    decision = pc.evaluate(policy(), asked)
    assert decision.decision in text_of(decision)
    steps = text_of(pc.trace(policy(), asked))
    assert decision.decision in steps
    for one in pc.trace(policy(), asked).statements:
        assert f"statement {one.statement.index}" in steps
        assert all(element.reason in steps for element in one.elements)


def test_repairs_and_contradictions():
    spec = pc.parse_spec(pc.Source("spec.yaml", SPEC), Path())
    found = pc.repair(policy(), spec)
    assert found.outcome is pc.RepairOutcome.CONTRADICTION
    assert "everybody-on-prod and nobody-on-prod" in text_of(found)
    one = pc.parse_spec(pc.Source("s", SPEC.partition("  - id: everybody")[0]), Path())
    found = pc.repair(policy(), one)
    assert found.repairs
    shown = text_of(found)
    assert found.repairs[0].edits[0] in shown
    assert "+++ b/" in shown
    assert found.repairs[0].edits[0] in text_of(found.repairs[0])


def test_a_comparison_and_a_first_spec():
    assert "5 requests compared: no disagreements" in text_of(pc.crosscheck(policy(), examples=5))
    first = pc.starter_spec(policy())
    assert "assertions:" in text_of(first)


def test_every_result_of_a_public_function_is_shown():
    results = ["CrosscheckReport", "Decision", "Difference", "Example", "Finding", "LintReport"]
    results += ["PolicyFindings", "Reach", "Region", "Repair", "Repairs", "Report", "Request"]
    results += ["StarterSpec", "Trace", "Verdict"]
    shown = [name for name in pc.__all__ if _is_shown(getattr(pc, name))]
    assert shown == results


def _is_shown(public):
    return isinstance(public, type) and issubclass(public, Shown)


def test_what_is_no_result_is_an_error():
    with pytest.raises(TypeError, match="str is no result of policycheck"):
        pc.to_html("text")


def test_templates_are_loaded_when_a_notebook_asks():
    script = (
        "import sys, policycheck as pc\n"
        "found = pc.Decision(pc.Outcome.ALLOW, (0,))\n"
        "print('jinja2' in sys.modules, 'policycheck.report' in sys.modules)\n"
        "found._repr_html_()\n"
        "print('jinja2' in sys.modules, 'z3' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False", "True", "False"]
