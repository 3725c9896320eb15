"""``policycheck completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from policycheck.cli import exits
from policycheck.cli.group import COMPLETE, policycheck
from policycheck.cli.help import Command
from policycheck.cli.options import streams
from policycheck.cli.streams import Streams

_EXAMPLES = """
eval "$(policycheck completion bash)"
policycheck completion zsh > ~/.zfunc/_policycheck
policycheck completion fish > ~/.config/fish/completions/policycheck.fish
"""


@click.command("completion", cls=Command, examples=_EXAMPLES)
@click.argument("shell", metavar="{bash|zsh|fish}", type=click.Choice(["bash", "zsh", "fish"]))
@streams("text")
def command(*, streams: Streams, shell: str) -> int:
    """Print what makes a shell complete commands.

    And options, and files. For bash and zsh, have the shell evaluate it when it
    starts; bash must be 4.4 or later.
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 -- click has all three
    streams.result(kind(policycheck, {}, "policycheck", COMPLETE).source() + "\n")
    return exits.HOLDS
