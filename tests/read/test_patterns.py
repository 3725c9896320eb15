"""Patterns: wildcards, policy variables, escapes and the fields of ARNs (semantics B3, B6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.model.text import Pattern, Variable, Wildcard, glob
from policycheck.read.literals import LiteralError, parse_arn_pattern, parse_pattern
from policycheck.read.patterns import split_arn

RUN, ONE = Wildcard.RUN, Wildcard.ONE


@pytest.mark.parametrize(
    "text, pieces",
    [
        ("", ()),
        ("abc", ("abc",)),
        ("a*b?", ("a", RUN, "b", ONE)),
        ("***", (RUN,)),
        ("${aws:username}", (Variable("aws:username"),)),
        ("${AWS:UserName}", (Variable("aws:username"),)),
        ("${aws:username, 'x y*'}", (Variable("aws:username", "x y*"),)),
        ("${aws:username, ''}", (Variable("aws:username", ""),)),
        ("${aws:username, 'a}b'}", (Variable("aws:username", "a}b"),)),
        ("a${aws:username}/*", ("a", Variable("aws:username"), "/", RUN)),
        ("${aws:PrincipalTag/team}", (Variable("aws:principaltag/team"),)),
        ("${*}${?}${$}", ("*?$",)),
        ("a${*}*", ("a*", RUN)),
        ("$", ("$",)),
        ("$$a}{", ("$$a}{",)),
        ("$${*}", ("$*",)),
    ],
)
def test_texts_under_the_current_version(text, pieces):
    assert parse_pattern(text, variables=True) == Pattern(pieces)


def test_variables_are_literal_text_under_the_old_version():
    text = "${aws:username}${*}${"
    assert parse_pattern(text, variables=False) == Pattern(("${aws:username}${", RUN, "}${"))


def test_wildcards_are_ordinary_characters_where_the_operator_has_none():
    assert parse_pattern("a*?${*}", variables=True, wildcards=False) == Pattern(("a*?*",))
    assert parse_pattern("a*?", variables=False, wildcards=False) == Pattern(("a*?",))


@given(st.text())
def test_without_variables_a_pattern_is_the_glob_of_its_text(text):
    assert parse_pattern(text, variables=False) == glob(text)


@given(st.text().filter(lambda text: "${" not in text))
def test_with_variables_a_text_without_any_is_the_same_glob(text):
    assert parse_pattern(text, variables=True) == glob(text)


@pytest.mark.parametrize(
    "text, code, part",
    [
        ("${", "MISSING_BRACE_IN_VARIABLE", (0, 2)),
        ("ab${aws:username", "MISSING_BRACE_IN_VARIABLE", (2, 16)),
        ("${aws:${aws:x}}", "MISSING_BRACE_IN_VARIABLE", (0, 6)),
        ("${aws:a{b}", "MISSING_BRACE_IN_VARIABLE", (0, 10)),
        ("a${}", "EMPTY_VARIABLE", (1, 4)),
        ("${  }", "EMPTY_VARIABLE", (0, 5)),
        ("${ aws:username}", "UNSUPPORTED_SPACE_IN_VARIABLE", (0, 16)),
        ("${aws:user name}", "UNSUPPORTED_SPACE_IN_VARIABLE", (0, 16)),
        ("${aws:username, x}", "MISSING_QUOTE_IN_VARIABLE", (0, 18)),
        ("${aws:username,'x'}", "MISSING_QUOTE_IN_VARIABLE", (0, 19)),
        ('${aws:username, "x"}', "MISSING_QUOTE_IN_VARIABLE", (0, 20)),
        ("${aws:username, 'x}", "MISSING_QUOTE_IN_VARIABLE", (0, 19)),
        ("${username}", "INVALID_CONDITION_KEY_FORMAT", (0, 11)),
        ("x${Stack.Outputs.Id}", "INVALID_CONDITION_KEY_FORMAT", (1, 20)),
        ("${:a}", "INVALID_CONDITION_KEY_FORMAT", (0, 5)),
        ("${aws:}", "INVALID_CONDITION_KEY_FORMAT", (0, 7)),
    ],
)
def test_a_variable_that_is_not_well_formed_is_refused_at_its_place(text, code, part):
    with pytest.raises(LiteralError) as caught:
        parse_pattern(text, variables=True)
    assert (caught.value.code, caught.value.part) == (code, part)


@pytest.mark.parametrize(
    "text, fields",
    [
        ("a:b:c:d:e:f", ("a", "b", "c", "d", "e", "f")),
        ("a:b:c:d:e:f:g:h", ("a", "b", "c", "d", "e", "f:g:h")),
        ("a:b", ("a", "b")),
        ("", ("",)),
        (
            "arn:aws:iam::${aws:x}:role/${aws:y}",
            ("arn", "aws", "iam", "", "${aws:x}", "role/${aws:y}"),
        ),
        ("arn:${a:b:c", ("arn", "${a", "b", "c")),
    ],
)
def test_the_sixth_field_of_an_arn_keeps_its_colons(text, fields):
    assert split_arn(text, variables=True) == fields


def test_without_variables_every_colon_parts_fields():
    assert split_arn("arn:${a:b}:c", variables=False) == ("arn", "${a", "b}", "c")


def test_an_arn_pattern_has_a_pattern_for_each_field():
    found = parse_arn_pattern("arn:aws:iam::*:role/${aws:username}?", variables=True)
    assert found == (
        glob("arn"),
        glob("aws"),
        glob("iam"),
        glob(""),
        glob("*"),
        Pattern(("role/", Variable("aws:username"), ONE)),
    )


@pytest.mark.parametrize("text", ["*", "arn:*", "arn:aws:iam::1", "", "role/x"])
def test_an_arn_pattern_with_fewer_fields_is_refused(text):
    with pytest.raises(LiteralError) as caught:
        parse_arn_pattern(text, variables=True)
    assert caught.value.code == "MISSING_ARN_FIELD"


def test_an_arn_pattern_begins_with_arn_or_a_wildcard():
    assert parse_arn_pattern("a*:*:*:*:*:*", variables=True)[0] == glob("a*")
    with pytest.raises(LiteralError) as caught:
        parse_arn_pattern("aws:aws:iam::1:x", variables=True)
    assert (caught.value.code, caught.value.part) == ("INVALID_ARN_PREFIX", (0, 3))


def test_a_wrong_variable_in_a_field_is_found_at_its_place_in_the_whole():
    with pytest.raises(LiteralError) as caught:
        parse_arn_pattern("arn:aws:iam::1:role/${}", variables=True)
    assert caught.value.part == (20, 23)
