"""A plugin for pytest: the assertions of specs are tests.

Each line of the ini option ``policycheck`` is ``POLICY... SPEC``: files or globs, relative to the
root directory. A spec is collected where pytest finds its file, or where it is named.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import policycheck as pc

INI = "policycheck"
TIMEOUT = "policycheck_timeout"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the ini options."""
    parser.addini(INI, "POLICY... SPEC: assertions that are tests", type="linelist", default=[])
    parser.addini(TIMEOUT, "seconds that one assertion may take", default="60")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The spec in a file that a line of the option names."""
    root = parent.config.rootpath
    policies = [
        pattern
        for line in parent.config.getini(INI)
        if (words := shlex.split(line)) and file_path in _named(root, words[-1])
        for pattern in words[:-1]
    ]
    if not policies:
        return None
    return SpecFile.from_parent(parent, path=file_path, patterns=policies)


def _named(root: Path, pattern: str) -> list[Path]:
    """The files that a path or a glob names; a path that is not there names itself."""
    if not any(char in pattern for char in "*?["):
        return [root / pattern]
    return sorted(root.glob(pattern))


class SpecFile(pytest.File):
    """A spec: a node for each policy."""

    def __init__(self, *, patterns: list[str], **rest: Any) -> None:
        super().__init__(**rest)
        self.patterns = patterns

    def collect(self) -> Iterator[pytest.Collector]:
        """The policies, in the order in which they are named."""
        import policycheck as pc  # noqa: PLC0415 -- runs without specs load nothing

        try:
            spec = pc.load_spec(self.path)
        except pc.InputError as error:
            raise self.CollectError(str(error)) from None
        root = self.config.rootpath
        for pattern in self.patterns:
            found = _named(root, pattern)
            if not found:
                raise self.CollectError(f"no policy is named {pattern}")
            for path in found:
                name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
                yield PolicyNode.from_parent(self, name=name, policy=path, spec=spec)


class PolicyNode(pytest.Collector):
    """A policy: a test for each assertion of the spec."""

    def __init__(self, *, policy: Path, spec: pc.Spec, **rest: Any) -> None:
        super().__init__(**rest)
        self.policy, self.spec = policy, spec

    def collect(self) -> Iterator[pytest.Item]:
        """The tests, in the order of the spec."""
        for one in self.spec.assertions:
            yield AssertionItem.from_parent(
                self, name=one.id, policy=self.policy, spec=self.spec, wanted=one
            )


class AssertionItem(pytest.Item):
    """One assertion about one policy."""

    def __init__(self, *, policy: Path, spec: pc.Spec, wanted: pc.Assertion, **rest: Any) -> None:
        super().__init__(**rest)
        self.policy, self.spec, self.wanted = policy, spec, wanted

    def runtest(self) -> None:
        """Proves it. Raises AssertionError with the counterexample."""
        from dataclasses import replace  # noqa: PLC0415

        import policycheck as pc  # noqa: PLC0415
        from policycheck.testing import judge  # noqa: PLC0415

        spec = replace(self.spec, assertions=(self.wanted,))
        judge(pc.load_policy(self.policy), spec, float(self.config.getini(TIMEOUT)))

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        """The counterexample, or what is wrong with the input, without a traceback."""
        import policycheck as pc  # noqa: PLC0415

        if isinstance(excinfo.value, AssertionError | pc.InputError):
            return str(excinfo.value).strip("\n")
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The assertion's place in the spec."""
        span = self.wanted.span
        return self.parent.path, span.line - 1 if span else None, self.name  # type: ignore[union-attr]
