"""What ``lint`` finds in real policies, and the table of it in docs/lint.md."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from policycheck.analyse.lint.rules import READING_CHECKS
from policycheck.concrete.policy import evaluate
from policycheck.diagnostics import InputError
from policycheck.linting import lint
from policycheck.read.policy import load_policy

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = {path.name[:3]: path for path in sorted(CORPUS.glob("*.json"))}
PAGE = Path(__file__).parents[2] / "docs" / "lint.md"
ROWS = re.findall(r"^\| ([0-9]{3}) \| .+ \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
FOUND = {number: re.findall(r"`([A-Z0-9_]+)`", cell) for number, cell in ROWS if cell[0] == "`"}

OF_TEXT = {code for check in READING_CHECKS for code in check.codes}

pytestmark = pytest.mark.skipif(not FILES, reason="the corpus is not here")


@cache
def read(number):
    """The policy of that number, or the codes of its errors."""
    try:
        return load_policy(FILES[number]), ()
    except InputError as error:
        return None, tuple(one.code for one in error.diagnostics)


@cache
def found(number):
    policy, refused = read(number)
    return lint(policy).policies[0].findings if policy else refused


@pytest.mark.parametrize("number", FOUND)
def test_the_defects_of_the_table_are_found(number):
    codes = {getattr(one, "code", one) for one in found(number)}
    assert set(FOUND[number]) <= codes


def test_the_table_has_every_note():
    lines = (CORPUS / "INDEX.jsonl").read_text("utf-8").splitlines()
    noted = {row["file"][:3] for row in map(json.loads, lines) if row["note"]}
    assert {number for number, _ in ROWS} == noted & set(FILES)


def test_every_readable_policy_is_decided():
    for number in FILES:
        policy, _ = read(number)
        if policy is None:
            continue
        [result] = lint(policy).policies
        assert result.undecided == ()
        for one in result.findings:
            assert one.span is not None
            assert one.help
            if one.example:
                assert evaluate(policy, one.example.request) == one.example.decision


def test_a_dead_statement_has_no_further_findings():
    for number in FILES:
        policy, _ = read(number)
        dead = {one.statement for one in found(number) if policy and "so the " in one.evidence}
        for statement in dead:
            about = {one.code for one in found(number) if one.statement == statement}
            assert len(about - OF_TEXT) == 1, number
