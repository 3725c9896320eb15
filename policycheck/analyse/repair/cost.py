"""What an edit costs, besides being one edit more.

Repairs are ordered by the number of their edits; then come those that open nothing that no
assertion demands; then the lighter ones by these weights: an edit of what is there before a further
condition, that before a further statement, and that before one less; and then those that take
least away.
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
    return sum(WEIGHTS[type(one)] + _length(one) for one in edits)


def _length(edit: Edit) -> int:
    """One more for a statement with a long list of resources."""
    if not isinstance(edit, AddStatement):
        return 0
    resources = edit.elements.get("Resource")
    return int(isinstance(resources, list) and len(resources) > SHORT)
