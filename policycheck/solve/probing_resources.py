"""The resources of requests: ARNs of an API's methods, filled in from patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from random import Random
from typing import assert_never

from policycheck.dataclass import dataclass
from policycheck.model.arn import (
    ACCOUNT,
    FIELDS,
    AnyResource,
    ApiResource,
    ArnResource,
    ResourcePattern,
)
from policycheck.model.environment import Environment
from policycheck.model.predicate import Part
from policycheck.model.reading import Readings
from policycheck.model.route import METHODS
from policycheck.model.text import Pattern, Piece, Wildcard, pattern
from policycheck.solve.probing_text import (
    RUNS,
    Context,
    distinct,
    fill,
    matching,
    pick,
)

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
REGIONS = ("us-east-1", "eu-central-1")
ACCOUNTS = ("123456789012", "210987654321")
APIS = ("abcdef1234", "a1")
STAGES = ("prod", "dev", "a")
PATHS = ("", "a", "pets/7", "a:b", "x/GET/pets", "a/", "É*")

PARTS = tuple(Part)
_ALL_PARTS = frozenset(PARTS)
_BEFORE = (1, 3, 4)
"""The fields of an ARN that hold partition, region and account."""
_ANY_API = (Pattern((Wildcard.RUN,)),) * FIELDS
_WORD = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TAIL = 4
"""How many parts an API's resource has: API, stage, method and path."""
_VARIANTS = 4


@dataclass(frozen=True)
class Target:
    """The parts of a request's ARN, in the order of ``Part``, the path without its first slash.

    ``free`` holds the parts that no literal fixes.
    """

    texts: tuple[str, ...]
    free: frozenset[Part] = frozenset()

    def with_part(self, part: Part, text: str) -> Target:
        """The target with another text for a part."""
        texts = list(self.texts)
        texts[PARTS.index(part)] = text
        return replace(self, texts=tuple(texts))

    def __str__(self) -> str:
        partition, region, account, api_id, stage, method, path = self.texts
        return f"arn:{partition}:execute-api:{region}:{account}:{api_id}/{stage}/{method}/{path}"


@dataclass(frozen=True)
class Resources:
    """What is known of resources: the environment, and the words that patterns are made of."""

    environment: Environment
    words: Sequence[str]

    @cached_property
    def choices(self) -> Mapping[Part, tuple[str, ...]]:
        """Texts for each part that is left open."""
        named = {
            Part.PARTITION: PARTITIONS[:1],
            Part.REGION: REGIONS,
            Part.ACCOUNT: self.accounts,
            Part.API_ID: APIS,
            Part.STAGE: self.environment.stages or self._words(STAGES),
            Part.METHOD: METHODS,
            Part.PATH: distinct((*PATHS, *self.words)),
        }
        return {**named, **self._of_the_api()}

    def _words(self, others: Sequence[str]) -> tuple[str, ...]:
        return distinct((*others, *(word for word in self.words if _WORD.fullmatch(word))))

    def _of_the_api(self) -> Mapping[Part, tuple[str, ...]]:
        """The parts that the environment's ARN fixes."""
        if self.environment.arn is None:
            return {}
        _, partition, _, region, account, api_id = self.environment.arn
        return {
            part: _fixed(part, wanted, choices)
            for part, wanted, choices in (
                (Part.PARTITION, partition, PARTITIONS),
                (Part.REGION, region, REGIONS),
                (Part.ACCOUNT, account, self.accounts),
                (Part.API_ID, api_id, APIS),
            )
        }

    @cached_property
    def accounts(self) -> tuple[str, ...]:
        """Account ids: those that the words name, and others."""
        return (*ACCOUNTS, *(word for word in self.words if re.fullmatch(ACCOUNT, word)))

    @cached_property
    def runs(self) -> tuple[str, ...]:
        """What a ``*`` in a path is filled with."""
        return (*RUNS, *self.words)

    @cached_property
    def fixed(self) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """The only texts of the parts of which the environment says something.

        Each part is given by its place in ``PARTS``.
        """
        stages = self.environment.stages
        known = {**self._of_the_api(), **({Part.STAGE: stages} if stages else {})}
        return tuple((PARTS.index(part), choices) for part, choices in known.items())

    def on_a_route(self, target: Target, readings: Readings, random: Random) -> Target:
        """The target, if the API has a route for it; another one that has a route otherwise."""
        routes = self.environment.routes
        if not routes:
            return target
        from policycheck.concrete.environment import has_route  # noqa: PLC0415 -- few specs have routes

        verb, path = (target.texts[PARTS.index(part)] for part in (Part.METHOD, Part.PATH))
        if has_route(self.environment, verb, f"/{path}", readings):
            return target
        route = pick(random, routes)
        path = fill(route.paths, random, self.runs, ones="a7").removeprefix("/")
        verb = verb if verb in route.methods else pick(random, route.methods)
        return target.with_part(Part.METHOD, verb).with_part(Part.PATH, path)

    @cached_property
    def _in_order(self) -> tuple[tuple[str, ...], ...]:
        return tuple(self.choices[part] for part in PARTS)

    def any(self, random: Random) -> Target:
        """A resource of which nothing is asked."""
        texts = tuple([pick(random, choices) for choices in self._in_order])
        return Target(texts, _ALL_PARTS)

    def target(self, wanted: ResourcePattern, random: Random, context: Context) -> Target:
        """A resource that the pattern matches, if any can."""
        match wanted:
            case AnyResource():
                return self.any(random)
            case ApiResource(tail):
                return self._filled(_ANY_API, (Wildcard.RUN, *tail.pieces), random, context)
            case ArnResource(fields):
                return self._filled(fields, fields[5].pieces, random, context)
        assert_never(wanted)

    def targets(self, wanted: ResourcePattern) -> tuple[Target, ...]:
        """Some resources that a pattern without variables matches."""
        random = Random(_VARIANTS)  # noqa: S311 (no secret hangs on it)
        found = [self.target(wanted, random, {}) for _ in range(_VARIANTS)]
        if isinstance(wanted, ArnResource):
            found.extend(self._crossing(wanted, random))
        return distinct(found)

    def _crossing(self, wanted: ArnResource, random: Random) -> Iterator[Target]:
        """Resources that match if a ``*`` may run past the colon (semantics A6)."""
        for index in (3, 4):
            if wanted.fields[index].pieces[-1:] == (Wildcard.RUN,):
                later = [fill(one, random, ("", "a")) for one in wanted.fields[index + 1 :]]
                texts = self._filled(wanted.fields, (Wildcard.RUN,), random, {}).texts
                yield Target((*texts[:-1], ":".join(("a", *later))))

    def _filled(
        self,
        fields: Sequence[Pattern],
        tail: Sequence[Piece],
        random: Random,
        context: Context,
    ) -> Target:
        segments = _segments(tail, random)
        path = _joined(segments[_TAIL - 1 :])
        pieces = (*(fields[index].pieces for index in _BEFORE), *segments[: _TAIL - 1], path)
        wanted = dict(zip(PARTS, map(tuple, pieces), strict=True))
        texts = tuple(self._part(part, one, random, context) for part, one in wanted.items())
        return Target(texts, frozenset(part for part, one in wanted.items() if _open(part, one)))

    def _part(self, part: Part, pieces: tuple[Piece, ...], random: Random, context: Context) -> str:
        """A text for the part that the pieces match, one of its choices if possible."""
        if _open(part, pieces):
            return pick(random, self.choices[part])
        wanted = Pattern(pieces)
        if part is Part.PATH:
            return fill(wanted, random, self.runs, context)
        known = matching(wanted, self.choices[part]) if not wanted.variables else ()
        return pick(random, known) if known else _word(part, wanted, random, context)


def _word(part: Part, wanted: Pattern, random: Random, context: Context) -> str:
    """A text for a part other than the path that the pattern matches."""
    if part is not Part.ACCOUNT:
        return fill(wanted, random, ("", "a", "x1"), context, "a1")
    digits = len(fill(wanted, random, ("",), context, "0"))
    pieces = ("0" * max(0, 12 - digits) if p is Wildcard.RUN else p for p in wanted.pieces)
    return fill(pattern(pieces), random, ("",), context, "13")[:12]


def _open(part: Part, pieces: tuple[Piece, ...]) -> bool:
    """Whether any text will do for the part; an empty path is a path."""
    return pieces == (Wildcard.RUN,) or (not pieces and part is not Part.PATH)


def _fixed(part: Part, wanted: Pattern, choices: Sequence[str]) -> tuple[str, ...]:
    random = Random(0)  # noqa: S311 (no secret hangs on it)
    return matching(wanted, choices) or (_word(part, wanted, random, {}),)


def _segments(tail: Sequence[Piece], random: Random) -> list[list[Piece]]:
    """The pieces between slashes; a ``*`` takes more segments where four are not there yet."""
    slashes = sum(piece.count("/") for piece in tail if isinstance(piece, str))
    missing = max(0, _TAIL - 1 - slashes)
    runs = [index for index, piece in enumerate(tail) if piece is Wildcard.RUN]
    if missing == 0 and tail[:1] == (Wildcard.RUN,):
        runs = runs[1:]
    stretched = pick(random, runs) if runs else -1
    further = pick(random, (0, 0, 0, 0, 1, 2))
    segments: list[list[Piece]] = [[]]
    for index, piece in enumerate(tail):
        if isinstance(piece, str):
            head, *others = piece.split("/")
            segments[-1].extend([head] if head else [])
            segments.extend([[other] if other else [] for other in others])
            continue
        segments[-1].append(piece)
        if index == stretched:
            segments.extend([[Wildcard.RUN] for _ in range(missing + further)])
    segments.extend([[Wildcard.RUN] for _ in range(_TAIL - len(segments))])
    return segments


def _joined(segments: Sequence[Sequence[Piece]]) -> list[Piece]:
    pieces: list[Piece] = []
    for index, segment in enumerate(segments):
        pieces.extend(["/"] if index else [])
        pieces.extend(segment)
    return pieces
