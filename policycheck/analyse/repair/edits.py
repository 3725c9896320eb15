"""The edits that a repair is made of."""

from __future__ import annotations

import json

from policycheck.analyse.repair.layout import Json
from policycheck.dataclass import dataclass
from policycheck.model.policy import Effect


@dataclass(frozen=True)
class Entry:
    """One operator on one key of a Condition element, as texts."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class RemoveStatement:
    """A statement is taken out."""

    statement: int


@dataclass(frozen=True)
class ReplaceResource:
    """One entry of a Resource or NotResource element gives way to others; to none: it goes."""

    statement: int
    index: int
    resources: tuple[str, ...]


@dataclass(frozen=True)
class AddResources:
    """A Resource or NotResource element gets further entries."""

    statement: int
    resources: tuple[str, ...]


@dataclass(frozen=True)
class AddConditions:
    """A statement gets further conditions; all hold then, the old ones and the new."""

    statement: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class RemoveCondition:
    """A statement loses one condition."""

    statement: int
    operator: str
    key: str


@dataclass(frozen=True)
class ReplaceOperator:
    """A condition gets another operator."""

    statement: int
    operator: str
    key: str
    wanted: str


@dataclass(frozen=True)
class ReplaceKey:
    """A condition looks at another key."""

    statement: int
    operator: str
    key: str
    wanted: str


@dataclass(frozen=True)
class ReplaceValues:
    """A condition compares with other values."""

    statement: int
    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ExtendValues:
    """A condition compares with further values."""

    statement: int
    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class AddStatement:
    """A policy gets a further statement at its end; ``body`` is a JSON object as a text."""

    body: str

    @property
    def elements(self) -> dict[str, Json]:
        """The elements of the statement."""
        found: dict[str, Json] = json.loads(self.body)
        return found

    @property
    def effect(self) -> Effect:
        """What the statement does."""
        return Effect(self.elements["Effect"])


Edit = (
    RemoveStatement
    | ReplaceResource
    | AddResources
    | AddConditions
    | RemoveCondition
    | ReplaceOperator
    | ReplaceKey
    | ReplaceValues
    | ExtendValues
    | AddStatement
)
