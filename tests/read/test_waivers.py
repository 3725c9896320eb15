"""The companion file of a policy: what it holds, and everything that can be wrong with it."""

import datetime as dt

import pytest

from policycheck.diagnostics import InputError, Source
from policycheck.model.waiver import Waiver
from policycheck.read.policy import parse_policy
from policycheck.read.waivers import companion, parse_waivers, read_waivers

STATEMENT = (
    """{{"Sid": "{}", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"""
)
POLICY = '{{"Version": "2012-10-17", "Statement": [{}]}}'.format(
    ", ".join(map(STATEMENT.format, ("Office", "Depot", "Depot")))
)
WHOLE = "{code: NO_ALLOW, reason: r, owner: o, expires: 2027-03-31}"


def read(text):
    policy = parse_policy(Source("policy.json", POLICY))
    return parse_waivers(Source("policy.waivers.yaml", text), policy.statements)


def test_a_waiver_is_read_with_all_its_fields():
    text = "- code: IMPROVE_IP_RANGE\n  sid: Depot\n  reason: it moves\n  owner: net team\n"
    (found,) = read(text + "  expires: 2027-03-31\n")
    assert found == Waiver(
        "IMPROVE_IP_RANGE",
        "it moves",
        "net team",
        dt.date(2027, 3, 31),
        frozenset({1, 2}),
        'statement "Depot"',
    )
    assert (found.span.text, found.span.line) == ("IMPROVE_IP_RANGE", 1)
    assert (found.expires_span.text, found.expires_span.line) == ("2027-03-31", 5)


@pytest.mark.parametrize(
    ("named", "statements", "hint"),
    [
        ("", None, ""),
        (", statement: 0", {0}, ""),
        (", statement: 7", {7}, "the last statement is 2"),
        (", sid: Office", {0}, ""),
        (", sid: Ofice", set(), 'no statement has this Sid; write "Office" if that is meant'),
        (", sid: zzz", set(), "no statement has this Sid"),
    ],
)
def test_the_statements_of_a_waiver(named, statements, hint):
    (found,) = read(f"- {WHOLE[:-1]}{named}}}")
    assert (found.statements, found.hint) == (statements, hint)


@pytest.mark.parametrize("text", ["", "# nothing waived\n", "[]"])
def test_a_file_may_hold_no_waiver(text):
    assert read(text) == ()


@pytest.mark.parametrize(
    ("text", "code", "at", "help_text"),
    [
        ("{code: NO_ALLOW}", "DATA_TYPE_MISMATCH", "{code: NO_ALLOW}", "write - {code"),
        ("- NO_ALLOW", "DATA_TYPE_MISMATCH", "NO_ALLOW", "write - {code"),
        ("- {reason: r, owner: o, expires: 2027-03-31}", "MISSING_FIELD", "reason", "code:"),
        ("- {code: NO_ALLOW, owner: o, expires: 2027-03-31}", "MISSING_FIELD", "code", "reason:"),
        ("- {code: NO_ALLOW, reason: r, expires: 2027-03-31}", "MISSING_FIELD", "code", "owner:"),
        ("- {code: NO_ALLOW, reason: r, owner: o}", "MISSING_FIELD", "code", "expires:"),
        (f"- {WHOLE[:-1]}, until: x}}", "UNKNOWN_FIELD", "until", "a waiver has code"),
        (f"- {WHOLE}".replace("owner", "ownr"), "UNKNOWN_FIELD", "ownr", 'write "owner"'),
        (f"- {WHOLE}".replace("NO_ALLOW", "NO_ALOW"), "UNKNOWN_RULE", "NO_ALOW", "NO_ALLOW"),
        (f"- {WHOLE}".replace("NO_ALLOW", "7"), "DATA_TYPE_MISMATCH", "7", "code:"),
        (f"- {WHOLE}".replace("NO_ALLOW", "zzz"), "UNKNOWN_RULE", "zzz", "policycheck rules"),
        (
            f"- {WHOLE}".replace("NO_ALLOW", "WAIVER_EXPIRED"),
            "NOT_WAIVABLE",
            "WAIVER_EXPIRED",
            "take the waiver out",
        ),
        (f"- {WHOLE}".replace("reason: r", 'reason: ""'), "EMPTY_VALUE", '""', "reason:"),
        (f"- {WHOLE}".replace("owner: o", 'owner: " "'), "EMPTY_VALUE", '" "', "owner:"),
        (f"- {WHOLE}".replace("-03-31", "-02-30"), "INVALID_DATE", "2027-02-30", "2027-03-31"),
        (f"- {WHOLE}".replace("2027-03-31", "soon"), "INVALID_DATE", "soon", "2027-03-31"),
        (f"- {WHOLE}".replace("-03-31", "-W13-3"), "INVALID_DATE", "2027-W13-3", "2027-03-31"),
        (f"- {WHOLE}".replace("2027-03-31", "2027"), "DATA_TYPE_MISMATCH", "2027", "expires:"),
        (f"- {WHOLE[:-1]}, statement: -1}}", "DATA_TYPE_MISMATCH", "-1", "index"),
        (f"- {WHOLE[:-1]}, statement: one}}", "DATA_TYPE_MISMATCH", "one", "index"),
        (f"- {WHOLE[:-1]}, sid: 3}}", "DATA_TYPE_MISMATCH", "3", "in quotes"),
        (f"- {WHOLE[:-1]}, sid: Office, statement: 0}}", "SEVERAL_TARGETS", "statement", "one"),
        ("- {code: [}", "YAML_SYNTAX_ERROR", None, ""),
    ],
)
def test_what_is_wrong_is_pointed_at(text, code, at, help_text):
    with pytest.raises(InputError) as caught:
        read(text)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert at is None or found.span.text == at
    assert help_text in found.help


def test_everything_that_is_wrong_is_reported_in_order():
    with pytest.raises(InputError) as caught:
        read("- {code: NO_ALOW, expires: soon}\n- 7\n")
    assert [one.code for one in caught.value.diagnostics] == [
        "MISSING_FIELD",
        "MISSING_FIELD",
        "UNKNOWN_RULE",
        "INVALID_DATE",
        "DATA_TYPE_MISMATCH",
    ]


def test_the_companion_stands_beside_the_policy(tmp_path):
    path = tmp_path / "a.b.json"
    assert companion("-") is None
    assert read_waivers(path) is None
    (tmp_path / "a.b.waivers.yaml").write_text(f"- {WHOLE}")
    found = read_waivers(path)
    assert found is not None
    assert found.text == f"- {WHOLE}"
