"""Edits that correct what is probably a slip in a statement, whatever the assertion."""

from __future__ import annotations

from collections.abc import Iterator

from policycheck.analyse.repair.edits import (
    AddConditions,
    Edit,
    Entry,
    ExtendValues,
    ReplaceKey,
    ReplaceOperator,
    ReplaceResource,
)
from policycheck.analyse.repair.problem import Problem
from policycheck.analyse.repair.targets import verbs
from policycheck.concrete.spelling import spell_relation, spell_resource
from policycheck.diagnostics import nearest
from policycheck.model.address import AddressIn, Family
from policycheck.model.condition import Comparing, ConditionEntry, Existing
from policycheck.model.environment import Endpoint
from policycheck.model.keys import Key, aws_keys
from policycheck.model.policy import Statement
from policycheck.model.route import METHODS
from policycheck.read.operators import OperatorFamily, fitting, parse_operator

_STRICTER = (
    ("LessThanEquals", "LessThan"),
    ("GreaterThanEquals", "GreaterThan"),
)
_EVERYBODY = {Family.V4: "0.0.0.0/0", Family.V6: "::/0"}
_BY_ENDPOINT: dict[Endpoint | None, tuple[tuple[str, str], ...]] = {
    Endpoint.PRIVATE: (("aws:sourceip", "aws:VpcSourceIp"),),
    Endpoint.EDGE: (("aws:vpcsourceip", "aws:SourceIp"),),
    Endpoint.REGIONAL: (("aws:vpcsourceip", "aws:SourceIp"),),
}
"""The key that stands for another one on an endpoint of a type (semantics D2)."""


def corrections(problem: Problem, statement: Statement) -> Iterator[Edit]:
    """Other keys, operators, families of addresses and spellings of resources."""
    for entry in statement.conditions:
        yield from _keys(problem, statement, entry)
        yield from _operators(statement, entry)
        yield from _families(statement, entry)
    yield from _resources(problem, statement)


def _keys(problem: Problem, statement: Statement, entry: ConditionEntry) -> Iterator[Edit]:
    """The key of the endpoint, the one that the spec names, the one spelled most alike."""
    wanted: list[str] = []
    endpoint = problem.spec.environment.endpoint
    wanted += [new for old, new in _BY_ENDPOINT.get(endpoint, ()) if old == entry.key]
    family = parse_operator(entry.operator).base.family
    if problem.spec.environment.keys.find(entry.key) is None:
        alike = [
            e.key for e in problem.literals if parse_operator(e.operator).base.family is family
        ]
        names = {key.name for key in aws_keys().values() if _takes(key, family)}
        close = nearest(entry.spelled, names)
        wanted += [*alike, *([close] if close else [])]
    for key in dict.fromkeys(wanted):
        if key.lower() != entry.key:
            yield ReplaceKey(statement.index, entry.operator, entry.spelled, key)


def _takes(key: Key, family: OperatorFamily) -> bool:
    return family is OperatorFamily.NULL or family in fitting(key)


def _operators(statement: Statement, entry: ConditionEntry) -> Iterator[Edit]:
    if isinstance(entry, Existing):
        return
    for wanted in _other_operators(entry):
        yield ReplaceOperator(statement.index, entry.operator, entry.spelled, wanted)


def _other_operators(entry: Comparing) -> Iterator[str]:
    """With the bound or without, with wildcards, for keys that may be absent, for some value."""
    operator = parse_operator(entry.operator)
    prefix = f"{operator.quantifier.value}:" if operator.quantifier else ""
    suffix = "IfExists" if operator.if_exists else ""
    name = operator.base.name
    for wide, narrow in _STRICTER:
        if name.endswith(wide):
            yield prefix + name.removesuffix(wide) + narrow + suffix
        elif name.endswith(narrow):
            yield prefix + name.removesuffix(narrow) + wide + suffix
    values = tuple(map(spell_relation, entry.relations))
    if name in {"StringEquals", "StringNotEquals"} and any("*" in one for one in values):
        yield prefix + name.replace("Equals", "Like") + suffix
    yield prefix + name + ("" if suffix else "IfExists")
    if prefix:
        yield f"ForAnyValue:{name}{suffix}" if "ForAll" in prefix else name + suffix


def _families(statement: Statement, entry: ConditionEntry) -> Iterator[Edit]:
    """All addresses of the family that a list of blocks lacks."""
    blocks = [one for one in getattr(entry, "relations", ()) if isinstance(one, AddressIn)]
    present = {one.family for one in blocks}
    for family, everybody in _EVERYBODY.items():
        if present and family not in present:
            yield ExtendValues(statement.index, entry.operator, entry.spelled, (everybody,))


def missing_key_guards(statement: Statement) -> Iterator[Edit]:
    """A condition that a key is there, for operators that hold where it is not."""
    for entry in statement.conditions:
        if isinstance(entry, Comparing) and (entry.negated or entry.if_exists):
            there = Entry("Null", entry.spelled, ("false",))
            yield AddConditions(statement.index, (there,))


def _resources(problem: Problem, statement: Statement) -> Iterator[Edit]:
    for index, entry in enumerate(statement.resource.patterns):
        for resources in _other_resources(problem, spell_resource(entry)):
            yield ReplaceResource(statement.index, index, resources)


def _other_resources(problem: Problem, text: str) -> Iterator[tuple[str, ...]]:
    """With what is missing at the end, a method for ANY, methods for ``*``, a path in two."""
    head, slash, tail = text.partition("/")
    if text == "*" or not slash:
        return
    parts = tail.split("/", 2)
    stage, method = parts[0], parts[1] if len(parts) > 1 else ""
    if not tail.endswith("*") and tail.rstrip("/").count("/") < 2:
        yield (f"{text.rstrip('/')}/*",)
    path = parts[2] if len(parts) > 2 else ""
    if method == "ANY":
        yield (f"{head}/{stage}/*/{path}" if path else f"{head}/{stage}/*",)
    if path and (method == "ANY" or "*" in method or stage == "*"):
        yield from _anchored(problem, f"{head}/", stage, method.replace("ANY", "*"), path)
    if text.endswith("*") and path and not text.endswith(("/*", "**")):
        yield (text[:-1], f"{text[:-1]}/*")


def _anchored(
    problem: Problem, api: str, stage: str, method: str, path: str
) -> Iterator[tuple[str, ...]]:
    """The stages and methods in place of their wildcards, which run across slashes."""
    methods = verbs([method]) if "*" in method else (method,)
    named = problem.spec.environment.stages if stage == "*" else (stage,)
    stages = named or (stage,)
    for chosen in (methods, *_named_methods(problem, methods)):
        yield tuple(f"{api}{one}/{verb}/{path}" for one in stages for verb in chosen)


def _named_methods(problem: Problem, methods: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The methods that the spec demands to be open, if they are fewer."""
    wanted: set[str] = set()
    for assertion in problem.opening():
        for clause in problem.clauses(assertion, holds=True):
            wanted.update(
                v for part, g in clause.target.parts if part.value == "method" for v in verbs(g)
            )
    found = tuple(one for one in METHODS if one in wanted and one in methods)
    if found and found != methods:
        yield found
