"""Writes docs/rules/README.md from policycheck/model/rules.toml and the pages beside it.

python docs/rules.py
"""

from __future__ import annotations

from pathlib import Path

from policycheck.model.rule import rules, sections
from policycheck.read.rule_pages import load_rule
from policycheck.report.rules import table_markdown

INDEX = Path(__file__).with_suffix("") / "README.md"
HEAD = """# Rules

Written by `docs/rules.py` from `policycheck/model/rules.toml` and the pages beside it; do not edit.

What policycheck can find in a policy. Each rule has a code (AWS's own name where it has the check),
a finding type (of IAM Access Analyzer's: error, security-warning, warning, suggestion) and a page.
`policycheck rules CODE` prints the page.
"""
TITLES = {
    "reader": "Found while a policy is read",
    "lint": "Found by lint",
    "waivers": "Found about the waivers beside a policy",
}


def page() -> str:
    """The whole page."""
    return HEAD + "".join(map(_section, sections()))


def _section(name: str) -> str:
    title = TITLES[name]
    return f"\n## {title}\n\n" + table_markdown(map(load_rule, rules(name)))


if __name__ == "__main__":
    INDEX.write_text(page(), encoding="utf-8")
