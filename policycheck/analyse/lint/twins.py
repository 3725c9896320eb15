"""Statements about what the caller could have written in a key instead."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from policycheck.model.arn import AnyResource, ApiResource, ArnLike, ArnResource, ResourcePattern
from policycheck.model.condition import Comparing, ConditionEntry, Existing, Relation
from policycheck.model.keys import Key, Presence
from policycheck.model.policy import Statement
from policycheck.model.text import Pattern, TextEquals, TextEqualsIgnoreCase, TextLike, Variable


def twin_of(key: Key) -> Key:
    """A key with the same kind of values that no policy names."""
    name = f"another {key.name}"
    return replace(key, name=name, presence=Presence.OPTIONAL, declared=True)


def with_twin(statement: Statement, key: Key) -> Statement:
    """The statement with the twin of a key wherever it names the key, in variables too."""
    entries = tuple(_entry(one, key) for one in statement.conditions)
    patterns = tuple(_resource(one, key) for one in statement.resource.patterns)
    resource = replace(statement.resource, patterns=patterns)
    return replace(statement, conditions=entries, resource=resource)


def _name(name: str, key: Key) -> str:
    return twin_of(key).name.lower() if name == key.name.lower() else name


def _entry(entry: ConditionEntry, key: Key) -> ConditionEntry:
    match entry:
        case Existing():
            return replace(entry, key=_name(entry.key, key))
        case Comparing():
            relations = tuple(_relation(one, key) for one in entry.relations)
            return replace(entry, key=_name(entry.key, key), relations=relations)
    assert_never(entry)


def _relation(relation: Relation, key: Key) -> Relation:
    match relation:
        case TextEquals() | TextEqualsIgnoreCase() | TextLike():
            return replace(relation, wanted=_pattern(relation.wanted, key))
        case ArnLike():
            return replace(relation, fields=tuple(_pattern(one, key) for one in relation.fields))
        case _:
            return relation


def _resource(resource: ResourcePattern, key: Key) -> ResourcePattern:
    match resource:
        case AnyResource():
            return resource
        case ApiResource():
            return replace(resource, tail=_pattern(resource.tail, key))
        case ArnResource():
            fields = tuple(_pattern(one, key) for one in resource.fields)
            return replace(resource, fields=fields, whole=_pattern(resource.whole, key))
    assert_never(resource)


def _pattern(pattern: Pattern, key: Key) -> Pattern:
    pieces = (
        replace(one, key=_name(one.key, key)) if isinstance(one, Variable) else one
        for one in pattern.pieces
    )
    return Pattern(tuple(pieces))
