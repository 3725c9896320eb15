"""Texts of inputs in Markdown and in workflow commands, where they must stay text."""

from __future__ import annotations

import re

from policycheck.report.characters import printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~>@:-])")
_FENCE = re.compile(r"`{3,}")


def markdown(text: str) -> str:
    """One line of Markdown in which nothing of the text is markup, link, mention or HTML."""
    plain = printable(text).replace("&", "&amp;").replace("<", "&lt;")
    return _SPECIAL.sub(r"\\\1", plain)


def fenced(text: str, language: str = "text") -> str:
    """The text, of printable lines, as a code block that nothing in it closes."""
    longest = max((len(one) for one in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"


def command_data(text: str) -> str:
    """The message of a workflow command; line breaks are kept.

    Source: actions/toolkit, packages/core/src/command.ts (escapeData).
    """
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """The value of a property of a workflow command.

    Source: actions/toolkit, packages/core/src/command.ts (escapeProperty).
    """
    return command_data(text).replace(":", "%3A").replace(",", "%2C")
