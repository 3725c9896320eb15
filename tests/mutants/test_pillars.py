"""Every fault in what a proof rests on is noticed by the tests that are named for it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.errors import FlakyFailure
from injection import injected
from pillars import PILLARS

from policycheck.diagnostics import DisagreementError


def calls(test: Any) -> Iterator[dict[str, Any]]:
    """The arguments that pytest would give the test, which takes no fixtures."""
    marks = [one for one in getattr(test, "pytestmark", []) if one.name == "parametrize"]
    tables = []
    for mark in marks:
        names, rows = mark.args
        split = names.replace(" ", "").split(",") if isinstance(names, str) else list(names)
        tables.append(
            [dict(zip(split, row if len(split) > 1 else [row], strict=True)) for row in rows]
        )
    for rows in product(*tables):
        yield {name: value for row in rows for name, value in row.items()}


_SETTINGS = "_hypothesis_internal_use_settings"


def run(guard: str) -> None:
    """Call the test with all its arguments; what fails is not made smaller."""
    module, name = guard.split(":")
    test = getattr(importlib.import_module(module), name)
    before = getattr(test, _SETTINGS, None)
    settings.register_profile("one failure", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("one failure")
    try:
        if before is not None:
            setattr(test, _SETTINGS, settings(before, phases=[Phase.explicit, Phase.generate]))
        for arguments in calls(test):
            test(**arguments)
    finally:
        settings.load_profile("default")
        if before is not None:
            setattr(test, _SETTINGS, before)


GUARDS = [(one.defect, guard) for one in PILLARS for guard in one.guards]


@pytest.mark.parametrize(("defect", "guard"), GUARDS, ids=[f"{d.name}, {g}" for d, g in GUARDS])
def test_the_guard_fails_where_the_fault_is(defect, guard):
    noticed = (AssertionError, DisagreementError, ValueError, pytest.fail.Exception, FlakyFailure)
    with injected(defect), pytest.raises((*noticed, ExceptionGroup)):
        run(guard)
