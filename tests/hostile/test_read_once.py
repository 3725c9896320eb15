"""Each input is read once, so that what is shown, kept and proved is one text, whatever changes.

A pipe is such an input: whoever reads it again finds nothing, or waits.
"""

import os
import threading

import pytest
from command_line import ALLOW, DENY, policy_text

COMMANDS = [
    ("prove", "policy.json", "spec.yaml", "--no-cache"),
    ("prove", "policy.json", "spec.yaml"),
    ("prove", "policy.json", "spec.yaml", "-f", "sarif"),
    ("prove", "policy.json", "spec.yaml", "-f", "html"),
    ("lint", "policy.json", "-f", "sarif"),
    ("lint", "policy.json"),
    ("reach", "policy.json"),
    ("reach", "policy.json", "--spec", "spec.yaml"),
    ("diff", "policy.json", "other.json"),
    ("eval", "policy.json", "request.json"),
    ("explain", "policy.json", "request.json"),
    ("repair", "policy.json", "spec.yaml"),
    ("init", "policy.json", "-o", "made.yaml"),
    ("export", "policy.json", "spec.yaml", "--assertion", "open"),
    ("crosscheck", "policy.json"),
    ("prove", "--manifest", "manifest.yaml"),
    ("lint", "policy.json", "--config", "configuration.yaml"),
]
INPUTS = ("policy.json", "spec.yaml", "request.json", "other.json")
MORE = {
    "manifest.yaml": "version: 1\npolicies:\n  - {policy: policy.json, spec: spec.yaml}\n",
    "configuration.yaml": "endpoint: regional\n",
}


@pytest.fixture
def piped(folder):
    """A folder in which each input is a pipe that has the text of its file once."""
    (folder / "other.json").write_text(policy_text(ALLOW, DENY, DENY))
    for name, text in MORE.items():
        (folder / name).write_text(text)
    place = folder.parent / "piped" / "work"
    place.mkdir(parents=True)
    feeders = {}
    for name in (*INPUTS, *MORE):
        os.mkfifo(place / name)
        feeders[name] = threading.Thread(target=feed, args=(place / name, folder / name))
        feeders[name].start()
    yield place
    for name, feeder in feeders.items():
        end = os.open(place / name, os.O_RDONLY | os.O_NONBLOCK)
        feeder.join()
        os.close(end)


def feed(pipe, file):
    """Waits until somebody reads the pipe, and writes what the file has."""
    data = file.read_bytes()
    with pipe.open("wb", buffering=0) as end:
        end.write(data)


@pytest.mark.parametrize("line", COMMANDS, ids=" ".join)
def test_an_input_that_can_be_read_once_is_enough(folder, piped, copies, line):
    options = {"SOURCE_DATE_EPOCH": "1700000000", "XDG_CACHE_HOME": str(folder.parent / "cache")}
    (once,) = copies.run(piped, line, patience=60, seconds=60, **options)
    (again,) = copies.run(folder, line, **options)
    assert once.code == again.code in {0, 1}, once.text
    assert without_seconds(once.out) == without_seconds(again.out)


def without_seconds(data):
    """The lines that do not tell how long something took."""
    return [line for line in data.splitlines() if b" s)" not in line and b" s," not in line]
