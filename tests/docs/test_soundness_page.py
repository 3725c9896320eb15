"""docs/soundness.md names every file that a proof rests on, and every fault with its guard."""

from __future__ import annotations

import re

import pytest
from pillars import PILLARS
from scenes import ROOT

PAGE = (ROOT / "docs" / "soundness.md").read_text(encoding="utf-8")
MODULES = sorted(
    one
    for layer in ("symbolic", "solve")
    for one in (ROOT / "policycheck" / layer).glob("*.py")
    if one.name != "__init__.py"
)
SAID_TOGETHER = re.compile(r"probing(_\w+)?\.py")


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.name)
def test_every_module_of_the_encoding_and_of_the_solver_is_named(module):
    assert (
        f"`{module.name}`" in PAGE
        or SAID_TOGETHER.fullmatch(module.name)
        or (f"/{module.name}`" in PAGE)
    )


@pytest.mark.parametrize("fault", PILLARS, ids=lambda one: one.defect.name)
def test_every_fault_has_its_guards_there(fault):
    for guard in fault.guards:
        file, test = guard.split(":")
        assert f"`{file}.py`" in PAGE
        assert f"`{test}`" in PAGE


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:tests|policycheck)/[\w/.]+)`", PAGE)))
)
def test_every_path_exists(path):
    assert (ROOT / path).exists()
