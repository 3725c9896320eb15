"""The characters that stand for values that are not known yet, and that no document may have.

They are those of Supplementary Private Use Area-A. An escape could write one as well as the
character itself, so what counts is the text that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, MapNode, Node, TextNode

FIRST, LAST = 0xF0000, 0xFFFFD

_PRIVATE = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")


def check_document(root: Node) -> None:
    """Raises InputError if a text of a document has such a character."""
    for one in texts(root):
        if found := _PRIVATE.search(one.value):
            raise private(found.group(), one.span)


def escaped(root: Node) -> Iterator[tuple[str, Span]]:
    """Such characters in the texts of a document that its source does not have: escapes."""
    for one in texts(root):
        found = _PRIVATE.findall(one.value)
        if len(found) > len(_PRIVATE.findall(one.span.text)):
            yield found[0], one.span


def is_private(text: str) -> bool:
    """Whether a text has such a character."""
    return _PRIVATE.search(text) is not None


def private(char: str, span: Span | None) -> InputError:
    """The error that such a character stands somewhere."""
    message = f"the character U+{ord(char):X} is for private use, and not read here"
    return InputError([Diagnostic("PRIVATE_CHARACTER", message, span, help="take it out")])


def texts(node: Node) -> Iterator[TextNode]:
    """Every text of a document, keys among them."""
    match node:
        case TextNode():
            yield node
        case ListNode(items):
            for one in items:
                yield from texts(one)
        case MapNode(entries):
            for key, value in entries:
                yield key
                yield from texts(value)
        case _:
            return
