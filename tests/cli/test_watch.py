"""``policycheck watch`` as a process, and completion in real shells."""

import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest
from command_line import ROOT, environment


def lines_until(process, ending, seconds=60):
    """What the process writes up to a line with ``ending``; it is ended if that never comes."""
    found = []
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        while line := process.stdout.readline().decode():
            found.append(line)
            if ending in line:
                return "".join(found)
    finally:
        timer.cancel()
    raise AssertionError("".join(found))


def test_a_change_is_proved_anew(start, folder):
    pytest.importorskip("watchfiles")
    process = start("watch", "policy.json", "spec.yaml", stderr=subprocess.STDOUT)
    first = lines_until(process, "waiting for changes")
    assert "VIOLATED  open" in first
    text = (folder / "spec.yaml").read_text()
    (folder / "spec.yaml").write_text(text.replace("id: open", "id: opened"))
    second = lines_until(process, "waiting for changes")
    assert "changed: spec.yaml" in second
    assert "VIOLATED  opened" in second
    (folder / "spec.yaml").write_text("version: 2\n")
    assert "error" in lines_until(process, "waiting for changes")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130


def test_standard_input_cannot_be_watched(run):
    found = run("watch", "-", "spec.yaml")
    assert found.returncode == 2
    assert "standard input (-) does not change" in found.stderr


def test_without_the_extra_it_says_what_to_install(folder):
    code = (
        "import sys; sys.modules['watchfiles'] = None; from policycheck.cli.program import main; "
        "sys.exit(main(['watch', 'policy.json', 'spec.yaml']))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2
    assert "pip install 'policycheck[watch]'" in found.stderr


@pytest.fixture
def shell(folder):
    """Runs a script in a shell that finds ``policycheck``."""
    program = folder / "bin" / "policycheck"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m policycheck "$@"\n')
    program.chmod(0o755)

    def running(name, script):
        if not shutil.which(name):
            pytest.skip(f"{name} is not installed")
        path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [name, *(["-f"] if name == "zsh" else []), "-c", script],
            cwd=folder,
            env=environment(PATH=path, PYTHONPATH=str(ROOT), HOME=str(folder)),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    return running


def test_bash(shell):
    script = (
        'eval "$(policycheck completion bash)"; COMP_WORDS=(policycheck {words}); COMP_CWORD={n}; '
        '_policycheck_completion policycheck; echo "${{COMPREPLY[@]}}"'
    )
    assert shell("bash", script.format(words="pr", n=1)) == ["prove"]
    assert "--format" in shell("bash", script.format(words="lint --fo", n=2))
    assert shell("bash", script.format(words="lint --format sa", n=3)) == ["sarif"]


def test_fish(shell):
    script = "policycheck completion fish | source; complete -C 'policycheck {words}'"
    assert shell("fish", script.format(words="sche"))[0] == "schema"
    assert "policy.json" in shell("fish", script.format(words="lint pol"))


def test_zsh(shell):
    script = (
        'autoload -Uz compinit; compinit -D; eval "$(policycheck completion zsh)"; '
        "print $_comps[policycheck]"
    )
    assert shell("zsh", script) == ["_policycheck_completion"]
