"""Random policies and assertions: whatever is proposed is proved, and changes nothing besides."""

import difflib
import json
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repair_texts import spec_of
from strategies import policies

import policycheck as pc
from policycheck.report.unified import unified

LIMITS = pc.RepairLimits(seconds=10, edits=2, breadth=12, ranked=3)
DEMANDS = (
    {"never_allowed": {"stage": "prod"}},
    {"never_allowed": {"not": {"source_ip": ["10.0.0.0/8", "203.0.113.0/24"]}}},
    {"never_allowed": {"path": ["/a", "/a/*"], "method": "GET"}},
    {"always_allowed": {"stage": "dev", "source_ip": "8.8.8.8"}},
    {"always_allowed": {"method": "GET"}},
    {"sometimes_allowed": {"source_ip": "public"}},
)
STYLES = st.sampled_from(
    [{"indent": 2}, {"indent": 4}, {"indent": "\t"}, {}, {"separators": (",", ":")}]
)


def test_what_is_proposed_is_proved_and_applies():
    seen = Counter()

    @settings(
        max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(
        policies(),
        st.lists(st.sampled_from(DEMANDS), min_size=1, max_size=2, unique_by=str),
        STYLES,
        st.booleans(),
    )
    def each(policy, demands, style, carriage):
        text = json.dumps(policy, **style) + "\n"
        text = text.replace("\n", "\r\n") if carriage else text
        seen[assert_repairs(text, spec_of(*demands))] += 1

    each()
    assert seen[pc.RepairOutcome.REPAIRED] >= 2


def assert_repairs(text, spec):
    """Whatever is proposed for the policy is proved and applies; returns the outcome."""
    found = pc.repair(pc.parse_policy(pc.Source("policy.json", text)), spec, limits=LIMITS)
    for repair in found.repairs:
        after = repair.policy.source.text
        assert pc.prove(pc.parse_policy(pc.Source("after.json", after)), spec).ok
        assert_small(text, after, len(repair.edits))
        assert_patches(text, after)
    return found.outcome


def assert_small(before, after, edits):
    """Each edit is one place, or a few beside each other: the rest is the same to the byte."""
    matcher = difflib.SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    changed = [one for one in matcher.get_opcodes() if one[0] != "equal"]
    assert 1 <= len(changed) <= 3 * edits
    assert before.count("\r\n") == before.count("\n") or "\r" not in after
    assert after.count("\r\n") in {0, after.count("\n")}


def assert_patches(before, after):
    git = shutil.which("git")
    if git is None:
        return
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "policy.json"
        file.write_bytes(before.encode())
        diff = unified(pc.Source("policy.json", before), pc.Source("policy.json", after))
        subprocess.run([git, "apply"], input=diff.encode(), cwd=name, check=True)
        assert file.read_bytes() == after.encode()
