"""A request to an API, as the policy sees it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from types import MappingProxyType

from policycheck.dataclass import dataclass
from policycheck.model.shown import Shown

INVOKE = "execute-api:Invoke"


class CallerKind(enum.Enum):
    """Who signed a request (semantics A3, D1)."""

    ANONYMOUS = "anonymous"
    ROOT = "root"
    USER = "user"
    ROLE = "role"
    FEDERATED_USER = "federated-user"
    SERVICE = "service"
    FEDERATED = "federated"
    CANONICAL_USER = "canonical-user"


@dataclass(frozen=True)
class Caller:
    """The principal of a request.

    ``name`` is, as the request gives it: the ARN of a user, of a role (any session of it), of an
    assumed-role session or of a federated-user session; the 12-digit account id of a root user;
    the name of a service; the id of a federated identity or canonical user; empty for anonymous.
    """

    kind: CallerKind
    name: str = ""


ANONYMOUS = Caller(CallerKind.ANONYMOUS)


@dataclass(frozen=True)
class Request(Shown):
    """One request: contract section 3.

    ``context`` maps condition keys to a text, or to a tuple of texts for a key with several
    values. Key names compare without regard to case.
    """

    resource: str
    action: str = INVOKE
    principal: Caller = ANONYMOUS
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "context", MappingProxyType(dict(self.context)))

    @cached_property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """The values of each key that is there, by the key's name in lower case."""
        return {
            key.lower(): (value,) if isinstance(value, str) else tuple(value)
            for key, value in self.context.items()
        }

    def __hash__(self) -> int:
        return hash(
            (self.resource, self.action, self.principal, tuple(sorted(self.values.items())))
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (Request, (self.resource, self.action, self.principal, dict(self.context)))
