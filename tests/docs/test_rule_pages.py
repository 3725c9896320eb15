import pytest
from rule_pages import PAGES, example

from policycheck.analyse.lint.rules import CHECKS
from policycheck.model.rule import rules


def test_every_rule_of_lint_has_a_check_and_a_page():
    checked = [code for check in CHECKS for code in check.codes]
    assert sorted(checked) == list(rules("lint"))
    assert set(PAGES) == set(checked)


@pytest.mark.parametrize("code", PAGES)
def test_what_a_page_says_to_avoid_is_found(code):
    found = [one for one in example(code, "Avoid") if one.code == code]
    assert found
    assert all(one.span and one.message and one.help for one in found)


@pytest.mark.parametrize("code", PAGES)
def test_what_a_page_says_to_prefer_is_not_found(code):
    assert code not in {one.code for one in example(code, "Prefer")}
