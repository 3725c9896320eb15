"""Values that only a deployment knows, and where they may stand in a policy.

Until the policy is whole, each stands in its texts as one private character. In the end a part of
the API's own ARN becomes what matches exactly that API, and whatever else is left is an error.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Diagnostic, InputError, Span
from policycheck.model.symbol import Symbol
from policycheck.read.sources.budget import Budget
from policycheck.read.sources.private import FIRST, LAST

SYMBOL = "policycheck:"
"""What the keys of symbols begin with."""

_PLAIN = re.compile(r"[A-Za-z0-9_.:-]+")
_ODD = re.compile(r"[^A-Za-z0-9_.-]")


class Own(enum.Enum):
    """The parts of an ARN that are those of the API at hand, whatever they are."""

    REGION = "region"
    ACCOUNT = "account"
    API = "API id"


@dataclass(frozen=True)
class Reference:
    """A value that is not known: what ``--parameter`` calls it, and where it is referred to.

    ``is_text``: it is one text, and no list, wherever it stands.
    """

    name: str
    span: Span
    own: Own | None = None
    why: str = ""
    is_text: bool = False


class References:
    """The references of one policy, each with its private character.

    ``budget`` is what is left for the document that the policy stands in.
    """

    def __init__(self, budget: Budget | None = None, *, leave_open: bool = False) -> None:
        self.budget, self.leave_open = budget or Budget(), leave_open
        self.symbols: dict[str, Symbol] = {}
        self._found: list[Reference] = []

    def mark(self, reference: Reference) -> str:
        """The character that stands for a reference. Raises InputError if there are too many."""
        if len(self._found) > LAST - FIRST:
            message = f"there are more than {LAST - FIRST + 1:,} references"
            raise InputError([Diagnostic("TOO_MANY_REFERENCES", message, reference.span)])
        self._found.append(reference)
        return chr(FIRST + len(self._found) - 1)

    @property
    def has_own(self) -> bool:
        """Whether one of the references is a part of the API's own ARN."""
        return any(one.own for one in self._found)

    def symbol(self, reference: Reference) -> str:
        """The policy variable that stands for any value of a reference.

        References with the same plain name have the same value; every other one has its own.
        """
        plain = _PLAIN.fullmatch(reference.name) is not None
        same = (one for one in self.symbols.values() if one.name == reference.name)
        found = next(same, None) if plain else None
        if found is None:
            key = f"{SYMBOL}{len(self.symbols) + 1}.{_ODD.sub('_', reference.name)}"
            found = self.symbols[key.lower()] = Symbol(key, reference.name, reference.span)
        return "${" + found.key + "}"

    def of(self, char: str) -> Reference | None:
        """The reference that a character stands for."""
        index = ord(char) - FIRST
        return self._found[index] if 0 <= index < len(self._found) else None

    def within(self, text: str) -> tuple[Reference, ...]:
        """The references in a text, in order."""
        return tuple(found for char in text if (found := self.of(char)))

    def shown(self, text: str) -> str:
        """A text with ``${name}`` for each reference, for messages."""
        return "".join(f"${{{one.name}}}" if (one := self.of(char)) else char for char in text)


def unknown_values(found: Iterable[Reference]) -> tuple[Diagnostic, ...]:
    """The errors that the values of references are needed."""
    return tuple(
        Diagnostic(
            "UNRESOLVED_REFERENCE",
            f"the value of {one.name} is not known before the deployment"
            if not one.why
            else f"the value of {one.name} is not known: {one.why}",
            one.span,
            "not resolved",
            f"give it: --parameter '{one.name}=VALUE'",
        )
        for one in dict.fromkeys(found)
    )
