"""What an edit does to a text: the change, and not a character besides."""

import json

import pytest
from repair_texts import document_of

from policycheck.analyse.repair.edits import (
    AddConditions,
    AddResources,
    AddStatement,
    Entry,
    ExtendValues,
    RemoveCondition,
    RemoveStatement,
    ReplaceKey,
    ReplaceOperator,
    ReplaceResource,
    ReplaceValues,
)
from policycheck.analyse.repair.rewriting import ImpossibleEditError, applied
from policycheck.diagnostics import InputError

TEXT = """{
    "Version" : "2012-10-17",
    "Statement" : [
        {
            "Sid" : "One",  "Effect" : "Allow", "Principal" : "*",
            "Action" : "execute-api:Invoke",
            "Resource" : [ "execute-api:/prod/*",
                           "execute-api:/dev/*" ],
            "Condition" : {
                "IpAddress" : { "aws:SourceIp" : "203.0.113.0/24" },
                "Null" : { "aws:UserAgent" : "false" }
            }
        },
        {
            "Sid" : "Two", "Effect" : "Deny", "Principal" : "*",
            "Action" : "execute-api:Invoke", "Resource" : "execute-api:/admin/*"
        }
    ]
}
"""
BODY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/x/*",
}
NEW = AddStatement(json.dumps(BODY))
PLACE = (0, "IpAddress", "aws:SourceIp")


def lines(edit, text=TEXT):
    """The lines that went and that came."""
    after = applied(edit, document_of(text)).text
    old, new = text.split("\n"), after.split("\n")
    head = next(i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1])
    tail = next(
        i
        for i, (one, other) in enumerate(zip(reversed(old), reversed(new), strict=False))
        if one != other or i >= min(len(old), len(new)) - head
    )
    return old[head : len(old) - tail], new[head : len(new) - tail]


def test_an_operator():
    assert lines(ReplaceOperator(*PLACE, "NotIpAddress")) == (
        ['                "IpAddress" : { "aws:SourceIp" : "203.0.113.0/24" },'],
        ['                "NotIpAddress" : { "aws:SourceIp" : "203.0.113.0/24" },'],
    )


def test_a_key():
    _, [new] = lines(ReplaceKey(*PLACE, "aws:VpcSourceIp"))
    assert new == '                "IpAddress" : { "aws:VpcSourceIp" : "203.0.113.0/24" },'


def test_one_value_becomes_two_in_the_spacing_of_the_text():
    _, [new] = lines(ExtendValues(*PLACE, ("2001:db8::/32",)))
    assert new == (
        '                "IpAddress" : { "aws:SourceIp" : ["203.0.113.0/24", "2001:db8::/32"] },'
    )


def test_one_value_instead():
    _, [new] = lines(ReplaceValues(*PLACE, ("198.51.100.7",)))
    assert new == '                "IpAddress" : { "aws:SourceIp" : "198.51.100.7" },'


def test_a_resource_at_the_end_of_a_list_keeps_the_list_as_it_stands():
    _, new = lines(AddResources(0, ("execute-api:/test/*",)))
    assert new == [
        '                           "execute-api:/dev/*",',
        '                           "execute-api:/test/*" ],',
    ]


def test_a_resource_less():
    assert lines(ReplaceResource(0, 0, ())) == (
        [
            '            "Resource" : [ "execute-api:/prod/*",',
            '                           "execute-api:/dev/*" ],',
        ],
        ['            "Resource" : [ "execute-api:/dev/*" ],'],
    )


def test_a_resource_that_is_split():
    _, new = lines(ReplaceResource(1, 0, ("execute-api:/a/*", "execute-api:/b/*")))
    assert new == [
        (
            '            "Action" : "execute-api:Invoke", '
            '"Resource" : ["execute-api:/a/*", "execute-api:/b/*"]'
        )
    ]


def test_a_condition_more_beside_others():
    _, new = lines(AddConditions(0, (Entry("Bool", "aws:SecureTransport", ("true",)),)))
    assert new == [
        '                "Null" : { "aws:UserAgent" : "false" },',
        '                "Bool" : { "aws:SecureTransport" : "true" }',
    ]


def test_a_condition_more_under_an_operator_that_is_there():
    _, [new] = lines(AddConditions(0, (Entry("Null", "aws:SourceIp", ("false",)),)))
    assert new == '                "Null" : { "aws:UserAgent" : "false", "aws:SourceIp" : "false" }'


def test_the_first_condition():
    _, new = lines(AddConditions(1, (Entry("Null", "aws:SourceIp", ("false",)),)))
    assert new == [
        (
            '            "Action" : "execute-api:Invoke", "Resource" : "execute-api:/admin/*", '
            '"Condition" : {'
        ),
        '                "Null" : { "aws:SourceIp" : "false" }',
        "            }",
    ]


def test_a_condition_less():
    assert lines(RemoveCondition(*PLACE))[0] == [
        '                "IpAddress" : { "aws:SourceIp" : "203.0.113.0/24" },'
    ]
    assert lines(RemoveCondition(*PLACE))[1] == []


def test_a_statement_less():
    after = applied(RemoveStatement(1), document_of(TEXT)).text
    start, end = TEXT.index(',\n        {\n            "Sid" : "Two"'), TEXT.index("\n    ]\n}")
    assert after == TEXT[:start] + TEXT[end:]


def test_a_statement_more():
    _, new = lines(NEW)
    assert new == [
        "        },",
        "        {",
        '            "Effect" : "Deny",',
        '            "Principal" : "*",',
        '            "Action" : "execute-api:Invoke",',
        '            "Resource" : "execute-api:/x/*"',
    ]


MINIFIED = json.dumps({"Statement": [BODY]}, separators=(",", ":"))
LONE = json.dumps({"Statement": BODY})


def test_a_text_on_one_line_stays_on_one_line():
    assert applied(NEW, document_of(MINIFIED)).text == json.dumps(
        {"Statement": [BODY, BODY]}, separators=(",", ":")
    )


def test_a_lone_statement_becomes_a_list():
    assert applied(NEW, document_of(LONE)).text == json.dumps({"Statement": [BODY, BODY]})


@pytest.mark.parametrize("indent", [1, 2, 3, 4, "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_statement_more_is_laid_out_as_the_others(indent, newline):
    text = json.dumps({"Statement": [BODY]}, indent=indent).replace("\n", newline)
    both = json.dumps({"Statement": [BODY, BODY]}, indent=indent).replace("\n", newline)
    assert applied(NEW, document_of(text)).text == both


def test_tall_lists_stay_tall():
    body = BODY | {"Resource": ["execute-api:/x/*"]}
    text = json.dumps({"Statement": [body]}, indent=2)
    longer = body | {"Resource": ["execute-api:/x/*", "execute-api:/y/*"]}
    after = applied(AddResources(0, ("execute-api:/y/*",)), document_of(text)).text
    assert after == json.dumps({"Statement": [longer]}, indent=2)


@pytest.mark.parametrize(
    "edit",
    [
        RemoveStatement(0),
        ReplaceResource(0, 0, ()),
        ReplaceKey(0, "IpAddress", "aws:SourceIp", "aws:VpcSourceIp"),
        RemoveCondition(0, "IpAddress", "aws:SourceIp"),
    ],
)
def test_what_has_no_place_is_no_edit(edit):
    with pytest.raises(ImpossibleEditError):
        applied(edit, document_of(LONE))


def test_an_operator_that_others_share_is_not_renamed():
    condition = {"IpAddress": {"aws:SourceIp": "8.8.8.8", "aws:VpcSourceIp": "10.0.0.1"}}
    text = json.dumps({"Statement": [BODY | {"Condition": condition}]})
    with pytest.raises(ImpossibleEditError):
        applied(ReplaceOperator(*PLACE, "NotIpAddress"), document_of(text))


def test_what_the_reader_refuses_is_refused():
    with pytest.raises(InputError):
        applied(ReplaceOperator(*PLACE, "DateLessThan"), document_of(TEXT))


def test_a_text_with_characters_beyond_ascii_keeps_them():
    text = TEXT.replace("/dev/*", "/dev/GET/grüße-\U0001f600")
    assert "grüße-\U0001f600" in applied(NEW, document_of(text)).text
