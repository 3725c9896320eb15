"""Terraform files as blocks: a file with those beside it that Terraform reads as one module."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache, cached_property
from pathlib import Path

import tree_sitter
import tree_sitter_hcl

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Source, Span
from policycheck.read.byte_offsets import offsets
from policycheck.read.directory import read_member
from policycheck.read.sources.hcl_mistakes import mistake

API = "aws_api_gateway_rest_api"

MAX_FILES = 200
"""How many files of a module are read."""

_METHOD = "aws_api_gateway_method"
_MAKERS = frozenset({("aws_api_gateway_resource",), (_METHOD,)})
_OVERRIDE = re.compile(r"(?:.*_)?override\.tf(?:\.json)?")
_VALUES = re.compile(r"(?:terraform|.*\.auto)\.tfvars(?:\.json)?")
_CHANGED = frozenset({"resource", "data", "variable", "locals"})
"""The blocks that policies are read from."""


@dataclass(frozen=True)
class Block:
    """A block: its type, its labels, the syntax of its body, and the source it stands in."""

    type: str
    labels: tuple[str, ...]
    body: tree_sitter.Node | None
    span: Span

    @property
    def source(self) -> Source:
        """The text that the block stands in."""
        return self.span.source

    def attribute(self, name: str) -> tree_sitter.Node | None:
        """The expression of an attribute."""
        return self._attributes.get(name)

    @cached_property
    def _attributes(self) -> Mapping[str, tree_sitter.Node]:
        return dict(reversed(list(self.attributes())))

    def attributes(self) -> Iterator[tuple[str, tree_sitter.Node]]:
        """The attributes with their expressions."""
        return (((key.text or b"").decode(), value) for key, value in self.arguments())

    def arguments(self) -> Iterator[tuple[tree_sitter.Node, tree_sitter.Node]]:
        """The syntax of the names of attributes, and their expressions."""
        for child in self.body.named_children if self.body else ():
            if child.type == "attribute":
                yield child.named_children[0], child.named_children[-1]

    def blocks(self) -> Iterator[Block]:
        """The blocks inside."""
        yield from _blocks(self.body, self.source)


def read_blocks(source: Source) -> tuple[Block, ...]:
    """The blocks of a file. Raises InputError with the first mistake of syntax, or with the first
    argument that a block sets twice, which Terraform refuses."""
    tree = tree_sitter.Parser(_language()).parse(source.text.encode())
    if tree.root_node.has_error:
        raise InputError([mistake(source, tree.root_node)])
    body = next((one for one in tree.root_node.named_children if one.type == "body"), None)
    if twice := _set_twice(body):
        raise InputError([_duplicate(source, *twice)])
    return tuple(_blocks(body, source))


@dataclass(frozen=True)
class Module:
    """The blocks of a module, and whether these are all that Terraform reads.

    ``override`` is a file that changes what the others say (empty: none), ``values`` are those
    that assign variables (Terraform's documentation: Override Files; Input Variables), and
    ``called_with`` tells the variables that a module block above the directory gives. ``wrong`` is
    what the files beside the named one declare in a way that Terraform refuses, by block and name.
    """

    blocks: tuple[Block, ...]
    is_whole: bool
    override: str = ""
    values: tuple[Path, ...] = ()
    wrong: Mapping[tuple[str, ...], Diagnostic] = field(default_factory=dict)
    called_with: Callable[[], frozenset[str]] = frozenset

    def named(self, *names: str) -> Block | None:
        """The block of a type with these labels. Raises InputError if there are two."""
        self._check(names)
        return self._named.get(names)

    def local(self, name: str) -> Block | None:
        """The block that gives a local value. Raises InputError if there are two."""
        self._check(("locals", name))
        return self._locals.get(name)

    def _check(self, names: tuple[str, ...]) -> None:
        if names in self.wrong:
            raise InputError([self.wrong[names]])

    def typed(self, kind: str) -> Sequence[Block]:
        """The blocks of a type."""
        return self._typed.get(kind, ())

    def members(self, api: str) -> Sequence[Block]:
        """The resources that name an API by its rest_api_id."""
        return self._members.get(api, ())

    @cached_property
    def has_open_members(self) -> bool:
        """Whether some resource makes routes of an API that is not known, or several of them."""
        return any(
            any(one.attribute(name) for name in ("count", "for_each"))
            or not api_of(one).startswith(f"{API}.")
            for one in self.typed("resource")
            if one.labels[:1] in _MAKERS
        )

    @cached_property
    def has_open_methods(self) -> bool:
        """Whether some method is one of an API that is not known."""
        made = (one for one in self.typed("resource") if one.labels[:1] == (_METHOD,))
        return any(not api_of(one).startswith(f"{API}.") for one in made)

    @cached_property
    def _typed(self) -> Mapping[str, Sequence[Block]]:
        return _grouped((one.type, one) for one in self.blocks)

    @cached_property
    def _members(self) -> Mapping[str, Sequence[Block]]:
        return _grouped((api_of(one), one) for one in self.typed("resource"))

    @cached_property
    def _named(self) -> Mapping[tuple[str, ...], Block]:
        return {(one.type, *one.labels): one for one in reversed(self.blocks)}

    @cached_property
    def _locals(self) -> Mapping[str, Block]:
        found = (one for one in reversed(self.blocks) if one.type == "locals")
        return {name: one for one in found for name, _ in one.attributes()}

    def assigns(self, variable: str) -> bool:
        """Whether a file or a call may assign a variable, so that its default does not count."""
        assigned = any(_assigns(one, variable) for one in self.values)
        return assigned or variable in self.called_with()


def api_of(block: Block) -> str:
    """The API that a resource names by its rest_api_id, with its index if it has one."""
    found = block.attribute("rest_api_id")
    written = "".join((found.text or b"").decode().split()) if found else ""
    return written.removesuffix(".id") if written.startswith(f"{API}.") else written


def _grouped(pairs: Iterable[tuple[str, Block]]) -> Mapping[str, Sequence[Block]]:
    found = defaultdict(list)
    for name, block in pairs:
        found[name].append(block)
    return found


def read_module(source: Source, own: tuple[Block, ...]) -> Module:
    """The blocks of a file, and those of the others in its directory.

    A file that has mistakes is passed over, so that what it declares counts as unknown.
    """
    path = Path(source.name)
    if not path.is_file():
        return Module(own, is_whole=False)
    files = [one for one in sorted(path.parent.iterdir()) if not one.name.startswith(".")]
    names = [one for one in files if one.suffix == ".tf" and not one.is_dir()]
    is_whole = len(names) <= MAX_FILES and not any(one.name.endswith(".tf.json") for one in files)
    found = list(own)
    for other in names[:MAX_FILES]:
        blocks = own if other == path else _blocks_of(other)
        if other != path:
            found.extend(blocks or ())
        is_whole = is_whole and blocks is not None
    override = next((one.name for one in files if _overrides(one, path, own)), "")
    values = tuple(one for one in files if _VALUES.fullmatch(one.name))
    return Module(tuple(found), is_whole, override, values)


def _blocks_of(path: Path) -> tuple[Block, ...] | None:
    """The blocks of a file of a directory; None if they are not to be had."""
    try:
        return read_blocks(_member(path))
    except InputError:
        return None


def _member(path: Path) -> Source:
    """A file that stands beside the one that was named; a link must not lead elsewhere."""
    return read_member(path, path.parent)


def is_override(name: str) -> bool:
    """Whether a file of this name changes what others declare, and declares nothing of its own."""
    return _OVERRIDE.fullmatch(name) is not None


def _overrides(path: Path, named: Path, own: tuple[Block, ...]) -> bool:
    """Whether a file is, or may be, one that changes what a policy is made of."""
    if not is_override(path.name):
        return False
    blocks = None if path.suffix == ".json" else own if path == named else _blocks_of(path)
    return blocks is None or any(one.type in _CHANGED for one in blocks)


def _assigns(path: Path, variable: str) -> bool:
    """Whether a file of values may assign a variable; one that cannot be read may."""
    try:
        text = _member(path).text
    except InputError:
        return True
    return path.suffix == ".json" or variable in text


@cache
def _language() -> tree_sitter.Language:
    return tree_sitter.Language(tree_sitter_hcl.language())


def _blocks(body: tree_sitter.Node | None, source: Source) -> Iterator[Block]:
    offset = offsets(source.text)
    for child in body.named_children if body else ():
        if child.type != "block":
            continue
        labels: list[str] = []
        inner = None
        for part in child.named_children:
            if part.type in {"identifier", "string_lit"}:
                labels.append((part.text or b"").decode().strip('"'))
            elif part.type == "body":
                inner = part
        span = Span(source, offset(child.start_byte), offset(child.end_byte))
        yield Block(labels[0], tuple(labels[1:]), inner, span)


def _set_twice(
    body: tree_sitter.Node | None,
) -> tuple[tree_sitter.Node, tree_sitter.Node] | None:
    """A name that stands in one block again, and the first of its name."""
    stack = [body] if body else []
    while stack:
        first: dict[bytes | None, tree_sitter.Node] = {}
        for child in stack.pop().named_children:
            if child.type == "block":
                stack.extend(one for one in child.named_children if one.type == "body")
            elif child.type == "attribute":
                name = child.named_children[0]
                if first.setdefault(name.text, name) is not name:
                    return name, first[name.text]
    return None


def _duplicate(source: Source, name: tree_sitter.Node, first: tree_sitter.Node) -> Diagnostic:
    offset = offsets(source.text)
    line, column = source.position(offset(first.start_byte))
    return Diagnostic(
        "DUPLICATE_KEY",
        f'the argument "{(name.text or b"").decode()}" is set twice in one block',
        Span(source, offset(name.start_byte), offset(name.end_byte)),
        f"already on line {line}, column {column}",
        "keep one of the two; Terraform refuses both",
    )
