"""What the pages say is what the code does."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import click
import pytest
from scenes import ROOT, commands, run

import policycheck as pc
from policycheck.cli.group import COMMANDS, policycheck

README = ROOT / "README.md"
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
PAGES += [ROOT / "specs" / "README.md"]

_SESSION = re.compile(r"^```text\n\$ (policycheck [^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPEC = re.compile(r"^```yaml\n(version: 1\n.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def readme():
    return README.read_text(encoding="utf-8")


def between(name, block):
    """The README with the block in its place."""
    place = re.compile(f"(<!-- {name} -->\n\n)(.*?)(\n<!-- end -->)", re.DOTALL)
    assert place.search(readme())
    return place.sub(lambda found: found[1] + block + found[3], readme())


@pytest.fixture
def kept(request):
    """Compares a text with the README, or writes it anew with --update-golden."""

    def check(text):
        if request.config.getoption("--update-golden"):
            README.write_text(text, encoding="utf-8")
        assert text == readme()

    return check


def test_the_quick_start_is_two_command_lines():
    assert len(commands(README)) == 2


def test_the_first_command_shows_a_proof_and_a_violation():
    first = commands(README)[0]
    command = re.search(r"policycheck prove [^;]*", first).group()
    found = run(command, ROOT)
    assert "\nPROVED " in found.output
    assert "\nVIOLATED " in found.output
    assert found.code == 1
    assert first == f"python -m pip install . && {{ {command}; [ $? = 1 ]; }}"


def test_the_second_command_installs_what_tests_need_and_runs_them():
    assert commands(README)[1] == "python -m pip install '.[test]' && python -m pytest -q -n 2"


def test_the_sessions_are_real(kept):
    def real(match):
        command = match.group(1)
        return f"```text\n$ {command}\n{run(command, ROOT).output}```"

    text = _SESSION.sub(real, readme())
    assert len(_SESSION.findall(text)) == 2
    kept(text)


def test_the_readme_has_the_commands_that_exist(kept):
    def usage(name):
        found = policycheck.get_command(click.Context(policycheck), name)
        arguments = [
            one.metavar if one.required or "[" in one.metavar else f"[{one.metavar}]"
            for one in found.params
            if isinstance(one, click.Argument)
        ]
        line = " ".join(["policycheck", name, *arguments]).replace("|", "\\|")
        return f"| `{line}` | {COMMANDS[name]} |\n"

    table = "| command | what it does |\n|---|---|\n" + "".join(map(usage, COMMANDS))
    kept(between("commands", table))


def test_the_numbers_are_those_of_the_benchmark(kept):
    results = (ROOT / "benchmarks" / "results.md").read_text(encoding="utf-8")
    kept(between("numbers", re.sub(r"^#.*\n\n", "", results, flags=re.MULTILINE)))


@pytest.mark.parametrize("name", ["README.md", "docs/specs.md", "docs/proof.md"])
def test_the_specs_of_a_page_can_be_read(name, tmp_path):
    page = ROOT / name
    baseline = ROOT / "examples" / "no-broader-than-a-baseline" / "baseline.json"
    (tmp_path / "baseline.json").write_bytes(baseline.read_bytes())
    specs = _SPEC.findall(page.read_text(encoding="utf-8"))
    assert specs
    for text in specs:
        assert pc.parse_spec(pc.Source(page.name, text), tmp_path).warnings == ()


MADE = {
    "readings.py": "readings.md",
    "commands.py": "commands.md",
    "spec_fields.py": "spec-fields.md",
    "names.py": "names.md",
}


@pytest.mark.parametrize("script", MADE)
def test_a_page_that_is_made_from_the_code_is_current(script):
    made = runpy.run_path(str(ROOT / "docs" / script))["page"]()
    assert (ROOT / "docs" / MADE[script]).read_text(encoding="utf-8") == made


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_what_a_change_must_pass_uses_the_second_line_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "sed -n 3p" in script
    assert "://" not in script
    assert Path(ROOT / ".ci" / "run").stat().st_mode & 0o100
