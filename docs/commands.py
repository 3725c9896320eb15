"""Writes docs/commands.md from the commands themselves.

python docs/commands.py
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import click

from policycheck.cli.group import COMMANDS, policycheck
from policycheck.cli.help import Command

PAGE = Path(__file__).with_suffix(".md")
HEAD = """# Commands

Written by `docs/commands.py` from the commands' own help; do not edit.

Results go to standard output, everything else to standard error. `NO_COLOR` turns colours off, and
so does output that is no terminal.

| exit code | meaning |
|---|---|
| 0 | everything asked was decided and holds |
| 1 | an assertion is violated or vacuous; `lint`: a finding; `diff`: a difference |
| 2 | the input or the call is wrong |
| 3 | an assertion could not be decided, and none is violated |
| 70 | an internal error; never a result |
| 130, 141, 143 | interrupted; the reader of the output went away; terminated |
"""


def page() -> str:
    """The whole page."""
    settings = policycheck.context_settings
    with click.Context(policycheck, info_name="policycheck", **settings) as parent:
        return HEAD + "".join(_section(name, parent) for name in COMMANDS)


def _section(name: str, parent: click.Context) -> str:
    command = policycheck.get_command(parent, name)
    assert isinstance(command, Command)  # noqa: S101 -- every command is one
    with click.Context(command, info_name=name, parent=parent) as context:
        usage = " ".join(["policycheck", name, *command.collect_usage_pieces(context)])
        parts = (
            f"\n## {name}\n\n```text\n{usage}\n```\n\n{_text(command.help or '')}\n",
            "\n| option | meaning |\n|---|---|\n" + "".join(_rows(command, context)),
            f"\n```text\n{command.examples.strip()}\n```\n",
        )
    return "".join(parts)


def _text(found: str) -> str:
    """The help with one line for each paragraph; a paragraph after a mark keeps its lines."""
    paragraphs = re.split(r"\n\s*\n", found.strip())
    return "\n\n".join(map(_paragraph, paragraphs))


def _paragraph(found: str) -> str:
    lines = [line.strip() for line in found.splitlines()]
    if lines[0] == "\b":
        return "```text\n" + "\n".join(found.splitlines()[1:]) + "\n```"
    return " ".join(lines)


def _rows(command: Command, context: click.Context) -> Iterator[str]:
    """A row for each option; the usual value without click's way of showing numbers."""
    for one in command.get_params(context):
        record = one.get_help_record(context) if isinstance(one, click.Option) else None
        if record:
            names, meaning = (" ".join(text.split()) for text in record)
            meaning = re.sub(r"\[default: \((\w+)\)", r"[default: \1", meaning)
            yield f"| <code>{_cell(names)}</code> | {_cell(meaning)} |\n"


def _cell(text: str) -> str:
    """The text in a table: GitHub and MkDocs differ on how a bar in code is escaped."""
    return html.escape(text, quote=False).replace("|", "&#124;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
