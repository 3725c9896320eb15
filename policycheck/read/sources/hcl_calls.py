"""The module blocks above a directory that call it, and what they give its variables.

Source: https://developer.hashicorp.com/terraform/language/modules/sources#local-paths (a source
that begins with ``./`` or ``../`` is a directory, seen from the one of the block).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policycheck.diagnostics import InputError, Source
from policycheck.read.directory import read_member
from policycheck.read.sources.hcl_files import MAX_FILES, Block, read_blocks

MOST_ABOVE = 4
"""How many directories above a module are looked at."""


def called_with(source: Source) -> frozenset[str]:
    """The variables that module blocks above the directory of a file give a value."""
    path = Path(source.name)
    if not path.is_file():
        return frozenset()
    called = path.parent.resolve()
    return frozenset(name for block in _calls(called) for name, _ in block.attributes())


def _calls(called: Path) -> Iterator[Block]:
    for above in called.parents[:MOST_ABOVE]:
        for block in _modules_in(above, called.name):
            written = block.attribute("source")
            place = (written.text or b"").decode().strip('"') if written else ""
            if place.startswith(("./", "../")) and (above / place).resolve() == called:
                yield block


def _modules_in(directory: Path, name: str) -> Iterator[Block]:
    """The module blocks of the files of a directory that have a name in them."""
    try:
        files = [one for one in sorted(directory.iterdir()) if one.suffix == ".tf"]
    except OSError:
        return
    for one in files[:MAX_FILES]:
        try:
            source = read_member(one, directory)
            blocks = read_blocks(source) if name in source.text else ()
        except InputError:
            continue
        yield from (block for block in blocks if block.type == "module")
