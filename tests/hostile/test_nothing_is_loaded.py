"""Nothing is loaded from the directory in which policycheck is called: it may be anybody's."""

import os
import subprocess
import sys

import pytest
import z3
from command_line import environment

PROGRAM = """
import sys
from policycheck.cli import main
def hook(event, arguments):
    if event == "ctypes.dlopen":
        print("dlopen", *arguments, file=sys.stderr)
if __name__ == "__main__":
    sys.addaudithook(hook)
    sys.exit(main())
"""
MODULES = ("selectors", "signal", "socket", "struct", "tempfile", "policycheck", "cvc5", "z3")
OWNED = "open({!r}, 'w').close()\nraise ImportError\n"


@pytest.fixture
def prove(folder, tmp_path):
    """Runs prove as the installed program does: modules are not looked for where it is called."""
    program = tmp_path / "program" / "policycheck"
    program.parent.mkdir()
    program.write_text(PROGRAM)

    def proving(*arguments):
        return subprocess.run(
            [sys.executable, str(program), "prove", *arguments],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    return proving


def test_no_library_of_z3(prove, folder):
    major, minor, *_ = z3.get_version()
    for name in ("libz3.so", f"libz3.so.{major}.{minor}", "libz3.dylib", "libz3.dll"):
        (folder / name).touch()
    done = prove("policy.json", "spec.yaml")
    assert done.returncode == 1, done.stderr
    loaded = [line for line in done.stderr.splitlines() if line.startswith("dlopen")]
    assert any("libz3" in line for line in loaded)
    assert not any(os.fspath(folder) in line for line in loaded)


@pytest.mark.parametrize(
    "options", [["--jobs", "2"], pytest.param(["--jobs", "2", "--certify"], id="certify")]
)
def test_no_module_of_pythons(prove, folder, options):
    if "--certify" in options:
        pytest.importorskip("cvc5")
    (folder / "other.json").write_text((folder / "policy.json").read_text())
    owned = folder / "owned"
    for name in MODULES:
        (folder / f"{name}.py").write_text(OWNED.format(os.fspath(owned)))
    done = prove("policy.json", "other.json", "spec.yaml", *options)
    assert done.returncode == 1, done.stderr
    assert not owned.exists()
