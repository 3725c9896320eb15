"""Results that cannot be written: one error, what was there stays, nothing is left over."""

import contextlib
import signal
import subprocess
import sys

import pytest
from command_line import ALLOW, environment, policy_text
from whole_results import OLD, form_of, is_whole

from policycheck.cli import reports

COMMANDS = [
    ("prove", "policy.json", "spec.yaml"),
    ("prove", "policy.json", "spec.yaml", "-f", "html"),
    ("lint", "policy.json"),
    ("reach", "policy.json"),
    ("diff", "policy.json", "policy.json"),
    ("eval", "policy.json", "request.json"),
    ("explain", "policy.json", "request.json"),
    ("init", "policy.json"),
    ("repair", "policy.json", "spec.yaml"),
    ("crosscheck", "policy.json", "-n", "5"),
]
FORMS = [
    *(("prove", "policy.json", "spec.yaml", "-f", form) for form in reports.FORMS),
    *(("lint", "policy.json", "-f", form) for form in reports.FORMS),
    *(("reach", "policy.json", "-f", form) for form in ("json", "markdown", "html")),
    *(("diff", "policy.json", "policy.json", "-f", form) for form in ("json", "markdown", "html")),
    ("eval", "policy.json", "request.json", "-f", "text"),
    ("explain", "policy.json", "request.json", "-f", "json"),
    ("repair", "policy.json", "spec.yaml", "-f", "json"),
]
"""The forms of results, for the commands that have several."""

WRITING = ("repair", "policy.json", "spec.yaml", "--write", "--assertion", "open")

WITHOUT_INPUTS = [("schema",), ("rules",), ("completion", "bash")]


def names(folder):
    return sorted(path.name for path in folder.rglob("*"))


@pytest.fixture
def before(folder):
    (folder / "outdir").mkdir()
    (folder / "there.txt").write_text("before")
    (folder / "loop.txt").symlink_to("loop.txt")
    return names(folder)


NO_SPACE = "export PYTHONDONTWRITEBYTECODE=1; ulimit -f 1"
"""Files have a block at most. Python before 3.13 would leave parts of compiled modules behind."""
BAD = ["outdir", "missing/x.txt", "there.txt/x", "loop.txt", "n" * 300, "/dev/full", "/proc/x"]


@pytest.mark.parametrize("output", BAD, ids=range(len(BAD)))
def test_a_file_that_cannot_be_written(folder, before, run, output):
    policy = (folder / "policy.json").read_bytes()
    for done in run(*((*line, "-o", output) for line in (*COMMANDS, WRITING))):
        assert done.code == 2, (done.arguments, done.text)
        assert done.out == b""
        assert b"Traceback" not in done.err
        assert b"internal error" not in done.err
    assert names(folder) == before
    assert (folder / "there.txt").read_text() == "before"
    assert (folder / "policy.json").read_bytes() == policy


def test_a_file_that_is_there_is_replaced_whole(folder, before, run):
    for line in (*COMMANDS, *FORMS, *WITHOUT_INPUTS):
        (folder / "there.txt").write_text(OLD * 100_000)
        overwriting = ["--force"] if line[0] == "init" else []
        (done,) = run((*line, *overwriting, "-o", "there.txt"))
        assert done.code in {0, 1}, (done.arguments, done.text)
        assert is_whole(form_of(line), (folder / "there.txt").read_bytes()), line
        assert OLD.encode() not in (folder / "there.txt").read_bytes()
    assert names(folder) == sorted([*before, "policy.baseline.json"])


@pytest.mark.parametrize("text", ["{", '{"Statement": "\\ud800"}'])
def test_an_input_that_is_wrong_leaves_the_file_as_it_was(folder, before, run, text):
    """Or it has results that count the error, whole, where there can be several inputs."""
    (folder / "policy.json").write_text(text)
    for line in (*COMMANDS, *FORMS):
        (folder / "there.txt").write_text(OLD)
        (done,) = run((*line, "-o", "there.txt"))
        assert done.code == 2, (done.arguments, done.text)
        if line[0] in {"prove", "lint"}:
            assert is_whole(form_of(line), (folder / "there.txt").read_bytes()), line
        else:
            assert (folder / "there.txt").read_text() == OLD
    assert names(folder) == before


def test_a_reviewed_copy_stays_if_there_comes_no_spec_of_its_successor(folder, before, run):
    """Otherwise the old spec would compare new policies with one that nobody has reviewed."""
    (folder / "policy.baseline.json").write_text("reviewed")
    (done,) = run(("init", "policy.json", "-o", "outdir", "--force"))
    assert done.code == 2, done.text
    assert (folder / "policy.baseline.json").read_text() == "reviewed"
    assert names(folder) == sorted([*before, "policy.baseline.json"])


def test_a_full_disk_behind_standard_output(folder, run):
    policy = (folder / "policy.json").read_bytes()
    for done in run(*COMMANDS, ("schema",), WRITING, stdout="/dev/full"):
        assert done.code == 2, (done.arguments, done.text)
        assert done.err.count(b"\n") == 1
        assert b"results cannot be written: No space left on device" in done.err
    assert (folder / "policy.json").read_bytes() == policy


LARGE = [
    "prove policy.json spec.yaml -f html -o out.html",
    "prove policy.json spec.yaml -o html=out.html",
    "prove open.json proved.yaml --certify --proof proofs",
    "lint policy.json -f html -o out.html",
    "reach policy.json -f html -o out.html",
    "export policy.json spec.yaml -o scripts",
    "init policy.json -o made.yaml",
]


@pytest.mark.parametrize("command", LARGE)
def test_a_disk_that_fills_up_leaves_no_part_of_a_file(folder, command):
    """The limit on the size of files stands for the room that is left."""
    (folder / "proved.yaml").write_text(
        "version: 1\nassertions:\n  - {id: a, always_allowed: {}}\n"
    )
    (folder / "open.json").write_text(policy_text(ALLOW))
    before = {path for path in folder.rglob("*") if path.is_file()}
    done = in_shell(folder, f"{NO_SPACE}; {PROGRAM} {command}")
    assert done.returncode == 2, done.stderr
    assert b"File too large" in done.stderr
    assert b"Traceback" not in done.stderr
    assert b"internal error" not in done.stderr
    assert {path for path in folder.rglob("*") if path.is_file()} == before


def test_a_disk_that_is_full_names_the_proof_that_could_not_be_written(folder):
    (folder / "proved.yaml").write_text(
        "version: 1\nassertions:\n  - {id: a, always_allowed: {}}\n"
    )
    (folder / "open.json").write_text(policy_text(ALLOW))
    command = "prove open.json proved.yaml --certify --proof proofs -o out.txt"
    done = in_shell(folder, f"{NO_SPACE}; {PROGRAM} {command}")
    assert done.returncode == 2, done.stderr
    assert b"proofs/open.json.a-" in done.stderr
    assert b"out.txt" not in done.stderr
    assert not (folder / "out.txt").exists()


PROGRAM = f"{sys.executable} -m policycheck"


def in_shell(folder, line):
    return subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env=environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("eval policy.json request.json 2>&-", 0, ""),
        ("eval policy.json request.json >&-", 0, ""),
        ("eval policy.json - <&-", 0, ""),
        ("eval missing.json - 2>/dev/full", 2, ""),
        ("schema >/dev/full 2>&1", 2, ""),
    ],
)
def test_standard_streams_that_are_closed_or_full(folder, command, code, said):
    done = in_shell(folder, f"{PROGRAM} {command}")
    assert done.returncode == code, done.stderr
    assert done.stderr.decode() == said


SLOW = """
import sys, time
import policycheck.cli.prove
import policycheck.fleet.proving
from policycheck.cli import main
def prove(*_, **__):
    print("begun", file=sys.stderr, flush=True)
    time.sleep(60)
policycheck.fleet.proving.prove = prove
sys.argv = ["policycheck", "prove", "policy.json", "spec.yaml", "-o", "out.txt"]
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["control-c", "term"]
)
def test_a_run_that_is_stopped_leaves_nothing_half_written(folder, number, code):
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW], cwd=folder, env=environment(), stderr=subprocess.PIPE
    )
    assert process.stderr.readline() == b"begun\n"
    assert any(name.startswith(".out.txt.") for name in names(folder))
    process.send_signal(number)
    assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == code
    assert not any(name.startswith(".out") for name in names(folder))
    assert "interrupted" in (folder / "out.txt").read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("delay", [0.0, 0.3, 0.8, 1.6])
def test_a_run_that_is_stopped_at_any_time_leaves_nothing_half_written(folder, number, delay):
    process = subprocess.Popen(
        [sys.executable, "-m", "policycheck", "prove", "policy.json", "spec.yaml", "-o", "out.txt"],
        cwd=folder,
        env=environment(),
        stderr=subprocess.PIPE,
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(delay)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert set(names(folder)) <= {"policy.json", "request.json", "spec.yaml", "out.txt"}
    if (folder / "out.txt").exists():
        assert "3 assertions about 1 policy" in (folder / "out.txt").read_text()
