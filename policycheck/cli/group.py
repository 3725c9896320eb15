"""The command ``policycheck`` and how its commands are found."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

from policycheck.cli.help import write_examples
from policycheck.diagnostics import nearest
from policycheck.version import __version__

COMMANDS: Mapping[str, str] = {
    "prove": "Decide every assertion of a spec for every policy.",
    "eval": "Decide concrete requests.",
    "explain": "Tell one decision step by step.",
    "lint": "Find what is wrong, doubtful or needless in policies.",
    "diff": "Say what one policy allows and another does not.",
    "reach": "Say who can reach what.",
    "repair": "Propose edits after which every assertion holds.",
    "init": "Write a starter spec for a policy.",
    "crosscheck": "Test the encoding for the solver on a policy.",
    "export": "Write assertions as SMT-LIB files for any solver.",
    "watch": "Prove again whenever a file changes.",
    "rules": "Explain what can be found in a policy.",
    "schema": "Print a JSON Schema.",
    "completion": "Print what makes a shell complete commands.",
}
"""The commands in the order in which the help lists them, each with the first line of its own
help; the module of a command is loaded when the command is asked for."""

COMPLETE = "_POLICYCHECK_COMPLETE"
"""The environment variable by which a shell asks for completions (click's convention)."""

_EXAMPLES = """
policycheck prove policy.json spec.yaml
policycheck explain policy.json request.json
policycheck reach policy.json
policycheck diff git:main:policy.json policy.json
policycheck prove --help
"""


class Commands(click.Group):
    """A group that loads the module of a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, loaded."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"policycheck.cli.{cmd_name}")
        found: click.Command = module.command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named, and its arguments. Raises UsageError, with what is meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if meant := nearest(args[0], COMMANDS):
                raise click.UsageError(f"{error.message} Did you mean {meant}?", ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Lists the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        write_examples(_EXAMPLES, formatter)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="Exit codes: 0 everything asked holds; 1 a violation; 2 an input or a call that is "
    "wrong; 3 something could not be decided, and nothing is violated; 70 an internal error.",
)
@click.version_option(
    __version__, "-V", "--version", prog_name="policycheck", message="%(prog)s %(version)s"
)
def policycheck() -> None:
    """Prove what an AWS API Gateway resource policy allows.

    A policy and a spec go in; for each assertion of the spec comes out that it holds for every
    request that can exist, or a request that breaks it.
    """
