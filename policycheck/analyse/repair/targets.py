"""Sets of methods that a spec's predicate names, as patterns of a Resource element."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import product

from policycheck.analyse.repair.opposites import UnsayableError
from policycheck.dataclass import dataclass
from policycheck.model.environment import Environment
from policycheck.model.predicate import Part, PartLike, ResourceLike
from policycheck.model.route import METHODS

MOST_RESOURCES = 64
"""The most patterns that one written element may have."""

_ANY_PATH = "/*"
_API_PARTS = (Part.PARTITION, Part.REGION, Part.ACCOUNT, Part.API_ID)


@dataclass(frozen=True)
class Target:
    """Requests each of whose parts is one of the globs given for it; parts not named are open.

    ``whole`` are patterns of whole ARNs instead, if there are any.
    """

    parts: tuple[tuple[Part, tuple[str, ...]], ...] = ()
    whole: tuple[str, ...] = ()

    @property
    def by_part(self) -> Mapping[Part, tuple[str, ...]]:
        """The globs of each part that is named."""
        return dict(self.parts)

    @property
    def everything(self) -> bool:
        """Whether nothing is named."""
        return not (self.parts or self.whole)


EVERYTHING = Target()


def target_of(leaves: Iterable[PartLike | ResourceLike]) -> Target:
    """The target that any of some leaves names; they are about one part or about whole ARNs.

    Raises UnsayableError if they are about several parts, or about both.
    """
    found = list(leaves)
    texts = tuple(str(one.wanted) for one in found)
    parts = {one.part for one in found if isinstance(one, PartLike)}
    if not parts:
        return Target((), texts)
    if len(parts) > 1 or any(isinstance(one, ResourceLike) for one in found):
        raise UnsayableError("alternatives of several parts of a resource")
    return Target(((parts.pop(), texts),))


def both(one: Target, other: Target) -> Target:
    """The requests of both targets. Raises UnsayableError."""
    if one.everything or other.everything:
        return other if one.everything else one
    if one.whole or other.whole:
        raise UnsayableError("the intersection of several patterns of resources")
    merged = dict(one.parts)
    for part, globs in other.parts:
        merged[part] = _common(merged[part], globs) if part in merged else globs
    return Target(tuple(merged.items()))


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The globs of each side that are within one of the other, as far as texts show it."""
    kept = [text for text in one if any(covers(wide, text) for wide in other)]
    kept += [text for text in other if text not in kept and any(covers(w, text) for w in one)]
    if not kept:
        raise UnsayableError("the intersection of several patterns of one part")
    return tuple(kept)


def covers(glob: str, text: str) -> bool:
    """Whether a glob matches a text, or every text that another glob matches.

    A wildcard of ``text`` is matched as the character that it is written with, by a wildcard
    alone: enough to say yes, not to say no.
    """
    pattern = "".join({"*": ".*", "?": "[^*]"}.get(c, re.escape(c)) for c in glob)
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def verbs(globs: Iterable[str]) -> tuple[str, ...]:
    """The methods that the globs match."""
    wanted = list(globs)
    return tuple(one for one in METHODS if any(covers(glob, one) for glob in wanted))


@dataclass(frozen=True)
class Naming:
    """How resources are written for an API: by its ARN ``api``, or by the shorthand if empty."""

    known: Environment
    api: str = ""

    def resources(self, target: Target, *, exact: bool = False) -> tuple[str, ...]:
        """The patterns of a target. Raises UnsayableError.

        A ``*`` for the stage or the method before a path runs across slashes, so the patterns
        match more than the target does; ``exact`` lists the stages, if they are known, and the
        methods instead.
        """
        if target.whole:
            return target.whole
        parts = target.by_part
        apis = self._apis(parts)
        stages, methods, paths = self._inside(parts, exact=exact)
        if len(apis) * len(stages) * len(methods) * len(paths) > MOST_RESOURCES:
            raise UnsayableError(f"more than {MOST_RESOURCES} patterns of resources")
        return tuple(
            f"{api}/{_tail(stage, method, path)}"
            for api, stage, method, path in product(apis, stages, methods, paths)
        )

    def _apis(self, parts: Mapping[Part, tuple[str, ...]]) -> tuple[str, ...]:
        if not any(part in parts for part in _API_PARTS):
            return (self.api or "execute-api:",)
        wanted = (parts.get(part, ("*",)) for part in _API_PARTS)
        return tuple(f"arn:{p}:execute-api:{r}:{a}:{i}" for p, r, a, i in product(*wanted))

    def _inside(
        self, parts: Mapping[Part, tuple[str, ...]], *, exact: bool
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        stages = parts.get(Part.STAGE, ("*",))
        paths = parts.get(Part.PATH, (_ANY_PATH,))
        methods = verbs(parts[Part.METHOD]) if Part.METHOD in parts else ("*",)
        if methods == METHODS:
            methods = ("*",)
        if exact:
            narrow = Part.METHOD in parts or Part.PATH in parts
            if stages == ("*",) and self.known.stages and narrow:
                stages = self.known.stages
            if methods == ("*",) and Part.PATH in parts:
                methods = METHODS
        return stages, methods, paths


def _tail(stage: str, method: str, path: str) -> str:
    if path != _ANY_PATH:
        return f"{stage}/{method}{path}"
    if method != "*":
        return f"{stage}/{method}/*"
    return f"{stage}/*" if stage != "*" else "*"


def without(target: Target, known: Environment) -> tuple[Target, ...]:
    """Targets that together hold what ``target`` does not, part by part. Raises UnsayableError.

    Methods are seven, and stages can be listed if the spec lists them.
    """
    if target.whole:
        raise UnsayableError("every resource but some")
    return tuple(_complement(part, globs, known) for part, globs in target.parts)


def _complement(part: Part, globs: tuple[str, ...], known: Environment) -> Target:
    if part is Part.METHOD:
        others = tuple(one for one in METHODS if one not in verbs(globs))
    elif part is Part.STAGE and known.stages:
        others = tuple(s for s in known.stages if not any(covers(g, s) for g in globs))
    else:
        raise UnsayableError(f"every {part.value} but some")
    if not others:
        raise UnsayableError(f"every {part.value} but all")
    return Target(((part, others),))
