import re

import pytest
from rule_pages import PAGES, SECTIONS, example, sections

from policycheck.analyse.lint.rules import READER_TYPES, RULES


def test_every_rule_has_a_page():
    assert set(RULES) <= set(PAGES)


@pytest.mark.parametrize("code", PAGES)
def test_a_page_has_its_parts(code):
    page = sections(PAGES[code])
    title, sentence, kind, *_ = page[""].split("\n\n")
    assert title == f"# {code}"
    assert re.fullmatch(r"[A-Z0-9`*].*\.", sentence, re.DOTALL)
    expected = RULES[code].type if code in RULES else READER_TYPES[code]
    assert kind.strip() == f"Type: {expected.value}"
    assert tuple(page)[1:] == SECTIONS
    assert all(page[name].strip() for name in SECTIONS)


@pytest.mark.parametrize("code", [code for code in PAGES if code in RULES])
def test_what_a_page_says_to_avoid_is_found(code):
    found = [one for one in example(code, "Avoid") if one.code == code]
    assert found
    assert all(one.span and one.message and one.help for one in found)


@pytest.mark.parametrize("code", [code for code in PAGES if code in RULES])
def test_what_a_page_says_to_prefer_is_not_found(code):
    assert code not in {one.code for one in example(code, "Prefer")}
