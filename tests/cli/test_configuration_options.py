"""What a configuration says counts where the command line says nothing."""

import click
import pytest
from click.testing import CliRunner

from policycheck.cli.configuration import configured, overridden
from policycheck.model.configuration import Settings
from policycheck.model.environment import Endpoint
from policycheck.model.finding import FindingType

CONFIGURATION = """\
select: [NO_ALLOW, IMPROVE_IP_RANGE]
fail_on: warning
format: json
spec: api.yaml
endpoint: edge
overrides:
  - paths: legacy/*
    fail_on: error
    endpoint: regional
"""


@click.command()
@click.argument("policy", default="policy.json")
@click.option("--select", "chosen", multiple=True)
@click.option("--ignore", default="")
@click.option("--fail-on", type=click.Choice([one.value for one in FindingType]), default="error")
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--spec", type=click.Path())
@click.option("--endpoint", type=click.Choice([one.value for one in Endpoint]))
@configured
def command(**parameters):
    found = overridden(parameters["policy"])
    click.echo(repr((parameters, found)))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.yaml").write_text(CONFIGURATION)

    def running(*arguments):
        return CliRunner().invoke(command, arguments)

    return running


@pytest.fixture
def ask(run):
    def asking(*arguments):
        found = run(*arguments)
        assert found.exit_code == 0, found.output
        names = {"Settings": Settings, "Endpoint": Endpoint}
        text = found.stdout.replace("<Endpoint.REGIONAL: 'regional'>", "Endpoint.REGIONAL")
        return eval(text, names)

    return asking


PLAIN = {
    "policy": "policy.json",
    "chosen": (),
    "ignore": "",
    "fail_on": "error",
    "form": "text",
    "spec": None,
    "endpoint": None,
}
SAID = PLAIN | {
    "chosen": ("NO_ALLOW", "IMPROVE_IP_RANGE"),
    "fail_on": "warning",
    "form": "json",
    "spec": "api.yaml",
    "endpoint": "edge",
}


def test_without_a_configuration_the_defaults_count(ask):
    assert ask() == (PLAIN, Settings())


def test_a_configuration_gives_defaults(ask, tmp_path):
    assert ask("--config", "other.yaml") == (SAID, Settings())
    (tmp_path / "other.yaml").rename(tmp_path / ".policycheck.yaml")
    assert ask() == (SAID, Settings())


def test_the_command_line_wins(ask):
    found, _ = ask("--fail-on", "suggestion", "--config", "other.yaml", "--select", "NO_ALLOW")
    assert found == SAID | {"fail_on": "suggestion", "chosen": ("NO_ALLOW",)}


def test_overrides_win_over_settings_and_the_command_line_over_both(ask):
    config = ("--config", "other.yaml")
    _, found = ask("legacy/policy.json", *config)
    assert found == Settings(fail_on="error", endpoint=Endpoint.REGIONAL)
    _, found = ask("legacy/policy.json", *config, "--endpoint", "edge")
    assert found == Settings(fail_on="error")


def test_no_configuration_if_none_is_wanted(ask, tmp_path):
    (tmp_path / "other.yaml").rename(tmp_path / ".policycheck.yaml")
    assert ask("--no-config") == (PLAIN, Settings())


@pytest.mark.parametrize("order", [1, -1])
def test_the_two_options_exclude_each_other(run, order):
    found = run(*["--no-config", "--config=other.yaml"][::order])
    assert found.exit_code == 2
    assert "exclude each other" in found.output


def test_a_wrong_configuration_is_shown_with_its_place(run, tmp_path):
    (tmp_path / ".policycheck.yaml").write_text("fail_on: eror\nformat: xml\n")
    found = run()
    assert found.exit_code == 2
    assert found.stdout == ""
    assert ".policycheck.yaml:1:10" in found.stderr
    assert "write error" in found.stderr
    assert "text | json" in found.stderr
    assert run("--no-config").exit_code == 0
    assert run("--help").exit_code == 0
