"""The entries of a Condition element."""

from __future__ import annotations

import enum
from dataclasses import field

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.address import AddressRelation
from policycheck.model.arn import ArnLike
from policycheck.model.order import OrderRelation
from policycheck.model.text import TextRelation

Relation = TextRelation | OrderRelation | AddressRelation | ArnLike
"""What one value of the request is asked by one value of the policy."""


class Quantifier(enum.Enum):
    """The prefix of an operator over a key with several values (semantics B5)."""

    FOR_ALL = "ForAllValues"
    FOR_ANY = "ForAnyValue"


@dataclass(frozen=True)
class Comparing:
    """One operator on one key: any of ``relations`` (none of them, if ``negated``).

    ``key`` is in lower case, ``spelled`` as the author wrote it. ``operator`` is the text of the
    operator, for messages. Source: semantics B2.
    """

    operator: str
    key: str
    relations: tuple[Relation, ...]
    negated: bool = False
    if_exists: bool = False
    quantifier: Quantifier | None = None
    spelled: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Existing:
    """The Null operator on one key: ``absent`` holds True for "true" (the key must be absent).

    ``undisputed`` marks a spec's own predicate: a key with an empty value is there, whichever way
    AWS reads its Null operator.
    """

    operator: str
    key: str
    absent: tuple[bool, ...]
    quantifier: Quantifier | None = None
    spelled: str = field(default="", compare=False)
    span: Span | None = field(default=None, compare=False, repr=False)
    undisputed: bool = False


ConditionEntry = Comparing | Existing
