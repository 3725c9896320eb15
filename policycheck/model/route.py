"""The routes of an API: which methods there are on which resource paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from policycheck.dataclass import dataclass
from policycheck.model.text import Pattern, Piece, Wildcard, glob, pattern

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
"""The verbs of a request's ARN (semantics A6, X-7)."""

ANY = "ANY"
"""The method of a route that takes every verb."""

_OTHER_SPELLINGS = ("*%*", "*//*", "?*/", "*/./*", "*/../*", "*/.", "*/..")
_PART = r"[A-Za-z0-9._:,-]+"
_PARAMETER = r"\{[A-Za-z0-9._:,-]+(?P<greedy>\+)?\}"
_ROUTE = r"(?P<method>[A-Za-z]+) +(?P<path>\S+)"


@dataclass(frozen=True)
class Route:
    """A method on a resource path: a verb or ``ANY``, and a template such as ``/pets/{petId}``.

    A parameter ``{name}`` stands for one part of a path, a greedy ``{name+}`` at the end for all
    that is left (semantics A6).
    """

    method: str
    path: str

    @classmethod
    def of(cls, method: str, path: str) -> Route | None:
        """The route with this method (in any letter case), None if there can be no such route."""
        upper = method.upper()
        is_path = path == "/" or (path.startswith("/") and _is_template(path[1:].split("/")))
        return cls(upper, path) if upper in {*METHODS, ANY} and is_path else None

    @classmethod
    def parse(cls, text: str) -> Route | None:
        """The route that is written ``METHOD /path``, None if it is none."""
        found = re.fullmatch(_ROUTE, text)
        return cls.of(found["method"], found["path"]) if found else None

    @property
    def methods(self) -> tuple[str, ...]:
        """The verbs that it takes."""
        return METHODS if self.method == ANY else (self.method,)

    @property
    def paths(self) -> Pattern:
        """The paths that it takes, and others with more parts."""
        return pattern(_pieces(self.path))

    @property
    def deeper(self) -> Pattern | None:
        """Paths with more parts than it has, None if it takes those or ``paths`` has none."""
        if "{" not in self.path or "+}" in self.path:
            return None
        return glob("/*" * (self.path.count("/") + 1))

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


Routes = tuple[Route, ...]


@cache
def other_spellings() -> tuple[Pattern, ...]:
    """Paths that may name a resource otherwise than its template does: percent-encoded, with
    slashes or dots too many (semantics U-2)."""
    return tuple(map(glob, _OTHER_SPELLINGS))


def _is_template(parts: list[str]) -> bool:
    """Whether the parts of a path are names or parameters, with nothing behind a greedy one."""
    parameters = [re.fullmatch(_PARAMETER, part) for part in parts]
    pairs = zip(parts, parameters, strict=True)
    are_parts = all(found or re.fullmatch(_PART, part) for part, found in pairs)
    return are_parts and not any(found and found["greedy"] for found in parameters[:-1])


def _pieces(path: str) -> Iterator[Piece]:
    """A parameter is never empty."""
    for index, text in enumerate(re.split(r"\{[^{}]*\}", path)):
        if index:
            yield from (Wildcard.ONE, Wildcard.RUN)
        if text:
            yield text
