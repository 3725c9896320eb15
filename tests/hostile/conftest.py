"""A folder with a policy, a spec and a request, in which command lines run with limits."""

import json
import sys

import pytest
from bounded import Copies
from command_line import ALLOW, DENY, SPEC, policy_text, request

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "work"
    place.mkdir()
    (place / "policy.json").write_text(policy_text(ALLOW, DENY))
    (place / "spec.yaml").write_text(SPEC)
    (place / "request.json").write_text(json.dumps(request(SourceIp="203.0.113.9")))
    return place


@pytest.fixture(scope="session")
def copies():
    started = Copies()
    yield started
    started.close()


@pytest.fixture
def run(copies, folder):
    """Runs command lines with limits on time and memory, in ``place`` if that is given; see
    ``Copies.run``."""

    def running(*lines, place=folder, **options):
        return copies.run(place, *lines, **options)

    return running
