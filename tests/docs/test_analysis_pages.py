"""The sessions in the pages are real, to the letter."""

import re

import pytest
from scenes import ROOT, run

_SESSION = re.compile(r"^```text\n\$ (policycheck [^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = [
    str(page.relative_to(ROOT / "docs"))
    for page in sorted(ROOT.glob("docs/**/*.md"))
    if _SESSION.search(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("page", PAGES)
def test_the_sessions_are_real(page, request):
    file = ROOT / "docs" / page
    text = file.read_text(encoding="utf-8")

    def real(match):
        return f"```text\n$ {match[1]}\n{run(match[1], ROOT).output}```"

    assert _SESSION.search(text)
    made = _SESSION.sub(real, text)
    if request.config.getoption("--update-golden"):
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8")
