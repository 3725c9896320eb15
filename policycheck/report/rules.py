"""Rules for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import StringIO
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policycheck.model.finding import FindingType
from policycheck.model.rule import Rule
from policycheck.report.page import Page

_STYLES = {
    FindingType.ERROR: "bold red",
    FindingType.SECURITY_WARNING: "bold red",
    FindingType.WARNING: "bold yellow",
    FindingType.SUGGESTION: "",
}


def table(rules: Iterable[Rule], page: Page) -> str:
    """All rules: code, type, and the sentence that says what is found, under the code."""
    found = Table("rule", "type", box=SIMPLE_HEAD, pad_edge=False, expand=True)
    found.columns[1].width = max(len(one.value) for one in FindingType)
    for one in rules:
        sentence = Padding(Text(one.summary), (0, 0, 0, 2))
        found.add_row(
            Group(Text(one.code, "bold"), sentence), Text(one.type.value, _STYLES[one.type])
        )
    return _laid_out(found, page)


def table_markdown(rules: Iterable[Rule]) -> str:
    """All rules as a table in Markdown; the codes lead to their pages beside it."""
    rows = (f"| [{one.code}]({one.code}.md) | {one.type.value} | {one.summary} |" for one in rules)
    return "\n".join(("| rule | type | what is found |", "|---|---|---|", *rows)) + "\n"


def table_json(rules: Iterable[Rule]) -> str:
    """All rules as one JSON object, without their pages."""
    return _json({"version": 1, "rules": [_data(one) for one in rules]})


def rule_text(rule: Rule, page: Page) -> str:
    """The page of a rule, laid out for a terminal."""
    return _laid_out(Markdown(rule.page, code_theme="ansi_dark"), page)


def rule_json(rule: Rule) -> str:
    """One rule as a JSON object, with its page in Markdown."""
    return _json({"version": 1, **_data(rule), "page": rule.page})


def _data(rule: Rule) -> dict[str, Any]:
    return {"code": rule.code, "type": rule.type.value, "summary": rule.summary}


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _laid_out(content: RenderableType, page: Page) -> str:
    sink = StringIO()
    Console(
        file=sink,
        width=page.columns,
        color_system="standard" if page.colour else None,
        force_terminal=page.colour,
        no_color=not page.colour,
        legacy_windows=False,
        emoji=False,
        highlight=False,
    ).print(content)
    return "\n".join(line.rstrip() for line in sink.getvalue().splitlines()).strip("\n") + "\n"
