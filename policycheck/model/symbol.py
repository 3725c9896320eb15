"""Values that a policy leaves open: a proof holds whatever they are."""

from __future__ import annotations

from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.keys import Key, KeyType, Presence


@dataclass(frozen=True)
class Symbol:
    """A text that only the deployment knows, the same for every request.

    The policy has a policy variable in its place, whose key ``key`` every request has; ``name`` is
    what the document calls it.
    """

    key: str
    name: str
    span: Span | None = field(default=None, compare=False, repr=False)

    @property
    def declared(self) -> Key:
        """The condition key that stands for the value."""
        return Key(self.key, KeyType.STRING, Presence.ALWAYS, promised=False, declared=True)
