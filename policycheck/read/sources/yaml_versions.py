"""Scalars without quotes that YAML 1.1 and YAML 1.2 read differently.

CloudFormation reads YAML 1.1 without time stamps (CFN/template-formats), where ``yes`` is true and
``0123`` is 83; other tools read YAML 1.2 or something between the two. Sources: the types of
YAML 1.1 (yaml.org/type), YAML 1.2.2, section 10.3.2.
"""

from __future__ import annotations

import re

from policycheck.diagnostics import Diagnostic, InputError
from policycheck.read.document import ListNode, MapNode, Node, NumberNode, TextNode
from policycheck.read.sources.detect import is_yaml

_WORD = r"[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF"
_INTEGER = r"[-+]?0[0-9_]+|[-+]?0[box][0-9a-fA-F_]+|[-+]?[0-9]+_[0-9_]*|\+[0-9]+"
_SIXTIES = r"[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
_FRACTION = r"[-+]?[0-9_]*\.(?:[0-9_]*[0_])?|[-+]?\.[0-9_]+|\+[0-9_]*\.[0-9_]+"
_POWER = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+"
_SPECIAL = r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_AMBIGUOUS = re.compile(f"{_WORD}|{_INTEGER}|{_SIXTIES}|{_FRACTION}|{_POWER}|{_SPECIAL}")


def check_scalars(root: Node) -> None:
    """Raises InputError with every value of a YAML document that is not the same in both."""
    found = _scalars(root)
    if found and is_yaml(root.span.source):
        raise InputError(map(_ambiguous, found))


def _scalars(root: Node) -> list[TextNode | NumberNode]:
    stack, found = [root], []
    while stack:
        match stack.pop():
            case ListNode(items):
                stack.extend(reversed(items))
            case MapNode(entries):
                stack.extend(value for _, value in reversed(entries))
            case (TextNode(written) | NumberNode(written)) as node:
                if written == node.span.text and _AMBIGUOUS.fullmatch(written):
                    found.append(node)
            case _:
                pass
    return found


def _ambiguous(node: TextNode | NumberNode) -> Diagnostic:
    written = node.span.text
    message = f"{written} without quotes is something else in YAML 1.1, which AWS reads"
    advice = f'write "{written}" in quotes, or the value that is meant'
    return Diagnostic("YAML_AMBIGUOUS", message, node.span, "", advice)
