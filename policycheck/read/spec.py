"""Specs: what is known about an API, and what its policy must guarantee (contract section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from policycheck.diagnostics import Diagnostic, InputError, Level, Source
from policycheck.model.assertion import Assertion, Spec
from policycheck.model.environment import Environment
from policycheck.model.workflow import Workflow
from policycheck.read.assertions import Assertions
from policycheck.read.document import MapNode, Node, NumberNode, TextNode
from policycheck.read.environment import declared_keys, environment
from policycheck.read.files import STDIN, read_source
from policycheck.read.json_text import parse_json
from policycheck.read.predicates import Predicates
from policycheck.read.scope import Fields, Scope, named
from policycheck.read.yaml_text import parse_yaml

VERSION = "1"
FIELDS = ("version", "api", "define", "keys", "workflow", "assertions")

_FORM = "write version: 1 and assertions: [...]"


def load_spec(path: str | Path) -> Spec:
    """The spec in a YAML or JSON file, or on standard input if ``path`` is ``-``.

    Policies that it compares with are relative to the file's directory. Raises InputError with
    everything that is wrong.
    """
    directory = Path() if str(path) == STDIN else Path(path).parent
    return parse_spec(read_source(path), directory)


def load_environment(path: str | Path) -> Environment:
    """What the spec in a file, or on standard input if ``path`` is ``-``, says of its API.

    It needs no assertions, and those that it has are not read. Raises InputError with everything
    that is wrong with the other sections.
    """
    directory = Path() if str(path) == STDIN else Path(path).parent
    return parse_environment(read_source(path), directory)


def parse_environment(source: Source, directory: Path) -> Environment:
    """What the text of a spec says of its API, of further keys and of callers.

    Files that it names are below ``directory``. Raises InputError as :func:`load_environment` does.
    """
    scope = Scope()
    mapping = scope.mapping(_document(source), "a spec, a mapping", "write version: 1 and api: {}")
    known = Environment()
    if mapping is not None:
        fields = scope.fields(mapping, FIELDS, "a spec")
        _check_version(mapping, fields, scope)
        keys = declared_keys(named(fields, "keys"), scope)
        known = environment(named(fields, "api"), keys, scope)
        inner = scope.knowing(keys, known.stages)
        known, _ = _workflow(fields, known, inner, directory)
        Predicates(inner, _definitions(named(fields, "define"), inner)).definitions()
    if any(one.level is Level.ERROR for one in scope.diagnostics):
        raise InputError(sorted(scope.diagnostics, key=lambda one: _position(one, source)))
    return known


def parse_spec(source: Source, directory: Path) -> Spec:
    """The spec that a YAML or JSON text is; policies to compare with are below ``directory``.

    Warnings go with the spec. Raises InputError with every error and warning: those of the spec
    by position, then those of the policies.
    """
    scope = Scope()
    node = _document(source)
    found = _spec(node, scope, directory)
    ordered = sorted(scope.diagnostics, key=lambda one: _position(one, source))
    if found is None or any(one.level is Level.ERROR for one in ordered):
        raise InputError(ordered)
    assertions, known, workflow = found
    return Spec(assertions, known, source, tuple(ordered), workflow)


def _document(source: Source) -> Node:
    """JSON has its own parser, as its messages are better and YAML takes not all of it."""
    return parse_json(source) if source.name.endswith(".json") else parse_yaml(source)


def _position(diagnostic: Diagnostic, source: Source) -> tuple[bool, int]:
    span = diagnostic.span
    return (span.source is not source, span.start) if span else (True, 0)


def _spec(
    node: Node, outer: Scope, directory: Path
) -> tuple[tuple[Assertion, ...], Environment, Workflow | None] | None:
    mapping = outer.mapping(node, "a spec, a mapping", _FORM)
    if mapping is None:
        return None
    fields = outer.fields(mapping, FIELDS, "a spec")
    _check_version(mapping, fields, outer)
    keys = declared_keys(named(fields, "keys"), outer)
    known = environment(named(fields, "api"), keys, outer)
    scope = outer.knowing(keys, known.stages)
    known, workflow = _workflow(fields, known, scope, directory)
    predicates = Predicates(scope, _definitions(named(fields, "define"), scope))
    predicates.definitions()
    assertions = named(fields, "assertions")
    if assertions is None:
        scope.missing(mapping, "assertions", "this spec", _FORM)
        return None
    read = Assertions(scope, predicates, directory).read(assertions)
    for name in () if scope.has_errors else predicates.unused():
        message = f"no assertion uses the definition {name.value}"
        scope.warn("UNUSED_DEFINITION", message, name.span, "unused", "use it, or take it out")
    return read, known, workflow


def _workflow(
    fields: Fields, known: Environment, scope: Scope, directory: Path
) -> tuple[Environment, Workflow | None]:
    """The environment with what the section ``workflow`` says of callers, and the workflow."""
    node, api = named(fields, "workflow"), named(fields, "api")
    if node is None:
        return known, None
    from policycheck.read.workflow import Workflows  # noqa: PLC0415 -- few specs have one

    is_said = isinstance(api, MapNode) and api.get("authorization") is not None
    said = known.authorization if is_said else None
    found = Workflows(scope, directory, said).read(node, known)
    if found is None:
        return known, None
    told = replace(found[1], said=found[1].said | {"authorization"})
    return told, found[0]


def _check_version(mapping: MapNode, fields: Fields, scope: Scope) -> None:
    node = named(fields, "version")
    if node is None:
        scope.missing(mapping, "version", "this spec", f"write version: {VERSION}")
    elif not isinstance(node, NumberNode):
        scope.mismatch(node, "version, a number", f"write version: {VERSION}, without quotes")
    elif node.text != VERSION:
        message = f"there is no version {node.text} of specs"
        scope.error("UNSUPPORTED_VERSION", message, node.span, "", f"write version: {VERSION}")


def _definitions(node: Node | None, scope: Scope) -> Mapping[str, tuple[TextNode, Node]]:
    advice = "write define: {name: {stage: prod}}, or take it out"
    mapping = scope.mapping(node, "define, a mapping of predicates", advice) if node else None
    return {key.value: (key, value) for key, value in mapping.entries} if mapping else {}
