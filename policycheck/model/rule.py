"""The rules that policies are judged by: their codes, finding types and pages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.model.file_glob import is_matched
from policycheck.model.finding import FindingType

_WILD = frozenset("*?[")


@dataclass(frozen=True)
class Rule:
    """A rule with its page: ``summary`` is the one sentence, ``page`` all of it, in Markdown."""

    code: str
    type: FindingType
    summary: str
    page: str = field(repr=False)


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    text = Path(__file__).with_name("rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def sections() -> tuple[str, ...]:
    """The sections of rules.toml, in order."""
    return tuple(_table())


@cache
def rules(section: str | None = None) -> Mapping[str, FindingType]:
    """The finding type of each code of rules.toml, in alphabetical order.

    ``section`` is one of the file's sections; None stands for all of them. Raises KeyError if there
    is no such section.
    """
    chosen = _table().values() if section is None else [_table()[section]]
    found = {code: FindingType(one) for rows in chosen for code, one in rows.items()}
    return dict(sorted(found.items()))


def finding_type(code: str) -> FindingType:
    """How bad a finding under ``code`` is. Raises KeyError if there is no such rule."""
    return rules()[code]


def named_by(pattern: str) -> tuple[str, ...]:
    """The codes that ``pattern`` names: itself, those that match a glob, or begin with it.

    Case does not matter. A code names itself alone, although others may begin with it.
    """
    wanted = pattern.upper()
    if wanted in rules():
        return (wanted,)
    if _WILD & set(wanted):
        return tuple(code for code in rules() if is_matched(code, wanted))
    return tuple(code for code in rules() if wanted and code.startswith(wanted))
