"""Statements of a policy, with the line that shows them best."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from policycheck.diagnostics import Span
from policycheck.model.policy import Effect, Statement
from policycheck.report.page import Page, Style
from policycheck.report.snippet import place, snippet

MOST = 4
"""How many statements are shown with their lines; further ones are counted."""

_LEXEME = r'"(?:[^"\\]|\\.)*"|[][{}]'
_EFFECT = r'"Effect"\s*:\s*"[^"]*"'
_VERBS = {Effect.ALLOW: "allows", Effect.DENY: "denies"}
_STYLES = {Effect.ALLOW: Style.GOOD, Effect.DENY: Style.BAD}


def header(span: Span) -> Span:
    """The ``"Effect": "..."`` of the statement that ``span`` covers, or else its first line."""
    text, depth = span.text, 0
    for token in re.finditer(_LEXEME, text):
        match token.group():
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
            case '"Effect"' if depth == 1 and (found := re.match(_EFFECT, text[token.start() :])):
                start = span.start + token.start()
                return Span(span.source, start, start + found.end())
    first = text.partition("\n")[0].rstrip()
    return Span(span.source, span.start, span.start + max(len(first), 1))


def pointed(span: Span) -> Span:
    """The line of a statement, if ``span`` covers one, or else the span itself."""
    return header(span) if span.text.startswith("{") else span


def spell_statement(statement: Statement) -> str:
    """Its index and its Sid, as messages name it."""
    return f"statement {statement.index}" + (f" ({statement.sid})" if statement.sid else "")


def deciding(statements: Sequence[Statement], page: Page) -> list[str]:
    """The line of each statement that decides a request, and what the statement does with it."""
    return _snippets(statements, page, lambda one: f" {_VERBS[one.effect]} it")


def needed(statements: Sequence[Statement], page: Page) -> list[str]:
    """The line of each statement that a proof needs."""
    return _snippets(statements, page, lambda _: "")


def _snippets(
    statements: Sequence[Statement], page: Page, doing: Callable[[Statement], str]
) -> list[str]:
    found = [(one, header(one.span)) for one in statements[:MOST] if one.span]
    gutter = max((len(str(span.line)) for _, span in found), default=1)
    lines: list[str] = []
    for statement, span in found:
        label = spell_statement(statement) + doing(statement)
        lines.append(place(span, page, gutter))
        lines.extend(snippet(span, label, _STYLES[statement.effect], page, gutter))
    if len(statements) > MOST:
        lines.append(f"  and {len(statements) - MOST} more statements")
    return lines
