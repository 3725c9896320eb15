"""The pages of rules under docs/rules, with their examples."""

import re
from pathlib import Path

from policycheck.analyse.lint.setting import Setting
from policycheck.diagnostics import Source
from policycheck.linting import lint
from policycheck.model.rule import rules
from policycheck.read.policy import parse_policy
from policycheck.read.spec import parse_environment

FOLDER = Path(__file__).parents[1] / "docs" / "rules"
PAGES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted(FOLDER.glob("*.md"))
    if path.stem in rules("lint")
}


def sections(page):
    """The text under each heading of a page, by the heading."""
    head, *parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    return {"": head, **dict(zip(parts[::2], parts[1::2], strict=True))}


def fenced(text, language):
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return found and found.group(1)


def example(code, section):
    """The findings about the policy in a section of a rule's page, in its environment."""
    text = sections(PAGES[code])[section]
    spec = fenced(text, "yaml")
    setting = (
        Setting.of(parse_environment(Source("spec.yaml", spec), FOLDER)) if spec else Setting()
    )
    report = lint(parse_policy(Source(f"{code}.json", fenced(text, "json"))), setting)
    assert report.undecided == ()
    return report.findings
