import re
from pathlib import Path

import policycheck as pc

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_code_of_the_page_runs(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    names = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(code, names)
    shown = capsys.readouterr().out
    assert "mine.json:1:40 MISSING_" in shown
    assert "policy.json open violated" in shown
    assert names["decision"].decision == "Allow"


def test_the_page_names_every_function():
    functions = {name for name in pc.__all__ if name.islower() and name[0] != "_"}
    assert not {name for name in functions if not re.search(rf"\b{name}\(", PAGE)}
