"""Configurations: ``.policycheck.yaml``, or ``[tool.policycheck]`` in ``pyproject.toml``."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from enum import Enum
from pathlib import Path
from typing import TypeVar

from policycheck.diagnostics import Diagnostic, InputError, Source, by_position
from policycheck.model.configuration import FAIL_ON, Configuration, Override, Settings
from policycheck.model.environment import Authorization, Endpoint, IpAddressType
from policycheck.model.file_glob import BRACKETS, LONGEST, is_too_long
from policycheck.read.document import ListNode, MapNode, Node, NullNode, TextNode
from policycheck.read.files import read_source
from policycheck.read.rule_names import check_rules
from policycheck.read.scope import Fields, Scope, named
from policycheck.read.toml_text import parse_toml_table
from policycheck.read.yaml_text import parse_yaml

YAML = ".policycheck.yaml"
TOML = "pyproject.toml"
TABLE = ("tool", "policycheck")
MISNAMED = (".policycheck.yml", ".policycheck.toml", ".policycheck.json", "policycheck.yaml")
"""Names that a configuration does not have; a file of such a name would have no effect."""

OF_POLICIES = (
    "select",
    "ignore",
    "fail_on",
    "spec",
    "endpoint",
    "authorization",
    "ip_address_type",
)
FIELDS = (*OF_POLICIES, "format", "overrides")

_FORM = "write overrides: [{paths: [legacy/*], fail_on: error}]"
_Choice = TypeVar("_Choice", bound=Enum)


def find_configuration(start: Path, formats: Collection[str] | None = None) -> Configuration:
    """The configuration that holds in the directory ``start``; an empty one if there is none.

    Looks in ``start`` and the directories above it, up to the root of the repository (where .git
    is); in ``start`` alone outside of a repository. The nearest one counts. Raises InputError as
    ``load_configuration`` does, and if two stand in one directory.
    """
    for directory in _searched(start):
        _refuse_misnamed(directory)
        yaml, toml = directory / YAML, directory / TOML
        in_toml = toml.is_file() and _has_table(toml)
        if yaml.is_file() and in_toml:
            message = f"{_shown(yaml)} and {_shown(toml)} both hold a configuration"
            raise _failure("TWO_CONFIGURATIONS", message, "keep one of the two")
        if yaml.is_file() or in_toml:
            return load_configuration(toml if in_toml else yaml, formats)
    return Configuration()


def load_configuration(path: Path, formats: Collection[str] | None = None) -> Configuration:
    """The configuration in a YAML file, or in the table tool.policycheck of a .toml file.

    ``formats`` are the formats that there are (None: any). Paths in it are relative to the file's
    directory. Raises InputError with everything that is wrong.
    """
    source = read_source(_shown(path))
    if path.suffix == ".toml":
        node: Node | None = parse_toml_table(source, TABLE)
    else:
        node = parse_yaml(source)
    if node is None:
        message = f"{source.name} has no table [{'.'.join(TABLE)}]"
        raise _failure("NO_CONFIGURATION", message, "add it, or give another file")
    scope = Scope()
    found = _Reader(scope, Path(source.name).parent, formats).read(node, source)
    if scope.diagnostics:
        raise InputError(by_position(scope.diagnostics))
    return found


def _searched(start: Path) -> Iterator[Path]:
    top = start.absolute()
    above = [top, *top.parents]
    root = next((i for i, one in enumerate(above) if (one / ".git").exists()), 0)
    yield from above[: root + 1]


def _refuse_misnamed(directory: Path) -> None:
    for name in MISNAMED:
        if (directory / name).is_file():
            message = f"{_shown(directory / name)} has no effect: no configuration has this name"
            raise _failure("MISNAMED_CONFIGURATION", message, f"call it {YAML}")


def _has_table(path: Path) -> bool:
    """Whether a pyproject.toml configures policycheck; one that never names it is not parsed."""
    source = read_source(_shown(path))
    return TABLE[-1] in source.text and parse_toml_table(source, TABLE) is not None


def _shown(path: Path) -> str:
    """The path as messages show it: relative to the working directory if that is shorter."""
    relative = os.path.relpath(path)
    return min(relative, str(path), key=len)


def _failure(code: str, message: str, advice: str) -> InputError:
    return InputError([Diagnostic(code, message, help=advice)])


class _Reader:
    def __init__(self, scope: Scope, directory: Path, formats: Collection[str] | None) -> None:
        self.scope = scope
        self.directory = directory
        self.formats = formats

    def read(self, node: Node, source: Source) -> Configuration:
        """The configuration of the whole document; an empty one says nothing."""
        if isinstance(node, NullNode):
            return Configuration(directory=self.directory, source=source)
        advice = "write settings like fail_on: error"
        mapping = self.scope.mapping(node, "the configuration, a mapping", advice)
        if mapping is None:
            return Configuration()
        fields = self.scope.fields(mapping, FIELDS, "a configuration")
        overrides = named(fields, "overrides")
        return Configuration(
            self._settings(fields),
            tuple(self._overrides(overrides)) if overrides else (),
            self.directory,
            source,
        )

    def _settings(self, fields: Fields) -> Settings:
        return Settings(
            self._codes(fields, "select"),
            self._codes(fields, "ignore"),
            self._choice(fields, "fail_on", FAIL_ON),
            self._format(fields),
            self._spec(fields),
            self._member(fields, "endpoint", Endpoint),
            self._member(fields, "authorization", Authorization),
            self._member(fields, "ip_address_type", IpAddressType),
        )

    def _codes(self, fields: Fields, name: str) -> tuple[str, ...] | None:
        node = named(fields, name)
        if node is None:
            return None
        if name == "ignore" and isinstance(node, ListNode) and not node.items:
            return ()
        found = self.scope.texts(node, name)
        return tuple(one.value for one in found if check_rules(one, self.scope))

    def _member(self, fields: Fields, name: str, kind: type[_Choice]) -> _Choice | None:
        found = self._choice(fields, name, [str(one.value) for one in kind])
        return kind(found) if found else None

    def _choice(self, fields: Fields, name: str, options: Collection[str]) -> str | None:
        node = named(fields, name)
        return self.scope.choice(node, name, options) if node else None

    def _format(self, fields: Fields) -> str | None:
        if self.formats is not None:
            return self._choice(fields, "format", self.formats)
        node = named(fields, "format")
        text = self.scope.text(node, "format") if node else None
        return text.value if text else None

    def _spec(self, fields: Fields) -> Path | None:
        node = named(fields, "spec")
        text = self.scope.text(node, "spec", "write the path of a spec") if node else None
        return self.directory / text.value if text else None

    def _overrides(self, node: Node) -> Iterator[Override]:
        if not isinstance(node, ListNode):
            self.scope.mismatch(node, "overrides, a list", _FORM)
            return
        for item in node.items:
            mapping = self.scope.mapping(item, "an override, a mapping", _FORM)
            if mapping:
                yield self._override(mapping)

    def _override(self, mapping: MapNode) -> Override:
        fields = self.scope.fields(mapping, ("paths", *OF_POLICIES), "an override", _no_format)
        paths = named(fields, "paths")
        if paths is None:
            self.scope.missing(mapping, "paths", "this override", _FORM)
        patterns = self.scope.texts(paths, "paths") if paths else ()
        return Override(tuple(map(self._glob, patterns)), self._settings(fields))

    def _glob(self, text: TextNode) -> str:
        if is_too_long(text.value):
            message = f"a path of more than {LONGEST} characters, or {BRACKETS} brackets"
            self.scope.error("PATH_TOO_LONG", message, text.span, "", "write several shorter ones")
        return text.value


def _no_format(name: str) -> str:
    return "results have one format; set it outside of overrides" if name == "format" else ""
