"""Each file in tests/inputs/bad is refused with exactly the diagnostics in the .txt beside it."""

from pathlib import Path

import pytest

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.read.policy import load_policy

FOLDER = Path(__file__).parents[1] / "inputs" / "bad"


def rendered(diagnostic: Diagnostic) -> str:
    where = f"{diagnostic.span.line}:{diagnostic.span.column}" if diagnostic.span else "-"
    text = repr(diagnostic.span.text) if diagnostic.span else "-"
    return f"{where} {diagnostic.level.value} {diagnostic.code} {text}\n"


def found(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_policy(path)
    return "".join(map(rendered, caught.value.diagnostics))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_bad_input_is_refused_with_these_diagnostics(path):
    assert found(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_every_error_says_what_to_do(path):
    with pytest.raises(InputError) as caught:
        load_policy(path)
    assert all(one.message and one.help for one in caught.value.diagnostics)


def test_every_golden_file_has_its_input():
    assert {p.stem for p in FOLDER.glob("*.txt")} == {p.stem for p in FOLDER.glob("*.json")}
