"""How much is worked out of a document: what refers to others many times over grows without end."""

from __future__ import annotations

from collections.abc import Sequence

from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.read.document import ListNode, MapNode, Node

MAX_VALUES = 100_000
"""How many values are worked out in a document, references followed."""

MAX_CHARACTERS = 4_194_304
"""How many characters the texts may have that are put together in a document."""

MAX_APIS = 500
"""How many APIs with a policy one document may have: CloudFormation's quota of resources."""


class Budget:
    """What is left for one document."""

    def __init__(self) -> None:
        self._values, self._characters = MAX_VALUES, MAX_CHARACTERS

    def value(self, span: Span, count: int = 1) -> None:
        """So many values more. Raises InputError if that is too much."""
        self._values -= count
        if self._values < 0:
            raise _too_large(f"{MAX_VALUES:,} values", span)

    def text(self, text: str, span: Span) -> str:
        """A text that was put together. Raises InputError if that is too much."""
        self._characters -= len(text)
        if self._characters < 0:
            raise _too_large(f"{MAX_CHARACTERS:,} characters", span)
        return text


def check_count(apis: Sequence[object], span: Span) -> None:
    """Raises InputError if a document has too many APIs."""
    if len(apis) > MAX_APIS:
        message = f"more than {MAX_APIS} APIs in one document"
        raise InputError([Diagnostic("TOO_MANY_APIS", message, span, "", "split it")])


def check_size(node: Node) -> None:
    """Raises InputError if a value has too many others in it, also if many are one and the same."""
    stack, count = [node], 0
    while stack:
        one = stack.pop()
        count += 1
        if count > MAX_VALUES:
            raise _too_large(f"{MAX_VALUES:,} values", node.span)
        if isinstance(one, ListNode):
            stack.extend(one.items)
        elif isinstance(one, MapNode):
            stack.extend(value for _, value in one.entries)


def _too_large(most: str, span: Span) -> InputError:
    message = f"with everything that it refers to, this has more than {most}"
    return InputError([Diagnostic("EXPANSION_TOO_LARGE", message, span, "", "write it out")])
