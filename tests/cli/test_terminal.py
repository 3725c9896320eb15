"""Texts for people: they fit 80 columns, and colour adds nothing but colour."""

import json
import re
import shutil

import pytest
from command_line import ROOT, request

from policycheck.cli import main
from policycheck.cli.group import COMMANDS
from policycheck.model.rule import rules
from policycheck.read.rule_pages import load_rule
from policycheck.report.characters import width
from policycheck.report.page import Page
from policycheck.report.rules import rule_text

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
SCENE = ROOT / "examples" / "ipv6-past-a-deny-list"
CALLS = {
    "prove": ("policy.json", "spec.yaml"),
    "eval": ("policy.json", "request.json", "--format", "text"),
    "explain": ("policy.json", "request.json"),
    "lint": ("policy.json", "vpc.json"),
    "diff": ("policy.json", "fixed.json", "--endpoint", "regional"),
    "reach": ("policy.json", "--endpoint", "regional", "--details"),
    "repair": ("policy.json", "spec.yaml"),
    "init": ("policy.json", "--endpoint", "regional"),
    "crosscheck": ("policy.json", "--examples", "20"),
    "export": ("policy.json", "spec.yaml", "--assertion", "admin-closed"),
    "rules": (),
    "schema": ("manifest",),
    "completion": ("bash",),
}
WIDE = {"schema", "completion", "export", "init"}  # JSON, a script, SMT-LIB and YAML
COLOURED = {"prove", "lint", "diff", "reach", "repair", "explain", "rules"}
NOT_HERE = {"watch"}  # it prints what prove prints, until it is stopped


@pytest.fixture
def words(tmp_path, monkeypatch, capsys):
    """What a command prints, on both streams; durations are set to zero."""
    for name in ("policy.json", "fixed.json", "spec.yaml"):
        shutil.copy(SCENE / name, tmp_path)
    shutil.copy(ROOT / "examples" / "any-vpc-gets-in" / "policy.json", tmp_path / "vpc.json")
    (tmp_path / "request.json").write_text(json.dumps(request(SourceIp="2001:db8::1")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1796083200")

    def printed(name, *options):
        code = main([name, *CALLS[name], *options])
        shown = capsys.readouterr()
        assert code in {0, 1}, shown.err
        # durations, and the names that Z3 gives
        return re.sub(r"\d+\.\d\d s\)|[$?]x\d+", "", shown.out + shown.err)

    return printed


def lines(text):
    return [line.rstrip() for line in text.splitlines()]


def test_every_command_is_looked_at():
    assert {*CALLS, *NOT_HERE} == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_colour_adds_nothing_but_colour_and_lines_fit(words, monkeypatch, name):
    coloured = words(name, "--color", "always")
    monkeypatch.setenv("NO_COLOR", "1")
    plain = words(name)
    assert plain.strip()
    assert "\x1b" not in plain
    assert lines(ESCAPE.sub("", coloured)) == lines(plain)
    assert bool(ESCAPE.search(coloured)) is (name in COLOURED)
    if name not in WIDE:
        assert [line for line in lines(plain) if width(line) > 80] == []


@pytest.mark.parametrize("code", rules())
def test_the_page_of_a_rule_fits_and_has_the_same_words_without_colour(code):
    plain = rule_text(load_rule(code), Page(80))
    assert (
        ESCAPE.sub("", rule_text(load_rule(code), Page(80, colour=True))).split() == plain.split()
    )
    assert max(map(width, plain.splitlines())) <= 80
