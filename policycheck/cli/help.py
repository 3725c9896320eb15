"""Commands whose help ends with examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class _FileName(click.types.StringParamType):
    """A text that shells complete to the name of a file."""

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 -- click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Leaves it to the shell to look for files."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 -- only for shells

        return [CompletionItem(incomplete, type="file")]


class Command(click.Command):
    """A command with ``examples``, command lines that its help shows as they are.

    Shells complete its arguments to names of files, unless they have a type of their own.
    """

    def __init__(self, *args: Any, examples: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        for one in self.params:
            if isinstance(one, click.Argument) and one.type is click.STRING:
                one.type = _FileName()

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples, then the epilog."""
        write_examples(self.examples, formatter)
        super().format_epilog(ctx, formatter)


def write_examples(examples: str, formatter: click.HelpFormatter) -> None:
    """Writes a section of command lines, one a line."""
    with formatter.section("Examples"):
        margin = " " * formatter.current_indent
        formatter.write("".join(f"{margin}{line}\n" for line in examples.strip().splitlines()))
