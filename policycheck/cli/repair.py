"""``policycheck repair``."""

from __future__ import annotations

from pathlib import Path

import click

import policycheck as pc
from policycheck.cli.help import Command
from policycheck.cli.inputs import once, only, read_policy
from policycheck.cli.options import SECONDS, assertions, streams
from policycheck.cli.sources import documents, spec_about
from policycheck.cli.streams import Streams, replacing
from policycheck.diagnostics import Diagnostic, InputError
from policycheck.model.repair import Repairs
from policycheck.read.files import STDIN

_EXAMPLES = """
policycheck repair policy.json spec.yaml
policycheck repair policy.json spec.yaml --alternatives 3
policycheck repair policy.json spec.yaml --format diff | patch -p1
policycheck repair policy.json spec.yaml --write
"""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@click.command("repair", cls=Command, examples=_EXAMPLES)
@click.argument("policy", metavar="POLICY")
@click.argument("spec", metavar="SPEC")
@click.option(
    "-n",
    "--alternatives",
    metavar="N",
    type=click.IntRange(min=1, max=20),
    default=1,
    show_default=True,
    help="How many repairs to show, the best first.",
)
@click.option(
    "--max-edits",
    metavar="N",
    type=click.IntRange(min=1, max=10),
    default=3,
    show_default=True,
    help="How many edits one repair may have.",
)
@click.option(
    "-t",
    "--timeout",
    metavar="SECONDS",
    type=SECONDS,
    default=60.0,
    show_default="60",
    help="How long the search may take.",
)
@click.option("-w", "--write", is_flag=True, help="Make the first repair in the file POLICY.")
@assertions
@documents
@streams("text", "json", "diff")
def command(  # noqa: PLR0913 -- each option is one
    *,
    streams: Streams,
    policy: str,
    spec: str,
    alternatives: int,
    max_edits: int,
    timeout: float,
    write: bool,
    wanted: tuple[str, ...],
) -> int:
    """Propose edits after which every assertion holds.

    The fewest edits of POLICY after which every assertion of SPEC is proved, as a
    unified diff that keeps the formatting of the file. Each repair was read and
    proved anew. What else it takes away or opens is shown. Where there can be no
    repair, the assertions that contradict each other are named.

    --format diff prints the diff of the first repair alone, for patch -p1 or git
    apply.

    Exit codes: 0 a repair is proposed, or none is needed; 1 there is none; 2 an
    input that cannot be used; 3 the search could not be finished.
    """
    once(policy, spec)
    if write and policy == STDIN:
        raise click.UsageError("--write needs a file, not standard input (-)")
    judged = only(pc.load_spec(spec), wanted)
    limits = pc.RepairLimits(timeout, max_edits)
    given = read_policy(policy, streams)
    known = spec_about(judged, given)
    found = pc.repair(given, known, alternatives=alternatives, limits=limits)
    with streams.opened() as sink:
        sink.write(_shown(found, streams).encode("utf-8", "backslashreplace"))
        if write and found.repairs:
            sink.flush()  # the policy stays as it is if what was done to it cannot be told
            _write(Path(policy), found)
            streams.note(f"{policy} is repaired")
    return found.exit_code


def _shown(found: Repairs, streams: Streams) -> str:
    from policycheck.report import repairs  # noqa: PLC0415 -- tables are loaded when they are drawn

    match streams.form:
        case "json":
            return repairs.render_json(found)
        case "diff":
            if not found.repairs:
                streams.note(f"no diff: {found.outcome.value}; --format text says why")
            return repairs.render_diff(found, streams.results_page)
        case _:
            return repairs.render_text(found, streams.results_page)


def _write(path: Path, found: Repairs) -> None:
    """The first repair in place of the file, if that is still as it was read."""
    before, after = found.policy.source.text.encode(), found.repairs[0].policy.source.text.encode()
    try:
        now = path.read_bytes()
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    mark = _BYTE_ORDER_MARK if now.startswith(_BYTE_ORDER_MARK) else b""
    if now != mark + before:
        message = f"{path} has changed since it was read, so it is left as it is"
        raise InputError([Diagnostic("FILE_CHANGED", message, help="run the command again")])
    with replacing(path) as file:
        file.write(mark + after)
