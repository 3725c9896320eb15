"""An internal error about one policy takes nothing from what is decided about the others."""

import json

import pytest

import policycheck.fleet.linting as linting_module
import policycheck.fleet.proving as proving_module
from policycheck.cli import main
from policycheck.cli.reports import FORMS
from policycheck.diagnostics import DisagreementError

COMMANDS = {"prove": proving_module, "lint": linting_module}
BROKEN = "broken.json"


@pytest.fixture(params=COMMANDS)
def command(request, folder, monkeypatch):
    """Runs a command about a policy and one that it fails on, in this process."""
    monkeypatch.chdir(folder)
    (folder / BROKEN).write_text((folder / "policy.json").read_text())
    module, name = COMMANDS[request.param], request.param
    genuine = getattr(module, name)

    def failing(policy, *rest, **options):
        if policy.name == BROKEN:
            raise failing.error
        return genuine(policy, *rest, **options)

    failing.error = KeyError("x")
    monkeypatch.setattr(module, name, failing)
    spec = ["spec.yaml"] if name == "prove" else []

    def run(*options, policies=(BROKEN, "policy.json"), error=failing.error):
        failing.error = error
        return main([name, *policies, *spec, *options])

    return run


@pytest.mark.parametrize("form", FORMS)
def test_every_report_has_the_other_policies_and_the_error(command, folder, form):
    assert command("-f", "json", "-o", f"{form}=report", "-o", "results.json") == 70
    found = json.loads((folder / "results.json").read_text())
    assert {one["policy"] for one in found["results"]} == {"policy.json"}
    (error,) = found["errors"]
    assert (error["policy"], error["code"]) == (BROKEN, "INTERNAL_ERROR")
    assert "KeyError" in error["message"]
    assert found["summary"]["errors"] == 1
    report = (folder / "report").read_text()
    assert "policy.json" in report
    if form != "text":  # as for inputs that cannot be read, standard error has the rest
        assert "nothing is decided about broken.json" in report


def test_code_scanning_sees_that_the_run_was_no_success(command, folder):
    command("-f", "sarif", "-o", "found.sarif")
    (run,) = json.loads((folder / "found.sarif").read_text())["runs"]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_standard_error_names_each_policy_and_what_to_report(command, folder, capsys):
    (folder / "other").mkdir()
    assert command(policies=(BROKEN, BROKEN, "policy.json")) == 70
    shown = capsys.readouterr()
    assert shown.err.count("error[INTERNAL_ERROR]: nothing is decided about broken.json") == 2
    assert shown.err.splitlines()[-1].startswith("policycheck: internal error: KeyError: 'x'")
    assert "policy.json" in shown.out
    assert BROKEN not in shown.out


def test_a_disagreement_is_in_no_report(command, folder):
    error = DisagreementError("the request\n{...}", {})
    assert command("-f", "json", "-o", "results.json", error=error) == 70
    written = (folder / "results.json").read_text()
    assert "the request" not in written
    assert "The two readings of AWS disagree" in written


def test_what_was_there_before_does_not_pass_for_results(command, folder):
    (folder / "results.json").write_text("{}")
    assert command("-f", "json", "-o", "results.json", policies=(BROKEN,)) == 70
    found = json.loads((folder / "results.json").read_text())
    assert (found["results"], found["summary"]["errors"]) == ([], 1)
