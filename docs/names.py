"""Writes docs/names.md, which lists the public names of the package; the site fills them in.

python docs/names.py
"""

from __future__ import annotations

import inspect
from pathlib import Path

import policycheck as pc

PAGE = Path(__file__).with_suffix(".md")
HEAD = """# Python names

Written by `docs/names.py` from `policycheck/__init__.py`; do not edit. The site shows each name
with its signature and what its docstring says. [From Python](python.md) has them in use.
"""


def page() -> str:
    """The whole page."""
    names = [name for name in pc.__all__ if name != "__version__"]
    functions = [name for name in names if inspect.isfunction(getattr(pc, name))]
    classes = [name for name in names if inspect.isclass(getattr(pc, name))]
    errors = [name for name in classes if issubclass(getattr(pc, name), Exception)]
    rest = [name for name in names if name not in {*functions, *classes}]
    return HEAD + "".join(
        _section(title, found)
        for title, found in (
            ("Functions", functions),
            ("Classes", [name for name in classes if name not in errors]),
            ("Errors", errors),
            ("Constants", rest),
        )
    )


def _section(title: str, names: list[str]) -> str:
    return f"\n## {title}\n" + "".join(f"\n::: policycheck.{name}\n" for name in names)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
