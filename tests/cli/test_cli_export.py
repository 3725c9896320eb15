import json

import pytest

import policycheck as pc
from policycheck.cli import main


@pytest.fixture
def export(folder, monkeypatch):
    """Runs ``export`` with scripts that name their assertion."""
    monkeypatch.chdir(folder)

    def fake(policy, spec):
        return ((one.id, f"; {one.id}\n") for one in spec.assertions)

    monkeypatch.setitem(vars(pc), "export", fake)
    return lambda *options: main(["export", "policy.json", "spec.yaml", *options])


def test_one_assertion_goes_to_standard_output(export, capsys):
    assert export("--assertion", "open") == 0
    assert capsys.readouterr().out == "; open\n"


def test_several_need_a_directory(export, capsys):
    assert export() == 2
    assert "3 assertions: give --output DIR" in capsys.readouterr().err


def test_a_file_for_each_assertion(export, folder, capsys):
    assert export("--output", "out/deep") == 0
    assert (folder / "out/deep/open.smt2").read_text() == "; open\n"
    assert capsys.readouterr().out.splitlines() == [
        f"out/deep/{name}.smt2" for name in ("open", "closed", "nobody")
    ]


def test_names_of_files_are_plain_and_differ(export, folder):
    names = ("../up", "..-up", "A", "a", "a_", "/", "日")
    lines = "".join(
        f"  - {{id: {json.dumps(name)}, never_allowed: {{stage: prod}}}}\n" for name in names
    )
    (folder / "spec.yaml").write_text(f"version: 1\nassertions:\n{lines}")
    assert export("--output", "out") == 0
    files = sorted(one.name.lower() for one in (folder / "out").iterdir())
    assert len(set(files)) == len(names)
    assert all(
        (folder / "out").resolve() == one.resolve().parent for one in (folder / "out").iterdir()
    )


def test_json(export, capsys):
    assert export("--format", "json") == 0
    scripts = json.loads(capsys.readouterr().out)["scripts"]
    assert scripts[0] == {"assertion": "open", "script": "; open\n"}


def test_a_folder_that_cannot_be_made(export, folder, capsys):
    (folder / "file").write_text("")
    assert export("--output", "file") == 2
    assert "Could not open file 'file'" in capsys.readouterr().err
