"""The pages of the rules, docs/rules/CODE.md."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from policycheck.model.rule import Rule, finding_type

PACKAGED = "rule_pages"
"""Where an installed package has the pages. In a checkout they are in docs/rules."""


def load_rule(code: str) -> Rule:
    """The rule of that code, with its page. Raises KeyError if there is no such rule."""
    kind = finding_type(code)
    page = _pages().joinpath(f"{code}.md").read_text(encoding="utf-8")
    return Rule(code, kind, _summary(page), page)


def _summary(page: str) -> str:
    """The sentence under the heading, on one line."""
    return " ".join(page.split("\n\n")[1].split())


def _pages() -> Traversable:
    package = resources.files("policycheck")
    packaged = package.joinpath(PACKAGED)
    return packaged if packaged.is_dir() else Path(str(package)).parent / "docs" / "rules"
