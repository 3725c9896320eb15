"""The rules that policies are judged by: their codes and finding types."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from policycheck.model.finding import FindingType


@cache
def rules(section: str | None = None) -> Mapping[str, FindingType]:
    """The finding type of each code of rules.toml in alphabetical order.

    ``section`` is one of the file's sections; None stands for all of them. Raises KeyError if there
    is no such section.
    """
    text = resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(text)
    chosen = sections.values() if section is None else [sections[section]]
    found = {code: FindingType(one) for rows in chosen for code, one in rows.items()}
    return dict(sorted(found.items()))


def finding_type(code: str) -> FindingType:
    """How bad a finding under ``code`` is. Raises KeyError if there is no such rule."""
    return rules()[code]
