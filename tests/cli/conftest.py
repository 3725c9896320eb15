"""The command line as a process, in a folder with a policy, a spec and requests."""

import json
import subprocess
import sys

import pytest
from command_line import ALLOW, DENY, SPEC, environment, policy_text, request


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "policy.json").write_text(policy_text(ALLOW, DENY))
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "request.json").write_text(json.dumps(request(SourceIp="203.0.113.9")))
    return tmp_path


@pytest.fixture
def run(folder):
    """Runs ``policycheck`` with arguments and returns the finished process."""

    def running(*arguments, stdin="", **changes):
        return subprocess.run(
            [sys.executable, "-m", "policycheck", *map(str, arguments)],
            input=stdin,
            cwd=folder,
            env=environment(**changes),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return running


@pytest.fixture
def start(folder):
    """Starts ``policycheck`` with pipes, and stops it at the end."""
    started = []

    def starting(*arguments, **options):
        process = subprocess.Popen(
            [sys.executable, "-m", "policycheck", *map(str, arguments)],
            cwd=folder,
            env=environment(),
            **{
                "stdin": subprocess.PIPE,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                **options,
            },
        )
        started.append(process)
        return process

    yield starting
    for process in started:
        process.kill()
        process.communicate()
