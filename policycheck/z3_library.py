"""Which shared library the Python package z3 loads."""

from __future__ import annotations

import builtins
import importlib.util
import sys
from pathlib import Path

_WANTED = "Z3_LIB_DIRS"
"""The name among the builtins by which z3 is told where to look first."""


def choose_library() -> None:
    """Has z3 take the library that came with it, unless the builtins name another place.

    By itself z3 looks in the working directory first, which may be anybody's: a checkout, say.
    Called before any module loads z3.
    """
    if "z3" in sys.modules or hasattr(builtins, _WANTED):
        return
    spec = importlib.util.find_spec("z3")
    if spec is None or spec.origin is None:
        return
    package = Path(spec.origin).parent
    places = (package, package / "lib", Path(sys.prefix, "lib"))
    setattr(builtins, _WANTED, list(map(str, places)))
