import re
import runpy

import pytest
import reader_codes
from rule_examples import FOLDER, SECTIONS, example, reported, sections, text

from policycheck.model.finding import FindingType
from policycheck.model.rule import finding_type, rules

IDENTITY = {
    "EMPTY_VARIABLE",
    "MISSING_BRACE_IN_VARIABLE",
    "MISSING_QUALIFIER",
    "MISSING_QUOTE_IN_VARIABLE",
    "MISSING_TAG_KEY_IN_CONDITION",
    "MULTIVALUED_KEY_IN_VARIABLE",
    "UNSUPPORTED_SPACE_IN_VARIABLE",
    "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    "VARIABLE_UNSUPPORTED_IN_VERSION",
}
"""The rules about conditions on the caller's identity: what is right there needs IAM callers."""


def test_the_table_has_every_code_that_the_reader_of_policies_reports():
    assert reader_codes.codes() == set(rules("reader"))


def test_no_code_is_put_together_from_parts():
    assert reader_codes.made_up() == []


def test_every_rule_has_a_page_and_every_page_a_rule():
    assert {one.stem for one in FOLDER.glob("*.md")} - {"README"} == set(rules())


@pytest.mark.parametrize("code", rules())
def test_a_page_has_its_code_one_sentence_its_type_and_all_sections(code):
    head, *rest = sections(code)
    assert head == ""
    assert tuple(rest) == SECTIONS
    sentence = re.fullmatch(
        rf"# {code}\n\n(?P<sentence>[A-Z0-9`*][^\n]*(?:\n[^\n]+)*\.)\n\n"
        r"Type: (?P<type>[a-z-]+)\n\n",
        sections(code)[""],
    )
    assert sentence
    assert not re.search(r"\. [A-Z]", sentence["sentence"])
    assert FindingType(sentence["type"]) is finding_type(code)
    assert all(sections(code)[one].strip() for one in SECTIONS)


@pytest.mark.parametrize("code", rules())
def test_the_lines_of_a_page_fit(code):
    assert max(map(len, text(code).splitlines())) <= 100


@pytest.mark.parametrize("code", rules("reader"))
def test_what_a_page_says_to_avoid_is_reported(code):
    assert code in reported(example(code, "Avoid"))


@pytest.mark.parametrize("code", rules("reader"))
def test_of_what_a_page_prefers_nothing_is_reported(code):
    expected = {"KEY_NEEDS_IAM_AUTHORIZATION"} if code in IDENTITY else set()
    assert reported(example(code, "Prefer")) == expected


def test_codes_that_pages_name_exist():
    for code in rules():
        for name in re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", text(code)):
            assert name in rules() or name in {"AWS_IAM", "SOURCE_DATE_EPOCH"}, (code, name)


def test_the_index_is_made_from_the_pages():
    made = runpy.run_path(str(FOLDER.with_suffix(".py")))["page"]()
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == made
