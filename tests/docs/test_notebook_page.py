"""The code of the page about notebooks runs, and its last lines show themselves."""

import ast
import shutil

from blocks import blocks
from scenes import ROOT

SCENE = ROOT / "examples" / "ipv6-past-a-deny-list"


def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    for name in ("policy.json", "spec.yaml"):
        shutil.copy(SCENE / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    names = {}
    first, second = [
        one.text for one in blocks(ROOT / "docs" / "notebooks.md") if one.language == "python"
    ]
    *before, last = ast.parse(first).body
    exec(compile(ast.Module(before, []), "cell", "exec"), names)
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    assert "admin-closed" in shown._repr_html_()
    exec(second, names)
    assert "in short" in names["html"]
