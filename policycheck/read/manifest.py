"""Manifests: which policies are judged, and by what."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path

from policycheck.dataclass import dataclass
from policycheck.diagnostics import InputError, Level, Source
from policycheck.model.manifest import Entry, Manifest
from policycheck.read.document import ListNode, MapNode, Node, NumberNode, TextNode
from policycheck.read.files import STDIN, read_source
from policycheck.read.json_text import parse_json
from policycheck.read.scope import Fields, Scope, named
from policycheck.read.yaml_text import parse_yaml

VERSION = "1"
FIELDS = ("version", "defaults", "policies")
DEFAULTS = ("spec", "assertions", "timeout")
ENTRY = ("policy", *DEFAULTS)
LIMIT = 64 * 1_048_576
"""The longest manifest that is read, in bytes."""

_FORM = "write version: 1 and policies: [{policy: policy.json, spec: spec.yaml}]"
_ENTRY_FORM = "write {policy: policy.json, spec: spec.yaml}, or the path alone"


def load_manifest(path: str | Path) -> Manifest:
    """The manifest in a YAML or JSON file, or on standard input if ``path`` is ``-``.

    Paths in it are relative to its directory. Raises InputError with everything that is wrong.
    """
    directory = Path() if str(path) == STDIN else Path(path).parent
    return parse_manifest(read_source(path, limit=LIMIT), directory)


def parse_manifest(source: Source, directory: Path) -> Manifest:
    """The manifest that a text is; its paths are relative to ``directory``.

    Raises InputError with everything that is wrong.
    """
    scope = Scope()
    node = parse_json(source) if source.name.endswith(".json") else parse_yaml(source)
    entries = tuple(_Manifest(scope, directory).entries(node))
    if any(one.level is Level.ERROR for one in scope.diagnostics):
        raise InputError(scope.diagnostics)
    return Manifest(entries)


@dataclass(frozen=True)
class _Manifest:
    """The reader of manifests."""

    scope: Scope
    directory: Path

    def entries(self, node: Node) -> Iterator[Entry]:
        """The entries; every mistake is noted in the scope."""
        mapping = self.scope.mapping(node, "a manifest, a mapping", _FORM)
        if mapping is None:
            return
        fields = self.scope.fields(mapping, FIELDS, "a manifest")
        self._check_version(mapping, fields)
        defaults = self._defaults(named(fields, "defaults"))
        policies = named(fields, "policies")
        if policies is None:
            self.scope.missing(mapping, "policies", "this manifest", _FORM)
        elif not isinstance(policies, ListNode):
            self.scope.mismatch(policies, "policies, a list", _FORM)
        elif not policies.items:
            message = "a manifest without a policy"
            self.scope.error("EMPTY_LIST", message, policies.span, "empty", _FORM)
        else:
            for item in policies.items:
                yield from self._entry(item, defaults)

    def _check_version(self, mapping: MapNode, fields: Fields) -> None:
        node = named(fields, "version")
        if node is None:
            self.scope.missing(mapping, "version", "this manifest", f"write version: {VERSION}")
        elif not isinstance(node, NumberNode) or node.text != VERSION:
            message = "this is no version of manifests"
            advice = f"write version: {VERSION}"
            self.scope.error("UNSUPPORTED_VERSION", message, node.span, "", advice)

    def _defaults(self, node: Node | None) -> Entry:
        if node is None:
            return Entry("")
        mapping = self.scope.mapping(node, "defaults, a mapping", "write {spec: spec.yaml}")
        fields = self.scope.fields(mapping, DEFAULTS, "defaults") if mapping else {}
        return self._with(Entry(""), None, fields)

    def _entry(self, item: Node, defaults: Entry) -> Iterator[Entry]:
        if isinstance(item, TextNode):
            policy, fields = self.scope.text(item, "policy"), {}
        else:
            mapping = self.scope.mapping(item, "an entry, a mapping", _ENTRY_FORM)
            if mapping is None:
                return
            fields = self.scope.fields(mapping, ENTRY, "an entry")
            node = named(fields, "policy")
            if node is None:
                self.scope.missing(mapping, "policy", "this entry", _ENTRY_FORM)
            policy = self.scope.text(node, "policy") if node else None
        if policy is not None and policy.value == STDIN:
            message = "the policies of a manifest cannot come from standard input"
            self.scope.error("INVALID_VALUE", message, policy.span, "", "write a path")
        elif policy is not None:
            yield self._with(defaults, policy, fields)

    def _with(self, defaults: Entry, policy: TextNode | None, fields: Fields) -> Entry:
        """The entry for a policy: what its fields say, otherwise what the defaults say."""
        spec = self._spec(named(fields, "spec"))
        wanted = tuple(self._assertions(named(fields, "assertions")))
        timeout = self._timeout(named(fields, "timeout"))
        return Entry(
            self._path(policy) if policy else "",
            Path(self._path(spec)) if spec else defaults.spec,
            tuple(one.value for one in wanted) or defaults.assertions,
            defaults.timeout if timeout is None else timeout,
            policy.span if policy else None,
            spec.span if spec else defaults.spec_span,
            tuple(one.span for one in wanted) or defaults.assertion_spans,
        )

    def _path(self, text: TextNode) -> str:
        return os.path.normpath(self.directory / text.value)

    def _spec(self, node: Node | None) -> TextNode | None:
        return self.scope.text(node, "spec", "write the path of a spec") if node else None

    def _assertions(self, node: Node | None) -> Iterator[TextNode]:
        if node is not None:
            yield from self.scope.texts(node, "assertions")

    def _timeout(self, node: Node | None) -> float | None:
        if node is None:
            return None
        advice = "write a number of seconds: timeout: 10"
        if not isinstance(node, NumberNode):
            self.scope.mismatch(node, "timeout, a number", advice)
            return None
        try:
            seconds = float(node.text)
        except ValueError:
            seconds = math.nan
        if math.isfinite(seconds) and seconds > 0:
            return seconds
        message = f"a timeout of {node.text} seconds"
        self.scope.error("INVALID_VALUE", message, node.span, "", advice)
        return None
