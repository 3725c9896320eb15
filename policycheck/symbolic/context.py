"""Where Z3 keeps its terms."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import z3

from policycheck.symbolic.boolean import constant

_NAME = "_main_ctx"


@contextmanager
def fresh_context() -> Iterator[None]:
    """Terms that are made meanwhile are in a context of their own, which is let go at the end.

    None of them may be used afterwards, and none of the terms that are there already meanwhile.
    z3's Python package has one context for all terms that are made without naming one, and no
    other way to take its place.
    """
    before = _home()[_NAME]
    _set(None)
    try:
        yield
    finally:
        _set(before)


def _home() -> dict[str, Any]:
    """The variables of the module that holds the context."""
    return vars(sys.modules["z3.z3"])


def _set(context: z3.Context | None) -> None:
    _home()[_NAME] = context
    constant.cache_clear()
