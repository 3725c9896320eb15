"""The pages of docs/rules as data: their sections, and the examples in them."""

import re
from pathlib import Path

from policycheck.diagnostics import InputError, Source
from policycheck.model.keys import KeySpace
from policycheck.read.environment import declared_keys
from policycheck.read.keys_used import check_keys
from policycheck.read.policy import parse_policy
from policycheck.read.scope import Scope
from policycheck.read.yaml_text import parse_yaml

FOLDER = Path(__file__).parents[2] / "docs" / "rules"
SECTIONS = ("Avoid", "Prefer", "Why", "How it is decided", "Limits")

_FENCE = re.compile(r"^```(json|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_GROWN = "With 1000 addresses like these:"


def text(code):
    return (FOLDER / f"{code}.md").read_text(encoding="utf-8")


def sections(code):
    """The text of each section by its heading, in order; what comes first is under ''."""
    head, *rest = re.split(r"^## (.+)\n\n", text(code), flags=re.MULTILINE)
    return {"": head, **dict(zip(rest[::2], rest[1::2], strict=True))}


def example(code, section):
    """The fenced texts of a section by their language."""
    body = sections(code)[section]
    found = dict(_FENCE.findall(body))
    if _GROWN in body:
        last = re.search(r'"203\.0\.112\.\d+"(?=\])', found["json"]).group()
        found["json"] = found["json"].replace(last, ", ".join([last] * 1000))
    return found


def reported(blocks):
    """The codes that the reader reports on an example."""
    keys = _keys(blocks["yaml"]) if "yaml" in blocks else KeySpace()
    try:
        policy = parse_policy(Source("policy.json", blocks["json"]))
        return {one.code for one in (*policy.warnings, *check_keys(policy, keys))}
    except InputError as error:
        return {one.code for one in error.diagnostics}


def _keys(spec):
    scope = Scope()
    found = declared_keys(parse_yaml(Source("spec.yaml", spec)).get("keys"), scope)
    assert not scope.diagnostics
    return found
