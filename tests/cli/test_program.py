"""Errors that nobody expected, pipes that close, and runs that are stopped."""

import gc
import os
import signal
import subprocess
import sys
import time

import pytest
from command_line import environment

import policycheck as pc
import policycheck.fleet.proving as proving_module
from policycheck.__main__ import run as run_process
from policycheck.cli import main
from policycheck.diagnostics import DisagreementError
from policycheck.model.verdict import Report, Status, Verdict


@pytest.fixture
def proving(folder, monkeypatch):
    """Runs ``prove`` in this process with something else in the prover's place."""
    monkeypatch.chdir(folder)

    def proving_with(prove, *options):
        monkeypatch.setattr(proving_module, "prove", prove)
        return main(["prove", "policy.json", "spec.yaml", *options])

    return proving_with


def raising(error):
    def prove(*_, **__):
        raise error

    return prove


def test_a_disagreement_is_never_a_result(proving, capsys):
    code = proving(raising(DisagreementError("the request\n{...}\x1b[31m")))
    shown = capsys.readouterr()
    assert (code, shown.out) == (70, "")
    assert "  the request\n  {...}\\x1b[31m\n" in shown.err
    assert "please report it" in shown.err
    assert f"policycheck {pc.__version__}" in shown.err
    assert "policycheck prove policy.json spec.yaml" in shown.err


@pytest.mark.parametrize(
    "error", [KeyError("x"), RecursionError(), MemoryError(), ValueError("a\nb")]
)
def test_an_unexpected_error_is_one_line_at_the_end(proving, capsys, error):
    code = proving(raising(error))
    shown = capsys.readouterr()
    assert (code, shown.out) == (70, "")
    policy, last = shown.err.split("\n\n")
    assert policy.startswith("error[INTERNAL_ERROR]: nothing is decided about policy.json")
    assert last.startswith(f"policycheck: internal error: {type(error).__name__}")
    assert last.count("\n") == 1


def test_the_traceback_is_there_on_demand(proving, capsys, monkeypatch):
    monkeypatch.setenv("POLICYCHECK_DEBUG", "1")
    proving(raising(KeyError("x")))
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupted_run_shows_what_was_decided(proving, capsys):
    def prove(policy, spec, limits, on_verdict, cache, certifier=None):
        on_verdict(Verdict(policy, spec.assertions[0], Status.PROVED))
        raise KeyboardInterrupt

    code = proving(prove)
    shown = capsys.readouterr()
    assert code == 130
    assert "3 assertions about 1 policy: 1 proved, 2 unknown" in shown.out
    assert "the run was interrupted" in shown.out
    assert shown.err == ""


def test_control_c_during_a_run_ends_watch_too(proving, capsys):
    pytest.importorskip("watchfiles")
    proving(raising(KeyboardInterrupt()))
    assert main(["watch", "policy.json", "spec.yaml"]) == 130
    assert "waiting for changes" not in capsys.readouterr().err


def test_the_timeout_is_that_of_one_assertion(proving):
    seen = []

    def prove(policy, spec, limits, on_verdict, cache, certifier=None):
        seen.append(limits.seconds)
        return Report()

    assert proving(prove, "--timeout", "2.5") == 0
    assert seen == [2.5]


def test_the_memory_is_that_of_the_solver(proving):
    seen = []

    def prove(policy, spec, limits, on_verdict, cache, certifier=None):
        seen.append(limits.memory)
        return Report()

    assert proving(prove, "--memory", "300") == 0
    assert proving(prove) == 0
    assert seen == [300, 2048]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_control_c_ends_eval_quietly(start):
    process = start("eval", "policy.json", "-")
    process.stdin.write(b'{"resource": "arn:aws:execute-api:r:1:a"}\n')
    process.stdin.flush()
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_control_c_is_not_lost_in_a_destructor(folder, monkeypatch, capsys):
    class Destructed:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)
            for _ in range(10):
                pass

    def reading(*_, **__):
        Destructed()
        time.sleep(5)

    monkeypatch.chdir(folder)
    monkeypatch.setattr("policycheck.cli.explain.read_policy", reading)
    assert main(["explain", "policy.json", "request.json"]) == 130
    assert capsys.readouterr() == ("", "")


def test_control_c_before_and_after_the_run_is_quiet(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("policycheck.cli.program.main", interrupted)
    with pytest.raises(SystemExit) as ended:
        run_process()
    assert ended.value.code == 130


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
@pytest.mark.parametrize("arguments", [("eval", "policy.json", "many.jsonl"), ("schema",)])
def test_a_reader_who_has_enough_ends_the_run_quietly(start, folder, arguments):
    (folder / "many.jsonl").write_text('{"resource": "arn:aws:execute-api:r:1:a"}\n' * 20_000)
    process = start(*arguments)
    process.stdout.close()
    assert process.wait(30) == 141
    assert process.stderr.read() == b""


SLOW = """
import sys, time
import policycheck.fleet.proving
from policycheck.cli import main
from policycheck.model.verdict import Report
policycheck.fleet.proving.prove = lambda *_, **__: time.sleep(1.6) or Report()
sys.exit(main(["prove", "policy.json", "spec.yaml", *sys.argv[1:]]))
"""


@pytest.mark.parametrize(("options", "drawn"), [([], True), (["--quiet"], False)])
def test_a_long_run_has_a_bar_unless_quiet_is_asked_for(folder, options, drawn):
    ours, theirs = pytest.importorskip("pty").openpty()
    command, settings = [sys.executable, "-c", SLOW, *options], environment(TERM="xterm")
    subprocess.run(command, cwd=folder, stderr=theirs, env=settings, check=True, timeout=60)
    os.write(theirs, b".")
    os.close(theirs)
    assert (b"0/3" in os.read(ours, 65536)) is drawn
    os.close(ours)


def test_without_a_terminal_there_is_no_bar(folder):
    command = [sys.executable, "-c", SLOW]
    found = subprocess.run(
        command, cwd=folder, env=environment(), capture_output=True, check=True, timeout=60
    )
    assert (found.stdout, found.stderr) == (b"", b"")


def test_a_run_inside_a_program_leaves_its_garbage_collector_alone(capsys):
    before = gc.get_threshold(), gc.get_freeze_count()
    assert main(["--version"]) == 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == before
    assert capsys.readouterr().out.startswith("policycheck ")


AT_EXIT = """
import atexit, sys, threading, time
from policycheck.__main__ import run
def later(): time.sleep(0.3); print("a thread ends")
atexit.register(print, "what runs at exit")
if "thread" in sys.argv: threading.Thread(target=later).start()
sys.argv[1:] = ["--version"]
print("begun", end=" ")
run()
print("not reached")
"""


@pytest.mark.parametrize(
    ("options", "arguments", "last"),
    [
        ([], [], "what runs at exit"),
        ([], ["thread"], "a thread ends\nwhat runs at exit"),
        (["-i"], [], "what runs at exit"),
    ],
)
def test_the_end_of_the_process_is_as_if_python_ended_it(tmp_path, options, arguments, last):
    script = tmp_path / "policycheck"
    script.write_text(AT_EXIT)
    command = [sys.executable, *options, script, *arguments]
    found = subprocess.run(
        command, env=environment(), input="", capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.startswith("begun policycheck ")
    assert "\n".join(found.stdout.split("\n")[1:]).strip() == last


PROGRAM = """
import runpy, sys
sys.argv[1:] = ["--version"]
try:
    {run}
except SystemExit as end:
    sys.exit(f"the program goes on after {{end.code}}")
"""


@pytest.mark.parametrize(
    "run",
    [
        'runpy.run_module("policycheck", run_name="__main__")',
        'runpy.run_module("policycheck", run_name="__main__", alter_sys=True)',
        'runpy.run_module("policycheck.__main__")["run"]()',
    ],
)
def test_a_program_that_runs_another_goes_on_after_it(run):
    command = [sys.executable, "-c", PROGRAM.format(run=run)]
    found = subprocess.run(
        command, env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert found.stdout.startswith("policycheck ")
    assert (found.returncode, found.stderr) == (1, "the program goes on after 0\n")


def test_a_profiler_is_told_of_the_run(folder):
    command = [sys.executable, "-m", "cProfile", "-m", "policycheck", "--version"]
    found = subprocess.run(
        command,
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "function calls" in found.stdout
