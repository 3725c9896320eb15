import json
import subprocess
import sys

import pytest
from command_line import environment, request

from policycheck.cli.group import COMMANDS, policycheck
from policycheck.report.characters import width

HEAVY = ("z3", "hypothesis", "rich", "policycheck.symbolic.policy", "policycheck.solve.prover")
ASK = f"""
import sys
from policycheck.cli import main
code = main(sys.argv[1:])
print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""
EVERY = [("--help",), ("--version",), *((name, "--help") for name in COMMANDS)]


def test_proving_loads_neither_rich_nor_hypothesis(folder, monkeypatch):
    monkeypatch.chdir(folder)
    loaded = ask("prove", "policy.json", "spec.yaml").stderr.split()
    assert loaded == [name for name in HEAVY if name not in {"rich", "hypothesis"}]


@pytest.mark.parametrize("command", ["eval", "explain"])
def test_evaluating_loads_no_solver(folder, monkeypatch, command):
    monkeypatch.chdir(folder)
    (folder / "one.json").write_text(json.dumps(request(SourceIp="203.0.113.9")))
    found = ask(command, "policy.json", "one.json", "--format", "json")
    assert found.returncode in {0, 1}
    assert set(found.stderr.split()) <= {"rich"}
    assert json.loads(found.stdout)


@pytest.mark.parametrize("mistake", ["policy.json", "spec.yaml"])
def test_what_cannot_be_read_loads_no_solver(folder, monkeypatch, mistake):
    monkeypatch.chdir(folder)
    (folder / mistake).write_text('{"Version": ')
    found = ask("prove", "policy.json", "spec.yaml")
    assert found.returncode == 2
    assert "z3" not in found.stderr.splitlines()[-1].split()


def test_loading_the_encoding_and_the_solver_asks_nothing_of_z3():
    script = (
        "import importlib, pkgutil, z3, policycheck.solve, policycheck.symbolic\n"
        "for package in (policycheck.solve, policycheck.symbolic):\n"
        "    for one in pkgutil.iter_modules(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(one.name)\n"
        "print(z3.z3._main_ctx)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "None"


def ask(*arguments):
    return subprocess.run(
        [sys.executable, "-c", ASK, *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", EVERY)
def test_help_loads_no_solver(arguments):
    found = ask(*arguments)
    assert (found.returncode, found.stderr.strip()) == (0, "")


@pytest.mark.parametrize("arguments", EVERY)
def test_help_fits_80_columns(run, arguments):
    found = run(*arguments, COLUMNS="80")
    assert max(map(width, found.stdout.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_of_the_command(run, name):
    _, _, examples = run(name, "--help").stdout.partition("\nExamples:\n")
    assert f"  policycheck {name} " in examples


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_begins_its_help_as_the_list_does(name):
    assert policycheck.get_command(None, name).help.startswith(f"{COMMANDS[name]}\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_common_options(run, name):
    shown = run(name, "--help").stdout
    assert all(option in shown for option in ("--format", "--output", "--color", "--quiet"))


def test_the_version(run):
    assert run("--version").stdout.startswith("policycheck ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frobnicate"], "No such command 'frobnicate'."),
        (["prove"], "Missing argument 'POLICY...'."),
        (["prove", "--frobnicate"], "No such option"),
        (["prove", "a", "b", "--timeout", "0"], "0.0 is not in the range x>0"),
        (["prove", "a", "b", "--timeout", "nan"], "nan is not in the range x>0"),
        (["lint", "a", "--timeout", "nan"], "nan is not in the range x>0"),
        (["reach", "a", "--timeout", "nan"], "nan is not in the range x>0"),
        (["repair", "a", "b", "--timeout", "nan"], "nan is not in the range x>0"),
        (["prove", "a", "b", "--format", "xml"], "'xml' is not one of"),
        (["eval", "policy.json"], "Missing argument 'REQUESTS'."),
        (["explain", "-", "-"], "standard input (-) can be only one of the inputs"),
        (["schema", "policy"], "'policy' is not one of"),
    ],
)
def test_a_wrong_call_is_exit_code_2(run, arguments, message):
    found = run(*arguments)
    assert found.returncode == 2
    assert message in found.stderr
    assert "Traceback" not in found.stderr
    assert found.stdout == ""


@pytest.mark.parametrize("of", ["spec", "request", "result"])
def test_schemas(run, of):

    assert json.loads(run("schema", of).stdout)["$id"] == f"urn:policycheck:{of}:1"


def test_without_a_command_the_help_is_shown(run):
    found = run()
    assert found.returncode == 2
    assert found.stderr == run("--help").stdout


@pytest.mark.parametrize(
    ("given", "meant"), [("prov", "prove"), ("Lint", "lint"), ("diff2", "diff")]
)
def test_a_misspelt_command_is_told_with_the_one_that_is_meant(run, given, meant):
    found = run(given, "policy.json")
    assert found.returncode == 2
    assert f"No such command '{given}'. Did you mean {meant}?" in found.stderr
