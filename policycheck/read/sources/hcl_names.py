"""The names that a module declares: each is a name, and is declared once.

Source: Terraform's ``internal/configs/module.go`` (``appendFile``), which refuses a module that
declares a resource, a data source, a variable, a local value, an output or a module call twice, and
``hclsyntax.ValidIdentifier``, which the labels of blocks are checked with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.byte_offsets import offsets
from policycheck.read.sources.hcl_files import Block, is_override

_WORDS = {
    "resource": "resource",
    "data": "data source",
    "variable": "variable",
    "output": "output",
    "module": "module",
}
"""The blocks whose labels name something, and what messages call that."""


@dataclass(frozen=True)
class _Declared:
    """Something that is declared: what it is, its name, and where that stands."""

    kind: str
    labels: tuple[str, ...]
    span: Span

    @property
    def name(self) -> str:
        """What messages call it."""
        return ".".join(self.labels)


def check_names(source: Source, blocks: Iterable[Block]) -> None:
    """Raises InputError with the first name of a module that cannot be one or is declared twice.

    ``source`` is the file that was named: of two declarations in different files the error is about
    the one in it. Override files declare nothing of their own, and are passed over.
    """
    first: dict[tuple[str, ...], _Declared] = {}
    for one in _declared(blocks):
        if not all(map(_is_identifier, one.labels)):
            raise InputError([_no_name(one)])
        other = first.setdefault((one.kind, *one.labels), one)
        if other is not one:
            is_here = one.span.source is source or other.span.source is not source
            raise InputError([_twice(one, other) if is_here else _twice(other, one)])


def _declared(blocks: Iterable[Block]) -> Iterator[_Declared]:
    for block in blocks:
        if is_override(Path(block.source.name).name):
            continue
        if block.type == "locals":
            yield from _locals(block)
        elif block.type in _WORDS and block.labels:
            yield _Declared(_WORDS[block.type], block.labels, _head(block))


def _locals(block: Block) -> Iterator[_Declared]:
    offset = offsets(block.source.text)
    for key, _ in block.arguments():
        span = Span(block.source, offset(key.start_byte), offset(key.end_byte))
        yield _Declared("local value", (span.text,), span)


def _head(block: Block) -> Span:
    """The type and the labels of a block."""
    length = len(block.span.text.partition("{")[0].rstrip())
    return Span(block.source, block.span.start, block.span.start + length)


def _is_identifier(name: str) -> bool:
    """Whether Terraform takes a text for an identifier: Unicode's, with dashes after the first
    character."""
    return name[:1] != "-" and name.replace("-", "_").isidentifier()


def _no_name(one: _Declared) -> Diagnostic:
    message = f'"{one.name}" is no name of a {one.kind}'
    advice = "write letters, digits, - and _, with a letter or _ in front; Terraform refuses others"
    return Diagnostic("INVALID_NAME", message, one.span, "", advice)


def _twice(again: _Declared, earlier: _Declared) -> Diagnostic:
    here = again.span.source is earlier.span.source
    line, column = earlier.span.line, earlier.span.column
    place = f"on line {line}, column {column}" if here else f"at {earlier.span}"
    return Diagnostic(
        "DUPLICATE_KEY",
        f'the {again.kind} "{again.name}" is declared twice in one module',
        again.span,
        f"already {place}",
        "keep one of the two; Terraform refuses both",
    )
