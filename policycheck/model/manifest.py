"""A list of policies with what each of them is judged by."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Span


@dataclass(frozen=True)
class Entry:
    """One line of a manifest.

    ``policy`` is the path of a policy, of a directory, or a glob; it and ``spec`` are relative to
    the working directory here. ``assertions`` are those of the spec that are wanted; all if there
    is none. ``timeout`` is in seconds; None where the manifest does not say it.
    """

    policy: str
    spec: Path | None = None
    assertions: tuple[str, ...] = ()
    timeout: float | None = None
    span: Span | None = field(default=None, compare=False, repr=False)
    spec_span: Span | None = field(default=None, compare=False, repr=False)
    assertion_spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Manifest:
    """The entries of a manifest, in the author's order."""

    entries: tuple[Entry, ...]
