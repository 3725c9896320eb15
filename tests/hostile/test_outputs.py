"""Results that cannot be written: one error, what was there stays, nothing is left over."""

import os
import signal
import subprocess
import sys

import pytest
from command_line import environment

COMMANDS = [
    ("prove", "policy.json", "spec.yaml"),
    ("prove", "policy.json", "spec.yaml", "-f", "html"),
    ("lint", "policy.json"),
    ("reach", "policy.json"),
    ("diff", "policy.json", "policy.json"),
    ("eval", "policy.json", "request.json"),
    ("explain", "policy.json", "request.json"),
    ("init", "policy.json"),
]


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


@pytest.fixture
def before(folder):
    (folder / "outdir").mkdir()
    (folder / "there.txt").write_text("before")
    (folder / "loop.txt").symlink_to("loop.txt")
    return names(folder)


BAD = ["outdir", "missing/x.txt", "there.txt/x", "loop.txt", "n" * 300, "/dev/full", "/proc/x"]


@pytest.mark.parametrize("output", BAD, ids=range(len(BAD)))
def test_a_file_that_cannot_be_written(folder, before, run, output):
    for done in run(*((*line, "-o", output) for line in COMMANDS)):
        assert done.code == 2, (done.arguments, done.text)
        assert done.out == b""
        assert b"Traceback" not in done.err
        assert b"internal error" not in done.err
    assert names(folder) == before
    assert (folder / "there.txt").read_text() == "before"


def test_a_file_that_is_there_is_replaced_whole(folder, before, run):
    for done in run(*((*line, "-o", "there.txt") for line in COMMANDS[:-1])):
        assert done.code in {0, 1}, (done.arguments, done.text)
        assert (folder / "there.txt").stat().st_size > 20
    assert names(folder) == before


def test_an_input_that_is_wrong_leaves_the_file_as_it_was(folder, before, run):
    (folder / "policy.json").write_text("{")
    for done in run(*((*line, "-o", "there.txt") for line in COMMANDS[2:])):
        assert done.code == 2, (done.arguments, done.text)
    assert names(folder) == before


def test_a_full_disk_behind_standard_output(run):
    for done in run(*COMMANDS, ("schema",), stdout="/dev/full"):
        assert done.code == 2, (done.arguments, done.text)
        assert done.err.count(b"\n") == 1
        assert b"standard output" in done.err
        assert b"No space left" in done.err
