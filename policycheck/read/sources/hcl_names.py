"""The names that a module declares: each is a name, and is declared once.

Source: Terraform's ``internal/configs/module.go`` (``appendFile``), which refuses a module that
declares a resource, a data source, a variable, a local value, an output or a module call twice, and
``hclsyntax.ValidIdentifier``, which the labels of blocks are checked with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.byte_offsets import offsets
from policycheck.read.sources.hcl_files import Block, Module, is_override

_WORDS = {
    "resource": "resource",
    "data": "data source",
    "variable": "variable",
    "output": "output",
    "module": "module",
    "locals": "local value",
}
"""The blocks that name something, and what messages call that."""


@dataclass(frozen=True)
class _Declared:
    """Something that is declared: the type and the labels of its block, and where they stand."""

    key: tuple[str, ...]
    span: Span

    @property
    def kind(self) -> str:
        """What messages call it."""
        return _WORDS[self.key[0]]

    @property
    def name(self) -> str:
        """Its labels as one text."""
        return ".".join(self.key[1:])


def check_names(source: Source, module: Module) -> Module:
    """The module, with what others of its files declare twice.

    That is an error for a policy that needs it. ``source`` is the file that was named: raises
    InputError with its first name that is none, or that is declared twice in the module. Override
    files declare nothing of their own, and are passed over.
    """
    first: dict[tuple[str, ...], _Declared] = {}
    wrong: dict[tuple[str, ...], Diagnostic] = {}
    for one in _declared(module.blocks):
        other = first.setdefault(one.key, one)
        is_elsewhere = other.span.source is source and one.span.source is not source
        here = other if is_elsewhere else one
        if not all(map(_is_identifier, one.key[1:])):
            wrong[one.key] = _no_name(one)
        elif other is not one:
            wrong[one.key] = _twice(one, other) if here is one else _twice(other, one)
        if one.key in wrong and here.span.source is source:
            raise InputError([wrong[one.key]])
    return replace(module, is_whole=module.is_whole and not wrong, wrong=wrong)


def _declared(blocks: Iterable[Block]) -> Iterator[_Declared]:
    for block in blocks:
        if is_override(Path(block.source.name).name):
            continue
        if block.type == "locals":
            yield from _locals(block)
        elif block.type in _WORDS and block.labels:
            yield _Declared((block.type, *block.labels), _head(block))


def _locals(block: Block) -> Iterator[_Declared]:
    offset = offsets(block.source.text)
    for key, _ in block.arguments():
        span = Span(block.source, offset(key.start_byte), offset(key.end_byte))
        yield _Declared((block.type, span.text), span)


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
