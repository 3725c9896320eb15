"""The tutorial, word by word, in a new folder."""

import os
import subprocess

import pytest
from blocks import COMMANDS, blocks, check, tools, type_in, write_files
from scenes import ROOT

from policycheck.diagnostics import Source
from policycheck.read.document import ListNode, MapNode, TextNode
from policycheck.read.yaml_text import parse_yaml

PAGE = blocks(ROOT / "docs" / "tutorial.md")
WORKFLOW = ".github/workflows/policies.yml"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The folder in which the reader has done all of it, with what each block came to."""
    folder, programs = tmp_path_factory.mktemp("pets"), tools(tmp_path_factory.mktemp("bin"))
    done = {}
    for block in PAGE:
        write_files([block], folder)
        if block.language in COMMANDS:
            done[block] = type_in(block, folder, programs)
    return folder, programs, done


def test_every_block_does_what_the_page_says(project):
    _, _, done = project
    assert len(done) > 10
    for block, (code, output) in done.items():
        check(block, code, output)


def test_the_page_shows_a_violation_a_repair_a_proof_and_a_stopped_change(project):
    _, _, done = project
    assert [block.exits for block in done].count(1) == 3
    assert [block.exits for block in done][-1] == 0


def plain(node):
    match node:
        case MapNode(entries):
            return {key.value: plain(value) for key, value in entries}
        case ListNode(items):
            return [plain(item) for item in items]
        case TextNode(value):
            return value
    return None


def workflow():
    text = next(one.text for one in PAGE if one.title == WORKFLOW)
    job = plain(parse_yaml(Source(WORKFLOW, text)))["jobs"]["policycheck"]
    return job["steps"][-1]["with"]


def test_the_workflow_gives_the_action_what_it_takes():
    action = plain(parse_yaml(Source("action.yml", (ROOT / "action.yml").read_text())))
    assert set(workflow()) <= set(action["inputs"])


@pytest.mark.parametrize(("change", "code"), [(False, 0), (True, 1)])
def test_the_gate_lets_the_committed_policy_pass_and_stops_the_change(project, change, code):
    folder, programs, _ = project
    gate = {f"POLICYCHECK_{name.upper().replace('-', '_')}": v for name, v in workflow().items()}
    policy = folder / "policies" / "pets.json"
    kept = policy.read_text()
    if change:
        policy.write_text(kept.replace("203.0.113.0/24", "203.0.112.0/23"))
    try:
        done = subprocess.run(
            ["bash", str(ROOT / "gates" / "run.sh"), str(programs / "policycheck")],
            cwd=folder,
            env=os.environ | gate | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        policy.write_text(kept)
    assert done.returncode == code, done.stdout + done.stderr
    assert ("admin-closed is violated" in done.stdout) is change
    assert (folder / "policycheck-reports" / "prove.sarif").exists()
