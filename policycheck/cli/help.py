"""Commands whose help ends with examples."""

from __future__ import annotations

from typing import Any

import click


class Command(click.Command):
    """A command with ``examples``, command lines that its help shows as they are."""

    def __init__(self, *args: Any, examples: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples, then the epilog."""
        write_examples(self.examples, formatter)
        super().format_epilog(ctx, formatter)


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """Writes a section of command lines, one a line."""
    with formatter.section("Examples"):
        margin = " " * formatter.current_indent
        formatter.write("".join(f"{margin}{line}\n" for line in examples.strip().splitlines()))
