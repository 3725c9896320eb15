"""No process is left behind, however a run ends."""

import os
import signal
import subprocess
import sys
import time

import pytest
from estate import SPEC, write_policies
from test_prove_many import ROOT, is_gone, settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what only Linux promises")

SLOW = """
import pathlib, time
pathlib.Path("begun").touch()
time.sleep(60)
"""
"""A cvc5 that does not come to an end."""


@pytest.fixture
def folder(tmp_path):
    write_policies(tmp_path / "policies", 4)
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "cvc5").mkdir()
    (tmp_path / "cvc5" / "__init__.py").write_text(SLOW)
    return tmp_path


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_processes_end_with_the_one_that_reports(folder, jobs, number):
    command = ["prove", "policies", "spec.yaml", "--certify", "--jobs", jobs]
    with subprocess.Popen(
        [sys.executable, "-m", "policycheck", *command],
        cwd=folder,
        env=settings(PYTHONPATH=f"{folder}{os.pathsep}{ROOT}"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while not (folder / "begun").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(number)
    assert is_gone(process.pid)
