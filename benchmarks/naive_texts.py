"""What texts can be, in the naive encoding: regular expressions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

from policycheck.model import text
from policycheck.model.environment import Environment
from policycheck.model.predicate import Part
from policycheck.model.route import METHODS
from policycheck.model.text import Wildcard

TEXT = z3.ReSort(z3.StringSort())
PARTS = (None, Part.PARTITION, None, Part.REGION, Part.ACCOUNT, Part.API_ID)

Piece = str | Wildcard | z3.SeqRef | z3.ReRef


class UnsaidError(Exception):
    """The encoding has no words for this."""


def literal(value: str) -> z3.SeqRef:
    """The text; Z3 is to see no escapes in it."""
    return z3.StringVal(value.replace("\\", "\\u{5c}"))


def regex(pieces: Iterable[Piece]) -> z3.ReRef:
    """The regular expression of the pieces, one after the other."""
    parts = [z3.Re(""), *map(_regex, pieces)]
    return z3.Concat(*parts[1:]) if len(parts) > 2 else parts[-1]


def _regex(piece: Piece) -> z3.ReRef:
    match piece:
        case z3.ReRef():
            return piece
        case str() | z3.SeqRef():
            return z3.Re(literal(piece) if isinstance(piece, str) else piece)
        case Wildcard.RUN:
            return z3.Star(z3.AllChar(TEXT))
        case Wildcard.ONE:
            return z3.AllChar(TEXT)


def by_field(fields: Iterable[text.Pattern]) -> list[Any]:
    """The fields of an ARN, one after the other: no wildcard crosses a colon before the last."""
    *first, last = fields
    stays = {Wildcard.RUN: z3.Star(none_of(":")), Wildcard.ONE: none_of(":")}
    found: list[Any] = []
    for field in first:
        found += [stays.get(piece, piece) for piece in field.pieces]
        found.append(":")
    return [*found, *last.pieces]


def one_of(*ranges: str) -> z3.ReRef:
    """A character of these, or between the first and the last of two."""
    found = [z3.Range(one[0], one[-1]) for one in ranges]
    return z3.Union(*found) if len(found) > 1 else found[0]


def none_of(char: str) -> z3.ReRef:
    """Any other character."""
    below, above = chr(ord(char) - 1), chr(ord(char) + 1)
    return z3.Union(z3.Range("\\u{0}", below), z3.Range(above, "\\u{2ffff}"))


def parts_of(known: Environment) -> dict[Part, z3.ReRef]:
    """What the parts of the ARN that is called can be."""
    lower, word = one_of("az", "09", "-"), one_of("az", "AZ", "09", "_", "-")
    found = {
        Part.PARTITION: regex(["aws", z3.Star(lower)]),
        Part.REGION: z3.Plus(lower),
        Part.ACCOUNT: z3.Loop(one_of("09"), 12, 12),
        Part.API_ID: z3.Plus(one_of("az", "AZ", "09")),
        Part.STAGE: z3.Plus(word),
        Part.METHOD: z3.Union(*map(z3.Re, METHODS)),
        Part.PATH: regex(["/", Wildcard.RUN]),
    }
    if known.stages is not None:
        found[Part.STAGE] = z3.Union(*map(z3.Re, map(literal, known.stages)))
    for part, wanted in zip(PARTS, known.arn or (), strict=False):
        if part is not None:
            found[part] = narrowed(found[part], part, wanted)
    return found


def narrowed(domain: z3.ReRef, part: Part, wanted: text.Pattern) -> z3.ReRef:
    """Those texts that a part can be and that are as wanted."""
    if wanted.variables:
        raise UnsaidError("variables in a predicate about the resource")
    is_whole = wanted.literal is not None or part is Part.PATH
    return regex(wanted.pieces) if is_whole else z3.Intersect(domain, regex(wanted.pieces))


def api_of(parts: dict[Part, z3.ReRef]) -> list[Piece]:
    """The ARN of the API."""
    region, account, api = parts[Part.REGION], parts[Part.ACCOUNT], parts[Part.API_ID]
    return ["arn:", parts[Part.PARTITION], ":execute-api:", region, ":", account, ":", api]


def called(parts: dict[Part, z3.ReRef]) -> z3.ReRef:
    """The whole ARN that is called."""
    tail = ["/", parts[Part.STAGE], "/", parts[Part.METHOD], parts[Part.PATH]]
    return regex([*api_of(parts), *tail])


def callers() -> z3.ReRef:
    """The ARNs of identities; those of a role's sessions are their role's."""
    partition, account = z3.Star(one_of("az", "09", "-")), z3.Loop(one_of("09"), 12, 12)
    root, federated = regex(["root"]), regex(["federated-user/", Wildcard.ONE, Wildcard.RUN])
    iam = z3.Union(root, _named("user/"), _named("role/"))
    within = [regex([":iam::", account, ":", iam]), regex([":sts::", account, ":", federated])]
    return regex(["arn:aws", partition, z3.Union(*within)])


def _named(prefix: str) -> z3.ReRef:
    return regex([prefix, Wildcard.RUN, none_of("/")])
