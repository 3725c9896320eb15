"""The routes of an API as documents write them.

A document that leaves one of its routes open says nothing of them: what is proved with a list that
lacks one would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from policycheck.dataclass import dataclass
from policycheck.model.route import ANY, METHODS, Route, Routes

Pair = tuple[str | None, str | None]
"""A method and a path; None where it is not known."""

OPEN: Pair = (None, None)
"""A route of which nothing is known."""


def routes(pairs: Iterable[Pair]) -> Routes | None:
    """The routes, each once; None if there is none or one of them is not known."""
    found = [_route(*pair) for pair in pairs]
    known = tuple(dict.fromkeys(one for one in found if one))
    return known if known and None not in found else None


def _route(method: str | None, path: str | None) -> Route | None:
    return Route.of(method, path) if method is not None and path is not None else None


def with_preflight(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The routes, and OPTIONS on each path, which answers preflight requests (CORS)."""
    for method, path in pairs:
        yield method, path
        yield "OPTIONS", path


def is_method(name: str) -> bool:
    """Whether a name is that of a verb or of all of them, in any letter case."""
    return name.upper() in {*METHODS, ANY}


ROOT = "the root resource"
"""What the root of a tree is called instead of its id."""


@dataclass(frozen=True)
class ResourceTree:
    """The resources of an API: for each id that of its parent (or ``ROOT``) and its path part."""

    parents: Mapping[str, tuple[str | None, str | None]]

    def path(self, resource: str | None) -> str | None:
        """The path of a resource; None if it is not known."""
        parts: list[str] = []
        while resource != ROOT:
            parent, part = self.parents.get(resource or "", (None, None))
            if parent is None or part is None or len(parts) > len(self.parents):
                return None
            parts.append(part)
            resource = parent
        return "/" + "/".join(reversed(parts))
