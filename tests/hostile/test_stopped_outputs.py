"""Runs that are stopped or fail half way: a file has its old results or whole new ones."""

import json
import os
import signal
import subprocess
import sys

import pytest
from command_line import ALLOW, environment, policy_text
from whole_results import OLD, form_of, is_whole

from policycheck.cli import reports

STAND_IN = """
import importlib, json, sys, time
from policycheck.cli import main
place, what, *sys.argv = json.loads(sys.argv[1])
module, _, name = place.rpartition(".")
def stand_in(*_, **__):
    if what == "fail":
        raise ValueError("half way")
    print("begun", file=sys.stderr, flush=True)
    time.sleep(60)
importlib.import_module(f"policycheck.cli.{sys.argv[1]}")
setattr(importlib.import_module(module), name, stand_in)
sys.exit(main())
"""
"""Runs a command line with a function that fails or takes long in the place of one of its own."""

COMMANDS = {
    "lint policy.json": "policycheck.fleet.linting.lint",
    "reach policy.json": "policycheck.reach",
    "reach policy.json policy.json -f json": "policycheck.analyse.regions.reaching.reach",
    "diff policy.json policy.json": "policycheck.diff",
    "eval policy.json request.json": "policycheck.cli.eval.evaluate",
    "explain policy.json request.json": "policycheck.trace",
    "init policy.json --force": "policycheck.starter_spec",
    "repair policy.json never.yaml --write": "policycheck.repair",
    "crosscheck policy.json": "policycheck.crosscheck",
}
PROVE = {
    f"prove policy.json spec.yaml -f {form}": "policycheck.fleet.proving.prove"
    for form in reports.FORMS
}
RENDERING = {
    "prove policy.json spec.yaml -f text": "policycheck.report.text.verdicts",
    "prove policy.json spec.yaml -f json": "policycheck.report.json_rows.row",
    "prove policy.json spec.yaml -f sarif": "policycheck.report.sarif.render_proof",
    "prove policy.json spec.yaml -f junit": "policycheck.report.junit.render_proof",
    "prove policy.json spec.yaml -f github": "policycheck.report.github.render_proof",
    "prove policy.json spec.yaml -f gitlab": "policycheck.report.gitlab.render_proof",
    "prove policy.json spec.yaml -f markdown": "policycheck.report.markdown.render_proof",
    "prove policy.json spec.yaml -f html": "policycheck.report.html.render.render",
    "repair policy.json never.yaml --write": "policycheck.report.repairs.render_text",
}
"""What makes the texts of results, which may have something in them that it cannot write."""


@pytest.fixture
def files(folder):
    """What the folder holds: an older file of results, and the copy that init keeps."""
    (folder / "out").write_text(OLD)
    (folder / "policy.baseline.json").write_text(OLD)
    (folder / "never.yaml").write_text("version: 1\nassertions: [{id: a, never_allowed: {}}]\n")
    return contents(folder)


def contents(folder):
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


def start(folder, command, place, what):
    given = json.dumps([place, what, "policycheck", *command.split(), "-o", "out"])
    return subprocess.Popen(
        [sys.executable, "-c", STAND_IN, given],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(("command", "place"), COMMANDS.items(), ids=COMMANDS)
def test_a_command_that_is_stopped_has_old_results_or_whole_new_ones(folder, files, command, place):
    process = start(folder, command, place, "wait")
    assert process.stderr.readline() == b"begun\n"
    process.send_signal(signal.SIGTERM)
    assert b"Traceback" not in process.communicate(timeout=60)[1]
    assert process.returncode == 143
    after = contents(folder)
    new = after.pop("out")
    assert new == OLD.encode() or is_whole(form_of(command.split()), new)
    assert after == {name: data for name, data in files.items() if name != "out"}


@pytest.mark.parametrize(("command", "place"), PROVE.items(), ids=PROVE)
def test_a_proof_that_is_stopped_has_whole_results_in_every_form(folder, files, command, place):
    process = start(folder, command, place, "wait")
    assert process.stderr.readline() == b"begun\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 130
    after = contents(folder)
    new = after.pop("out")
    assert new != OLD.encode()
    assert is_whole(form_of(command.split()), new)
    assert after == {name: data for name, data in files.items() if name != "out"}


@pytest.mark.parametrize(("command", "place"), RENDERING.items(), ids=RENDERING)
def test_results_that_cannot_be_made_into_a_text_leave_everything_as_it_was(
    folder, files, command, place
):
    process = start(folder, command, place, "fail")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 70, err
    assert b"internal error: ValueError: half way" in err
    assert out == b""
    assert contents(folder) == files


NO_SPACE = "export PYTHONDONTWRITEBYTECODE=1; ulimit -f 1"
FULL = [
    *(f"prove policy.json spec.yaml -f {form} -o out" for form in reports.FORMS),
    "prove policy.json spec.yaml -o summary.txt -o json=out",
    "repair policy.json never.yaml --write -o out",
    "export policy.json spec.yaml -o scripts",
    "init policy.json -o out --force",
]


@pytest.mark.parametrize("command", FULL)
def test_a_disk_that_fills_up_leaves_old_results(folder, files, command):
    (folder / "policy.json").write_text(policy_text(*[ALLOW] * 40))
    (folder / "spec.yaml").write_text(
        "version: 1\nassertions:\n"
        + "".join(f"  - {{id: a{n}, never_allowed: {{}}}}\n" for n in range(20))
    )
    before = contents(folder)
    done = in_shell(folder, f"{NO_SPACE}; {sys.executable} -m policycheck {command}")
    assert done.returncode == 2, done.stderr
    assert b"File too large" in done.stderr
    assert b"Traceback" not in done.stderr
    after = {name: data for name, data in contents(folder).items() if name != "summary.txt"}
    assert after == before


def test_a_job_summary_is_added_to_whole_or_not_at_all(folder, files):
    summary = folder / "summary.md"
    summary.write_text("other steps\n" * 8)
    before = contents(folder)
    command = f"{sys.executable} -m policycheck prove policy.json spec.yaml -f github"
    done = in_shell(folder, f"{NO_SPACE}; {command}", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 2, done.stderr
    assert b"the job summary" in done.stderr
    assert contents(folder) == before
    in_shell(folder, command, GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_bytes().startswith(before["summary.md"] + b"#")


def in_shell(folder, line, **changes):
    return subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        timeout=120,
        check=False,
    )


SLOW_THIRD = """
import os, sys, time
from policycheck import atomic_file
opened = []
class Slow:
    def __init__(self, file):
        self.file = file
    def __enter__(self):
        return self
    def __exit__(self, *error):
        return self.file.__exit__(*error)
    def write(self, data):
        self.file.write(data[:9])
        self.file.flush()
        print("begun", file=sys.stderr, flush=True)
        time.sleep(2)
        self.file.write(data[9:])
class System:
    def __getattr__(self, name):
        return getattr(os, name)
    def fdopen(self, *arguments):
        opened.append(arguments)
        file = os.fdopen(*arguments)
        return Slow(file) if len(opened) == 3 else file
atomic_file.os = System()
"""
"""Has each process write its third file slowly, if it is loaded as one begins."""

INTO_A_DIRECTORY = [
    "export policy.json spec.yaml -o",
    "prove policy.json spec.yaml --certify --proof",
    "prove policy.json other.json spec.yaml --certify --jobs 2 --proof",
]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", INTO_A_DIRECTORY)
def test_a_directory_has_whole_files_and_no_others(folder, command, number):
    if "--certify" in command:
        pytest.importorskip("cvc5")
    (folder / "other.json").write_text((folder / "policy.json").read_text())
    program = [sys.executable, "-m", "policycheck", *command.split()]
    (folder / "sitecustomize.py").write_text(SLOW_THIRD)
    slowly = environment(PYTHONPATH=os.pathsep.join((str(folder), environment()["PYTHONPATH"])))
    subprocess.run([*program, "whole"], cwd=folder, env=environment(), check=False)
    process = subprocess.Popen(
        [*program, "files"], cwd=folder, env=slowly, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stderr.readline() == b"begun\n"
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    assert b"Traceback" not in process.communicate(timeout=60)[1]
    assert process.returncode == 128 + number
    left, whole = contents(folder / "files"), contents(folder / "whole")
    assert len(left) >= 2
    assert left.items() <= whole.items()
