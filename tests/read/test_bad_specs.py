"""Each file in tests/inputs/bad_specs is refused with exactly the diagnostics that it marks.

A comment line marks the line above it: ``^ CODE`` stands below the first character of what an
error is about, ``< CODE`` speaks of the first column, ``^ (CODE)`` is a warning.
"""

import re
from pathlib import Path

import pytest

from policycheck.diagnostics import InputError, Level
from policycheck.read.spec import load_spec

FOLDER = Path(__file__).parents[1] / "inputs" / "bad_specs"
FILES = sorted(FOLDER.glob("*.yaml"))
MARK = re.compile(r"([<^])\s*(\(?[A-Z0-9_]+\)?)")


def marked(text):
    """The diagnostics that a text marks, as (line, column, code)."""
    line = 0
    for number, row in enumerate(text.splitlines(), 1):
        marks = list(MARK.finditer(row)) if row.startswith("#") else []
        line = line if marks else number
        for mark in marks:
            yield line, 1 if mark[1] == "<" else mark.start() + 1, mark[2]


def found(path):
    with pytest.raises(InputError) as caught:
        load_spec(path)
    return [one for one in caught.value.diagnostics if one.span.source.name == str(path)]


def shown(diagnostic):
    code = diagnostic.code if diagnostic.level is Level.ERROR else f"({diagnostic.code})"
    return diagnostic.span.line, diagnostic.span.column, code


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_spec_is_refused_with_these_diagnostics(path):
    assert sorted(map(shown, found(path))) == sorted(marked(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_mistake_in_a_spec_says_what_to_do(path):
    assert all(one.message and one.help for one in found(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_mistakes_come_in_the_order_of_the_text(path):
    starts = [one.span.start for one in found(path)]
    assert starts == sorted(starts)
