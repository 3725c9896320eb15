"""What a project has decided about how its policies are judged."""

from __future__ import annotations

import os
from dataclasses import field, fields, replace
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.diagnostics import Source
from policycheck.model.environment import Authorization, Endpoint, IpAddressType
from policycheck.model.file_glob import is_matched
from policycheck.model.finding import FindingType

NEVER = "never"
FAIL_ON = (*(kind.value for kind in FindingType), NEVER)
"""What ``fail_on`` can be: the type of the mildest finding that fails, or that none does."""


@dataclass(frozen=True)
class Settings:
    """The settings of a configuration; None where it says nothing.

    ``select`` and ``ignore`` name rules (codes, their beginnings, or globs), ``fail_on`` is one of
    ``FAIL_ON``, ``format`` that of results; the others say what is known about the API.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    fail_on: str | None = None
    format: str | None = None
    spec: Path | None = None
    endpoint: Endpoint | None = None
    authorization: Authorization | None = None
    ip_address_type: IpAddressType | None = None

    def under(self, other: Settings) -> Settings:
        """These settings, except where ``other`` says something."""
        said = {one.name: getattr(other, one.name) for one in fields(other)}
        return replace(self, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True)
class Override:
    """Settings for the policies whose paths match one of ``paths`` (``*`` runs across ``/``)."""

    paths: tuple[str, ...]
    settings: Settings


@dataclass(frozen=True)
class Configuration:
    """Settings, and others for some policies; later ones win.

    The paths of ``overrides`` are relative to ``directory``, that of the file they stand in.
    """

    settings: Settings = field(default_factory=Settings)
    overrides: tuple[Override, ...] = ()
    directory: Path = field(default_factory=Path)
    source: Source | None = field(default=None, compare=False, repr=False)

    def overridden(self, policy: str | Path) -> Settings:
        """What the overrides say about the policy at that path, and nothing else."""
        path = os.path.relpath(policy, self.directory).replace(os.sep, "/")
        found = Settings()
        for one in self.overrides:
            if any(is_matched(path, pattern) for pattern in one.paths):
                found = found.under(one.settings)
        return found
