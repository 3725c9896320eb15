"""Diffs that git apply takes, whatever the lines and the names."""

import shutil
import subprocess

import pytest

from policycheck.diagnostics import Source
from policycheck.report.page import Page
from policycheck.report.unified import painted, unified

PAIRS = {
    "plain": ("a\nb\nc\n", "a\nx\nc\n"),
    "no end of line before": ("a\nb", "a\nb\n"),
    "no end of line after": ("a\nb\n", "a\nc"),
    "no end of line": ("a\nb", "a\nc"),
    "carriage returns": ("a\r\nb\r\n", "a\r\nc\r\nd\r\n"),
    "a lone carriage return": ("a\rb\nc\n", "a\rb\nd\n"),
    "other separators of lines": ("a\u2028b\x0bc\nd\n", "a\u2028b\x0bc\ne\n"),
    "far apart": ("x\n" + "y\n" * 20 + "z\n", "1\n" + "y\n" * 20 + "2\n"),
}
NAMES = [
    "policy.json",
    "my policy.json",
    'a"b.json',
    "tab\tname.json",
    "grün.json",
    "back\\slash.json",
]


def applied(name, before, after, folder):
    git = shutil.which("git")
    if git is None:
        pytest.skip("needs git")
    (folder / name).write_bytes(before.encode())
    diff = unified(Source(name, before), Source(name, after))
    subprocess.run([git, "apply"], input=diff.encode(), cwd=folder, check=True, capture_output=True)
    return (folder / name).read_bytes()


@pytest.mark.parametrize("name", PAIRS)
def test_lines(name, tmp_path):
    before, after = PAIRS[name]
    assert applied("policy.json", before, after, tmp_path) == after.encode()


@pytest.mark.parametrize("name", NAMES)
def test_names(name, tmp_path):
    assert applied(name, "a\n", "b\n", tmp_path) == b"b\n"


def test_an_absolute_name_becomes_a_relative_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    name = str(tmp_path / "below" / "policy.json")
    assert unified(Source(name, "a\n"), Source(name, "b\n")).startswith("--- a/below/policy.json\n")


def test_equal_texts_have_no_diff():
    assert unified(Source("p", "a\n"), Source("p", "a\n")) == ""


def test_for_readers_nothing_reaches_the_terminal():
    diff = unified(Source("p", "a\n"), Source("p", "\x9b2J\u202e\tb\r\n"))
    shown = painted(diff, Page())
    assert "\\x9b2J\\u202e\tb\n" in shown
    assert "\r" not in shown
    assert "\x1b[1;32m+" in painted(diff, Page(colour=True))
