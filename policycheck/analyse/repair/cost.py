"""What repairs are ordered by.

Repairs after which nobody gets in at all come last, whatever else they are. Otherwise the number
of edits comes first. Of repairs with equally many, those come first that open nothing
that no assertion demands; then those that correct what looks like a slip, before those that say
something new; then those without long lists; then those that take least away. Where one takes
neither less nor more than the other, these weights tell: an edit of what is there before a further
condition, that before a further statement, and that before one less.
"""

from __future__ import annotations

from policycheck.analyse.repair.edits import (
    AddConditions,
    AddResources,
    AddStatement,
    Edit,
    ExtendValues,
    RemoveCondition,
    RemoveStatement,
    ReplaceKey,
    ReplaceOperator,
    ReplaceResource,
    ReplaceValues,
)

WEIGHTS: dict[type[Edit], int] = {
    ReplaceKey: 1,
    ReplaceOperator: 1,
    ExtendValues: 2,
    ReplaceResource: 3,
    AddResources: 3,
    ReplaceValues: 3,
    AddConditions: 4,
    AddStatement: 5,
    RemoveCondition: 6,
    RemoveStatement: 7,
}

SHORT = 4
"""A list of more resources is a long one."""


def weight(edits: tuple[Edit, ...]) -> int:
    """The weight of some edits together."""
    return sum(WEIGHTS[type(one)] for one in edits)


def is_long(edit: Edit) -> bool:
    """Whether the edit writes a long list of resources."""
    match edit:
        case AddStatement():
            resources = edit.elements.get("Resource")
            return isinstance(resources, list) and len(resources) > SHORT
        case AddResources(resources=added) | ReplaceResource(resources=added):
            return len(added) > SHORT
        case _:
            return False
