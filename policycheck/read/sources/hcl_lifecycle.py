"""Whether what a block of Terraform says is what stands in the end.

Sources: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle (what
``ignore_changes`` names is set once and never again), .../meta-arguments/count and .../for_each
(a count of 0 and an empty collection make nothing).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.read.document import ListNode, MapNode, Node, NumberNode
from policycheck.read.sources.hcl_files import Block

Value = Callable[[Block, str], Node | None]
"""Works out an attribute of a block; None if the block does not have it."""

_NAME = re.compile(r"\w+")
_PLAN = "check what is deployed: terraform show -json of a plan or the state"


def is_ignored(block: Block, argument: str) -> bool:
    """Whether Terraform leaves an argument as it is once the resource is there."""
    inside = (one for one in block.blocks() if one.type == "lifecycle")
    found = [one.attribute("ignore_changes") for one in inside]
    names = {name for one in found if one for name in _NAME.findall((one.text or b"").decode())}
    return not names.isdisjoint({argument, "all"})


def check_lasting(block: Block, argument: str) -> None:
    """Raises InputError if another value of an argument may be deployed than the one written."""
    if is_ignored(block, argument):
        message = f"ignore_changes has {argument}, so that another one may be deployed than this"
        raise InputError([Diagnostic("IGNORED_CHANGES", message, block.span, "", _PLAN)])


def check_made(block: Block, value: Value) -> None:
    """Raises InputError if a block makes no resource at all."""
    for name in ("count", "for_each"):
        if _is_none(value(block, name)):
            message = f"{name} makes none of it, so that this policy is not deployed"
            advice = "give what it depends on, such as --parameter var.enabled=true"
            raise InputError([Diagnostic("NOT_DEPLOYED", message, block.span, "", advice)])


def _is_none(node: Node | None) -> bool:
    match node:
        case NumberNode(text):
            return text == "0"
        case ListNode(items) | MapNode(items):
            return not items
        case _:
            return False
