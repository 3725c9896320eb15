"""What lint and repair print is as their schemas say."""

import json

import hostile
import pytest
from jsonschema import Draft202012Validator
from reporting import policy

import policycheck as pc
from policycheck.diagnostics import Source
from policycheck.model.lint_report import LintReport
from policycheck.report import json_findings, repairs

SPECS = [
    "never_allowed: {stage: prod, source_ip: 203.0.113.9}",
    "never_allowed: {stage: prod, source_ip: 8.8.8.8}",
    "sometimes_allowed: {source_vpc: present}",
]


def validate(schema, text):
    Draft202012Validator(schema).validate(json.loads(text))


@pytest.mark.parametrize("schema", [pc.findings_schema(), pc.repair_schema()])
def test_the_schemas_are_schemas_whose_examples_fit(schema):
    Draft202012Validator.check_schema(schema)
    defs = {"$defs": schema["$defs"]}
    for one in schema["properties"].values():
        for example in one["examples"]:
            Draft202012Validator(one | defs).validate(example)


@pytest.mark.parametrize("report", [hostile.lint(), pc.lint(policy()), LintReport()])
def test_findings(report):
    validate(pc.findings_schema(), json_findings.render(report))


@pytest.mark.parametrize("asserted", SPECS)
def test_repairs(asserted, tmp_path):
    text = f"version: 1\napi: {{endpoint: regional}}\nassertions:\n  - {{id: a, {asserted}}}\n"
    spec = pc.parse_spec(Source("spec.yaml", text), tmp_path)
    validate(pc.repair_schema(), repairs.render_json(pc.repair(policy(), spec)))


def test_a_finding_without_a_code_is_refused():
    data = json.loads(json_findings.render(hostile.lint()))
    del data["results"][0]["code"]
    assert not Draft202012Validator(pc.findings_schema()).is_valid(data)
