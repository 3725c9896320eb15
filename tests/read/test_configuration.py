"""Configurations: what they say, where they are found, and what can be wrong with them."""

import os
from pathlib import Path

import pytest

from policycheck.diagnostics import InputError
from policycheck.model.configuration import Configuration, Override, Settings
from policycheck.model.environment import Authorization, Endpoint, IpAddressType
from policycheck.read.configuration import find_configuration, load_configuration

WHOLE_YAML = """\
select: [NO_ALLOW, IMPROVE_IP_RANGE]
ignore: MISSING_VERSION
fail_on: security-warning
format: json
spec: specs/api.yaml
endpoint: private
authorization: iam
ip_address_type: ipv4
overrides:
  - paths: [legacy/*, old.json]
    fail_on: error
    ignore: []
"""
WHOLE_TOML = """\
[project]
name = "x"

[tool.policycheck]
select = ["NO_ALLOW", "IMPROVE_IP_RANGE"]
ignore = "MISSING_VERSION"
fail_on = "security-warning"
format = "json"
spec = "specs/api.yaml"
endpoint = "private"
authorization = "iam"
ip_address_type = "ipv4"

[[tool.policycheck.overrides]]
paths = ["legacy/*", "old.json"]
fail_on = "error"
ignore = []
"""


def whole(directory):
    settings = Settings(
        ("NO_ALLOW", "IMPROVE_IP_RANGE"),
        ("MISSING_VERSION",),
        "security-warning",
        "json",
        directory / "specs" / "api.yaml",
        Endpoint.PRIVATE,
        Authorization.IAM,
        IpAddressType.IPV4,
    )
    legacy = Override(("legacy/*", "old.json"), Settings(fail_on="error", ignore=()))
    return Configuration(settings, (legacy,), directory)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"), [(".policycheck.yaml", WHOLE_YAML), ("pyproject.toml", WHOLE_TOML)]
)
def test_both_files_say_the_same(folder, name, text):
    (folder / name).write_text(text)
    found = find_configuration(folder)
    assert found == whole(Path())
    assert found.source.name == name


def test_it_is_found_above_and_its_paths_are_relative_to_it(folder, monkeypatch):
    below = folder / "a" / "b"
    below.mkdir(parents=True)
    (folder / ".policycheck.yaml").write_text(WHOLE_YAML)
    monkeypatch.chdir(below)
    found = find_configuration(below)
    assert os.path.normpath(found.settings.spec) == os.path.normpath("../../specs/api.yaml")
    assert found.overridden("../../legacy/x/p.json").fail_on == "error"
    assert found.overridden(below / "legacy" / "p.json").fail_on is None


def test_the_nearest_one_counts(folder):
    below = folder / "a"
    below.mkdir()
    (folder / ".policycheck.yaml").write_text("fail_on: error")
    (below / "pyproject.toml").write_text('[tool.policycheck]\nfail_on = "warning"\n')
    assert find_configuration(below).settings.fail_on == "warning"
    assert find_configuration(folder).settings.fail_on == "error"


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "[tool.other\nbroken", "# x"])
def test_a_project_file_without_the_table_is_passed_over(folder, text):
    below = folder / "a"
    below.mkdir()
    (folder / ".policycheck.yaml").write_text("fail_on: error")
    (below / "pyproject.toml").write_text(text)
    assert find_configuration(below).settings.fail_on == "error"


def test_nothing_above_the_repository_counts(folder):
    inner = folder / "inner"
    (inner / ".git").mkdir(parents=True)
    (folder / ".policycheck.yaml").write_text("fail_on: error")
    assert find_configuration(inner) == Configuration()


def test_outside_of_a_repository_only_the_directory_itself_counts(folder):
    (folder / ".git").rmdir()
    below = folder / "a"
    below.mkdir()
    (folder / ".policycheck.yaml").write_text("fail_on: error")
    assert find_configuration(below) == Configuration()
    assert find_configuration(folder).settings.fail_on == "error"


def test_two_in_one_directory_are_an_error(folder):
    (folder / ".policycheck.yaml").write_text("fail_on: error")
    (folder / "pyproject.toml").write_text("[tool.policycheck]\n")
    with pytest.raises(InputError, match="both hold a configuration"):
        find_configuration(folder)


@pytest.mark.parametrize("name", [".policycheck.yml", ".policycheck.toml", "policycheck.yaml"])
def test_a_file_that_would_have_no_effect_is_an_error(folder, name):
    (folder / name).write_text("fail_on: error")
    with pytest.raises(InputError, match="has no effect"):
        find_configuration(folder)


@pytest.mark.parametrize("text", ["", "{}", "# nothing"])
def test_a_configuration_may_say_nothing(folder, text):
    (folder / ".policycheck.yaml").write_text(text)
    assert find_configuration(folder).settings == Settings()


@pytest.mark.parametrize(
    ("yaml", "toml", "code", "at", "help_text"),
    [
        ("fail-on: error", 'fail-on = "error"', "UNKNOWN_FIELD", "fail-on", 'write "fail_on"'),
        ("colour: x", 'colour = "x"', "UNKNOWN_FIELD", "colour", "a configuration has select"),
        ("fail_on: eror", 'fail_on = "eror"', "INVALID_VALUE", "eror", "write error"),
        ("format: jsn", 'format = "jsn"', "INVALID_VALUE", "jsn", "write json"),
        ("endpoint: 7", "endpoint = 7", "DATA_TYPE_MISMATCH", "7", "edge | regional"),
        ("select: []", "select = []", "EMPTY_LIST", "[]", "write a value"),
        ("select: [NO_ALOW]", 'select = ["NO_ALOW"]', "UNKNOWN_RULE", "NO_ALOW", "NO_ALLOW"),
        ("ignore: [7]", "ignore = [7]", "DATA_TYPE_MISMATCH", "7", "in quotes"),
        ("spec: {}", "spec = {}", "DATA_TYPE_MISMATCH", "{}", "path of a spec"),
        ("overrides: 1", "overrides = 1", "DATA_TYPE_MISMATCH", "1", "paths"),
        ("overrides: [1]", "overrides = [1]", "DATA_TYPE_MISMATCH", "1", "paths"),
        (
            "overrides: [{spec: x}]",
            'overrides = [{spec = "x"}]',
            "MISSING_FIELD",
            "spec",
            "paths",
        ),
        (
            "overrides: [{paths: a, format: json}]",
            'overrides = [{paths = "a", format = "json"}]',
            "UNKNOWN_FIELD",
            "format",
            "outside of overrides",
        ),
    ],
)
def test_what_is_wrong_is_pointed_at(folder, yaml, toml, code, at, help_text):
    for name, text in (("c.yaml", yaml), ("c.toml", f"[tool.policycheck]\n{toml}\n")):
        (folder / name).write_text(text)
        with pytest.raises(InputError) as caught:
            load_configuration(folder / name, ("text", "json"))
        (found,) = caught.value.diagnostics
        assert (found.code, found.span.text.strip("\"'")) == (code, at)
        assert found.span.line == (1 if name == "c.yaml" else 2)
        assert help_text in found.help


@pytest.mark.parametrize("name", ["NO_ALLOW", "no_allow", "INVALID_", "*_IP_*"])
def test_rules_are_named_by_codes_beginnings_and_globs(folder, name):
    (folder / "c.yaml").write_text(f'select: ["{name}"]\nfail_on: never')
    found = load_configuration(folder / "c.yaml").settings
    assert (found.select, found.fail_on) == ((name,), "never")


@pytest.mark.parametrize("name", ["ZZZ", "*ZZZ*", "NO_ALLOW_"])
def test_names_that_no_rule_answers_to_are_errors(folder, name):
    (folder / "c.yaml").write_text(f'ignore: ["{name}"]')
    with pytest.raises(InputError, match="there is no rule"):
        load_configuration(folder / "c.yaml")


@pytest.mark.parametrize("glob", ["[" * 400_000, "*a" * 200_000])
def test_globs_that_would_take_long_are_errors(folder, glob):
    (folder / "c.yaml").write_text(
        f'select: ["{glob}"]\noverrides: [{{paths: ["{glob}"], fail_on: error}}]\n'
    )
    with pytest.raises(InputError) as caught:
        load_configuration(folder / "c.yaml")
    assert [one.code for one in caught.value.diagnostics] == ["UNKNOWN_RULE", "PATH_TOO_LONG"]


def test_a_named_file_must_hold_a_configuration(folder):
    (folder / "other.toml").write_text("[project]\n")
    with pytest.raises(InputError, match=r"other\.toml has no table \[tool\.policycheck\]"):
        load_configuration(folder / "other.toml")
    with pytest.raises(InputError, match="there is no file"):
        load_configuration(folder / "none.yaml")


def test_later_overrides_win_and_say_only_what_they_say():
    first = Override(("*",), Settings(fail_on="error", endpoint=Endpoint.EDGE))
    second = Override(("a/*.json",), Settings(fail_on="warning"))
    found = Configuration(overrides=(first, second))
    assert found.overridden("a/b/c.json") == Settings(fail_on="warning", endpoint=Endpoint.EDGE)
    assert found.overridden("x.json") == Settings(fail_on="error", endpoint=Endpoint.EDGE)
