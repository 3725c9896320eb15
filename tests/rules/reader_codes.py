"""The codes that the reader of policies can report, found in its source."""

import ast
import re
from pathlib import Path

READ = Path(__file__).parents[2] / "policycheck" / "read"
CODE = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
PART = re.compile(r"[A-Z]+_|_[A-Z]+")
START = ("policy", "keys_used")
NO_DOCUMENT = {"files", "open_values"}
"""A file that cannot be read holds no policy to judge; open values are those of its document."""


def modules():
    """The modules of read that the reader of policies is made of, by their names."""
    found, open_ = {}, list(START)
    while open_:
        name = open_.pop()
        if name in found or name in NO_DOCUMENT:
            continue
        found[name] = ast.parse((READ / f"{name}.py").read_text(encoding="utf-8"))
        open_.extend(_imports(found[name]))
    return found


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("policycheck.read"):
            below = node.module.removeprefix("policycheck.read").lstrip(".")
            yield from [below] if below else [alias.name for alias in node.names]


def codes():
    """Every text of these modules that is a code."""
    return {text for tree in modules().values() for text in _texts(tree) if CODE.fullmatch(text)}


def _texts(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def made_up():
    """The codes that are put together from parts, which ``codes`` would not find."""
    return [
        (name, ast.unparse(node))
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and any(map(PART.fullmatch, _texts(node)))
    ]
