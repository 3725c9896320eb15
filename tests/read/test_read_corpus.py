"""Real policies are read, and those that are broken are refused with a line and a code."""

import functools
from pathlib import Path

import pytest

from policycheck.diagnostics import InputError, Level
from policycheck.read.document import MapNode
from policycheck.read.files import read_source
from policycheck.read.json_text import parse_json
from policycheck.read.policy import policy_from_node

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.glob("[0-9]*.json"))
OTHERS = sorted(CORPUS.glob("other/*.json")) + sorted(CORPUS.glob("docs_examples/*.json"))

REFUSED = {
    "001": ["8 MISSING_ARN_FIELD"],
    "007": ["4 MISSING_EFFECT", "4 MISSING_PRINCIPAL", "10 MISSING_EFFECT", "10 MISSING_PRINCIPAL"],
    "008": ["7 INVALID_PRINCIPAL_FORMAT"],
    "009": ["8 INVALID_PRINCIPAL_FORMAT", "20 INVALID_PRINCIPAL_FORMAT"],
    "010": [f"{line} INVALID_PRINCIPAL_FORMAT" for line in (8, 20, 32, 44)],
    "011": ["8 INVALID_PRINCIPAL_FORMAT"],
    "013": ["3 MISSING_RESOURCE", "10 MISSING_EFFECT", "10 MISSING_PRINCIPAL"],
    "017": ["7 INVALID_PRINCIPAL_FORMAT"],
    "026": ["8 VARIABLE_UNSUPPORTED_IN_ELEMENT", "12 INVALID_CONDITION_KEY_FORMAT"],
    "048": ["14 INVALID_ARN_PREFIX"],
    "049": ["21 INVALID_ARN_PREFIX"],
    "060": ["12 INVALID_ARN_PREFIX"],
    "073": ["11 TYPE_MISMATCH_IP_RANGE"],
    "080": ["4 MISSING_RESOURCE"],
    "095": ["2 INVALID_VERSION"],
    "104": ["11 TYPE_MISMATCH_IP_RANGE"],
    "118": ["12 TYPE_MISMATCH_IP_RANGE"],
    "123": ["3 MISSING_RESOURCE", "11 MISSING_RESOURCE"],
    "125": ["18 TYPE_MISMATCH_IP_RANGE"],
    "126": ["4 MISSING_PRINCIPAL"],
    "17_": ["25 MISSING_PRINCIPAL"],
    "20_": ["39 DATA_TYPE_MISMATCH"],
    "21_": ["82 MISSING_ARN_FIELD"],
}


@functools.cache
def errors(path: Path) -> list[str]:
    source = read_source(path)
    node = parse_json(source)
    if isinstance(node, MapNode) and (policy := node.get("policy")):
        node = policy
    try:
        found = policy_from_node(node, source).warnings
    except InputError as error:
        found = error.diagnostics
    assert all(one.span and one.message and one.help for one in found)
    return [f"{one.span.line} {one.code}" for one in found if one.level is Level.ERROR]


@pytest.mark.skipif(not FILES, reason="the corpus is not here")
@pytest.mark.parametrize("path", FILES + OTHERS, ids=lambda path: path.stem)
def test_a_real_policy_is_read_or_refused_at_these_lines(path):
    assert errors(path) == REFUSED.get(path.name[:3], [])
