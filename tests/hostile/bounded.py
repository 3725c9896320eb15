"""Command lines that run with limits on processor time and memory.

One process loads the program and is copied for each command line, which is many times quicker than
a new process for each.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from command_line import environment

SECONDS = 20
"""How much processor time a command line may take."""

MEBIBYTES = 2048
"""How much address space it may have; Z3 and its library take a good part of one gibibyte."""

PATIENCE = 300
"""How many seconds on the clock a command line may take; whatever hangs is killed then."""

_COPIES = """
import importlib, json, os, resource, signal, sys, time, traceback

from policycheck.cli import main
for name in json.loads(sys.stdin.readline()):
    importlib.import_module(name)

def limited(asked):
    os.chdir(asked["folder"])
    os.environ.update(asked["changes"])
    seconds, size = asked["seconds"], asked["mebibytes"] << 20
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number, name in enumerate(("in", "out", "err")):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(f"{asked['around']}/{name}", flags, 0o600), number)
    if asked["stdout"]:
        os.dup2(os.open(asked["stdout"], os.O_WRONLY), 1)

def run(asked):
    code = 99
    try:
        limited(asked)
        code = main(asked["arguments"])
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)

for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if not child:
        run(asked)
    end = time.monotonic() + asked["patience"]
    ended, status, used = os.wait4(child, os.WNOHANG)
    while not ended:
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)
        ended, status, used = os.wait4(child, os.WNOHANG)
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss]), flush=True)
"""
_LOADED = [
    *(f"policycheck.cli.{name}" for name in ("prove", "lint", "reach", "diff", "explain", "eval")),
    "policycheck.fleet.proving",
    "policycheck.fleet.linting",
    "policycheck.fleet.reaching",
    "policycheck.analyse.regions.reaching",
    "policycheck.solve.prover",
    "policycheck.read.sources.load",
    "policycheck.read.spec",
]


@dataclass(frozen=True)
class Done:
    """A command line that ended: its exit code (-N: killed by signal N; 99: a traceback), what it
    wrote, and what it took."""

    arguments: tuple[str, ...]
    code: int
    out: bytes
    err: bytes
    seconds: float
    kibibytes: int

    @property
    def text(self) -> str:
        """What it wrote, for people."""
        return (self.out + self.err).decode()


class Copies:
    """The process that is copied for each command line."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _COPIES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            text=True,
        )
        self._ask(_LOADED)

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def run(
        self,
        folder: Path,
        *lines,
        stdin=b"",
        seconds=SECONDS,
        mebibytes=MEBIBYTES,
        stdout=None,
        patience=PATIENCE,
        **changes,
    ) -> list[Done]:
        """Runs each command line in ``folder``, one after the other, and says how it ended.

        ``changes`` are those of the environment; ``stdout`` is where results go instead of a file.
        """
        around = folder.parent
        (around / "in").write_bytes(stdin)
        asked = {
            "folder": str(folder),
            "around": str(around),
            "seconds": seconds,
            "mebibytes": mebibytes,
            "stdout": stdout,
            "patience": patience,
            "changes": changes,
        }
        return [self._run([str(one) for one in line], asked, around) for line in lines]

    def _run(self, arguments, asked, around) -> Done:
        self._ask({**asked, "arguments": arguments})
        code, seconds, kibibytes = json.loads(self._process.stdout.readline())
        out, err = (around / "out").read_bytes(), (around / "err").read_bytes()
        return Done(tuple(arguments), code, out, err, seconds, kibibytes)

    def _ask(self, what) -> None:
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
