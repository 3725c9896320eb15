"""Every violated policy of examples/ is repaired, or the spec contradicts itself."""

import json
import re
import shutil
import subprocess

import pytest
from scenes import SCENES, commands, run

import policycheck as pc
from policycheck.report.unified import unified

CONTRADICTIONS = {
    # a request from an office through somebody else's endpoint must be allowed, and must not
    ("any-vpc-gets-in", "policy.json", "spec.yaml"): [
        "offices-can-call",
        "only-through-our-endpoint",
    ],
    # without IAM nobody belongs to an organization, so whoever gets in is from elsewhere
    ("deny-on-a-missing-key", "policy.json", "authorization-none.yaml"): [
        "somebody-can-call",
        "only-our-organization",
    ],
    # every caller of a regional API has a public address
    ("nobody-gets-in", "policy.json", "spec.yaml"): [
        "somebody-can-call",
        "nobody-public-can-call",
    ],
}
"""What no edit of the policy can mend, and the assertions that exclude each other."""


EDITS = {
    ("behind-a-nat", "client-addresses.json", "spec.yaml"): "198.51.100.7/32 as well",
    ("ipv6-past-a-deny-list", "policy.json", "spec.yaml"): "::/0 as well",
    ("key-that-aws-lacks", "allow-guard.json", "real.yaml"): "the key aws:SourceIp for aws:XfwdIp",
    ("key-that-aws-lacks", "deny-guard.json", "real.yaml"): "the key aws:SourceIp for aws:XfwdIp",
    ("key-that-aws-lacks", "allow-guard.json", "forged.yaml"): "IpAddress aws:SourceIp 203",
    ("key-that-aws-lacks", "deny-guard.json", "forged.yaml"): "IpAddress aws:SourceIp 203",
    ("past-the-resource-policy", "policy.json", "same-account.yaml"): "add a Deny statement",
    ("no-broader-than-a-baseline", "policy.json", "spec.yaml"): "/prod/GET/pets/* for",
    ("time-window", "policy.json", "spec.yaml"): "write DateLessThan for DateLessThanEquals",
    ("wildcard-in-front-of-a-path", "policy.json", "spec.yaml"): "and 3 more for",
}
"""What the best repair is; every other policy needs none."""


def pairs():
    """Each policy and spec of the scenes' commands."""
    for scene in SCENES:
        for command in commands(scene / "README.md"):
            found = re.fullmatch(r"policycheck prove (.*) (\S+)", command)
            for policy in found[1].split() if found else ():
                yield scene, policy, found[2]


PAIRS = list(pairs())
NAMES = [f"{scene.name}-{policy}-{spec}" for scene, policy, spec in PAIRS]
CHANGED = EDITS.keys() | CONTRADICTIONS.keys()


def test_every_expectation_is_about_a_scene():
    assert {(scene.name, policy, spec) for scene, policy, spec in PAIRS} >= CHANGED


@pytest.mark.parametrize(("scene", "policy", "spec"), PAIRS, ids=NAMES)
def test_it_is_repaired_if_need_be(scene, policy, spec, tmp_path):
    loaded = pc.load_spec(scene / spec)
    found = pc.repair(pc.load_policy(scene / policy), loaded)
    place = (scene.name, policy, spec)
    if place in CONTRADICTIONS:
        assert found.outcome is pc.RepairOutcome.CONTRADICTION
        [one] = found.contradictions
        assert [assertion.id for assertion in one.assertions] == CONTRADICTIONS[place]
        assert one.example is not None
        assert found.exit_code == 1
    elif place in EDITS:
        assert found.outcome is pc.RepairOutcome.REPAIRED
        [repair] = found.repairs
        [sentence] = repair.edits
        assert EDITS[place] in sentence
        assert pc.prove(pc.parse_policy(repair.policy.source), loaded).ok
        for program in (["patch", "-p1"], ["git", "apply"]):
            assert_applies(program, scene / policy, found, tmp_path)
    else:
        assert found.outcome is pc.RepairOutcome.NOTHING_TO_DO
        assert found.report.ok


def assert_applies(program, file, found, folder):
    if shutil.which(program[0]) is None:
        pytest.skip(f"needs {program[0]}")
    copy = folder / file.name
    shutil.copy(file, copy)
    before = pc.Source(file.name, found.policy.source.text)
    diff = unified(before, found.repairs[0].policy.source)
    subprocess.run(program, input=diff, cwd=folder, text=True, check=True, capture_output=True)
    assert copy.read_text() == found.repairs[0].policy.source.text


def test_the_same_from_the_command_line():
    scene = next(one for one in SCENES if one.name == "time-window")
    session = run("policycheck repair policy.json spec.yaml --format json", scene, merged=False)
    assert session.code == 0
    data = json.loads(session.output)
    assert data["outcome"] == "repaired"
    [repair] = data["repairs"]
    assert repair["policy"] == (scene / "fixed.json").read_text(encoding="utf-8")
    assert repair["takes_away_besides"] is None
    assert repair["opens_besides"] is None
