"""Amazon Resource Names and the patterns over them."""

from __future__ import annotations

from dataclasses import field
from functools import lru_cache

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span
from policycheck.model.text import Pattern, Piece, pattern

FIELDS = 6
"""An ARN has six fields, ``arn:partition:service:region:account:resource``; the last one keeps
further colons. Source: IAM/reference-arns."""

PARTITION = r"aws(?:-[a-z]+)*"
REGION = r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+"
ACCOUNT = r"[0-9]{12}"
"""The forms of three fields, as regular expressions."""

NAME = r"[A-Za-z0-9_+=,.@-]+"
"""The form of a user's, a role's, a session's and a federated user's name (D4-names)."""


def is_wild(text: str) -> bool:
    """Whether a text has a wildcard."""
    return "*" in text or "?" in text


@lru_cache(maxsize=1024)
def fields_of(wanted: Pattern) -> tuple[Pattern, ...] | None:
    """The patterns of the six fields of an ARN that a pattern with five colons or more has, cut at
    its first five (semantics S1-caller-arn); None: it has fewer, so that it is one of the whole."""
    fields: list[list[Piece]] = [[]]
    for piece in wanted.pieces:
        if not isinstance(piece, str):
            fields[-1].append(piece)
            continue
        head, *others = piece.split(":", FIELDS - len(fields))
        fields[-1].append(head)
        fields.extend([other] for other in others)
    return tuple(map(pattern, fields)) if len(fields) == FIELDS else None


@dataclass(frozen=True)
class ArnLike:
    """ArnLike and ArnEquals: six fields, each matched by a glob of its own (semantics B3)."""

    fields: tuple[Pattern, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class AnyResource:
    """The lone ``*`` of a Resource element: everything."""

    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ApiResource:
    """The shorthand ``execute-api:/X``: ``tail`` is the pattern of what follows the API id.

    ``tail`` begins with the slash. Source: APIGW/apigateway-resource-policies-examples.
    """

    tail: Pattern
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ArnResource:
    """A full ARN in a Resource element: ``fields`` for the field-wise reading of semantics A6,
    ``whole`` for the reading in which a ``*`` may run past a colon."""

    fields: tuple[Pattern, ...]
    whole: Pattern
    span: Span | None = field(default=None, compare=False, repr=False)


ResourcePattern = AnyResource | ApiResource | ArnResource
