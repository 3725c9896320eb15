"""A spec with comments, as YAML."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from policycheck.analyse.repair.layout import Json
from policycheck.report.characters import printable

WIDTH = 100
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./ ")


def written(sections: CommentedMap, head: Iterable[str]) -> str:
    """The YAML text; ``head`` are comment lines in front of it."""
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(sections, stream)
    lines = [*(f"# {line}".rstrip() for line in head), *stream.getvalue().split("\n")]
    return "\n".join(map(printable, lines))  # in double quotes its escapes are those of YAML


def flow(value: Json) -> object:
    """A predicate on one line, as people write them."""
    if isinstance(value, Mapping):
        mapping = CommentedMap({_key(key): flow(one) for key, one in value.items()})
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, Sequence) and not isinstance(value, str):
        sequence = CommentedSeq(map(flow, value))
        sequence.fa.set_flow_style()
        return sequence
    return scalar(value)


def _key(name: str) -> str:
    return name if printable(name) == name else DoubleQuotedScalarString(name)


def scalar(value: Json) -> object:
    """A text with quotes if YAML might read something else out of it."""
    if not isinstance(value, str):
        return value
    plain = set(value) <= _PLAIN and value[:1].isalpha() and value == value.strip()
    words = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}
    if plain and value.lower() not in words:
        return value
    return DoubleQuotedScalarString(value)
