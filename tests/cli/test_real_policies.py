"""The commands on real policies: no traceback, and lines that fit."""

import json
from pathlib import Path

import pytest
from command_line import request

from policycheck.cli import main
from policycheck.report.characters import width

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.rglob("*.json"))


@pytest.mark.skipif(not FILES, reason="needs the collection of real policies")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem[:30])
def test_explain(file, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code = main(["explain", str(file), json.dumps(request(SourceIp="203.0.113.9"))])
    shown = capsys.readouterr()
    assert code == (2 if "error[" in shown.err else 0)
    assert max(map(width, shown.out.splitlines()), default=0) <= 80
    wide = [line for line in shown.err.splitlines() if width(line) > 80]
    assert all("-->" in line or str(file) in line for line in wide)
