"""Every rule of docs/semantics.md has cases and is cited by the code; nothing cites another."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from cited import rules_with_cases

from policycheck.model.reading import Reading

ROOT = Path(__file__).parents[2]
STATUSES = {"documented", "observed", "disputed", "undocumented", "defined"}
RULE = re.compile(r"[A-DSW][1-6]-[a-z0-9-]+")
ROW = re.compile(rf"^\| `({RULE.pattern})` \| (.+) \| (.+) \| (\w+) \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "semantics.md").read_text(encoding="utf-8"))
RULES = {row[0] for row in ROWS}
SECTION = re.compile(r"\b[A-D][1-6]\b")


def cited_in(package):
    texts = []
    for path in sorted((ROOT / "policycheck" / package).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                texts.append(ast.get_docstring(node) or "")
    return set(RULE.findall("\n".join(texts)))


def test_ids_are_unique():
    assert len(RULES) == len(ROWS) > 100


@pytest.mark.parametrize("rule, sentence, source, status", ROWS)
def test_a_rule_has_a_status_and_names_a_reading_only_if_disputed(rule, sentence, source, status):
    assert status in STATUSES
    readings = re.findall(r"\[`([a-z0-9-]+)`: ", sentence)
    assert len(readings) == (status == "disputed")


def test_every_reading_has_one_rule():
    text = "\n".join(row[1] for row in ROWS)
    readings = re.findall(r"\[`([a-z0-9-]+)`: ", text)
    assert sorted(readings) == sorted(reading.value for reading in Reading)


def test_every_rule_has_a_case_and_every_case_a_rule():
    assert rules_with_cases() == RULES


def test_the_evaluator_cites_every_rule_and_no_other():
    assert cited_in("concrete") == RULES
