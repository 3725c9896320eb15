"""What changes nothing, and who is let in."""

import pytest
from linted import (
    IAM,
    OFFICE,
    OTHER,
    PRIVATE,
    REGIONAL,
    VPC,
    VPCE,
    allow,
    codes,
    deny,
    findings,
    ip,
    not_ip,
    when,
)

PROD, DEV = "execute-api:/prod/*", "execute-api:/dev/*"
ONLY_VPCE = when("StringEquals", "SourceVpce", VPCE)
NOT_VPCE = when("StringNotEquals", "SourceVpce", VPCE)

CASES = {
    "the same statement twice": ([allow(PROD), allow(PROD)], ["REDUNDANT_STATEMENT"]),
    "three times": ([allow(PROD)] * 3, ["REDUNDANT_STATEMENT"] * 2),
    "a narrower Allow": ([allow(), allow(PROD)], ["REDUNDANT_STATEMENT"]),
    "two Allow side by side": ([allow(DEV), allow(PROD)], []),
    "two that cover a third together": (
        [
            allow(PROD, ip("8.8.0.0/17")),
            allow(PROD, ip("8.8.128.0/17")),
            allow(PROD, ip("8.8.0.0/16")),
        ],
        ["REDUNDANT_STATEMENT"],
    ),
    "an Allow that a Deny swallows": ([allow(PROD), deny()], ["ALLOW_COVERED_BY_DENY"]),
    "an Allow that two Deny swallow": (
        [allow(), deny(condition=not_ip(OFFICE)), deny(condition=not_ip(OTHER))],
        ["ALLOW_COVERED_BY_DENY"],
    ),
    "an Allow of which something is left": ([allow(), deny(PROD)], []),
    "a Deny of what is not allowed": (
        [allow(condition=ONLY_VPCE), deny(condition=NOT_VPCE)],
        ["DENY_WITHOUT_EFFECT"],
    ),
    "a Deny that matters": ([allow(), deny(condition=NOT_VPCE)], []),
    "a Deny within a Deny": (
        [allow(), deny(PROD), deny("execute-api:/prod/GET/*")],
        ["REDUNDANT_STATEMENT"],
    ),
    "only Deny": ([deny(PROD)], ["NO_ALLOW"]),
    "a resource within another": (
        [allow(["execute-api:/prod/GET/pets/*", "execute-api:/prod/GET/pets/1"])],
        ["REDUNDANT_RESOURCE"],
    ),
    "resources that overlap": (
        [allow(["execute-api:/prod/GET/a*", "execute-api:/prod/GET/*a"])],
        [],
    ),
    "the same resource twice": ([allow([PROD, PROD])], ["DUPLICATE_VALUE"]),
    "a block within another": (
        [allow(condition=ip("8.8.0.0/16", OFFICE))],
        ["REDUNDANT_CONDITION_VALUE"],
    ),
    "blocks side by side": ([allow(condition=ip(OFFICE, "8.8.5.0/24"))], []),
    "a block in another spelling": (
        [allow(condition=ip(OFFICE, "8.8.4.7/24"))],
        ["DUPLICATE_VALUE", "IMPROVE_IP_RANGE"],
    ),
    "a text within a glob": (
        [allow(condition=when("StringLike", "userid", "AROA1*", "AROA12:*"))],
        ["REDUNDANT_CONDITION_VALUE"],
    ),
    "two globs": ([allow(condition=when("StringLike", "userid", "AROA1*", "AROA2:*"))], []),
    "two bounds": (
        [
            allow(
                condition=when(
                    "DateLessThan", "CurrentTime", "2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"
                )
            )
        ],
        ["REDUNDANT_CONDITION_VALUE_NUM"],
    ),
    "two bounds within one second": (
        [
            allow(
                condition=when(
                    "DateLessThan",
                    "CurrentTime",
                    "2030-01-01T00:00:00.2Z",
                    "2030-01-01T00:00:00.5Z",
                )
            )
        ],
        ["REDUNDANT_CONDITION_VALUE_NUM", "INVALID_DATE_VALUE", "INVALID_DATE_VALUE"],
    ),
    "an action within another": (
        [allow(Action=["execute-api:*", "execute-api:Invoke"])],
        ["REDUNDANT_ACTION"],
    ),
    "two actions": ([allow(Action=["execute-api:Invoke", "execute-api:InvalidateCache"])], []),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name):
    statements, expected = CASES[name]
    spec = IAM if "glob" in name else None
    assert codes(*statements, spec=spec) == expected


def test_the_statements_to_blame_are_a_minimal_set():
    found = findings(
        allow(DEV, Sid="Dev"), allow(PROD, Sid="Prod"), allow("execute-api:/prod/GET/*", Sid="Get")
    )
    [one] = [one for one in found if one.code == "REDUNDANT_STATEMENT"]
    assert "statement 1 (Prod) covers all of it" in one.message
    assert one.statement == 2


def test_a_deny_counts_of_what_a_needless_allow_lets_in():
    narrow, wide, other = (f"execute-api:/prod/GET/{one}" for one in ("x", "*", "y"))
    [one] = findings(allow(narrow), allow([narrow, other]), deny(other))
    assert one.code == "REDUNDANT_STATEMENT"
    assert "statement 0 covers what statement 2 leaves of it" in one.message
    assert codes(allow(narrow), allow(wide), deny(wide)) == ["ALLOW_COVERED_BY_DENY"] * 2


def test_a_deny_counts_of_what_is_allowed_by_another_reading():
    by_address = allow(condition=ip("10.0.0.0/8"))
    found = codes(by_address, allow("execute-api:/prod/GET/*"), deny(DEV), spec=PRIVATE)
    assert found == ["KEY_NEVER_PRESENT"]


def test_a_deny_is_covered_as_far_as_anything_is_allowed():
    a, b, c = (f"execute-api:/prod/GET/{one}" for one in "abc")
    [one] = findings(allow([a, c]), deny(a), deny([a, b]))
    assert one.message == (
        "statement 2 changes nothing: statement 1 covers all of it that any statement allows"
    )


def test_an_allow_that_is_swallowed_names_the_deny():
    found = findings(allow(), deny(condition=not_ip(OFFICE)), deny(condition=not_ip(OTHER)))
    assert "statement 1 and statement 2 deny all of it" in found[0].message


OPEN = {
    "everything": ([allow()], None, True),
    "everything in two parts": (
        [allow(condition=ip("0.0.0.0/1", "::/0")), allow(condition=ip("128.0.0.0/1"))],
        REGIONAL,
        True,
    ),
    "every address": ([allow(condition=ip("0.0.0.0/0", "::/0"))], None, True),
    "every IPv4 address": ([allow(condition=ip("0.0.0.0/0"))], None, False),
    "one stage": ([allow(PROD)], None, False),
    "one stage, all there is": ([allow(PROD)], "api: {stages: [prod]}", True),
    "some guarded": ([allow(), deny(PROD, ip(OFFICE))], None, False),
    "behind an authorizer": ([allow()], "api: {authorization: lambda}", False),
    "for accounts": ([allow(Principal={"AWS": "210987654321"})], None, False),
    "one VPC": ([allow(condition=when("StringEquals", "SourceVpc", VPC))], None, False),
}


@pytest.mark.parametrize("name", OPEN)
def test_who_is_let_in(name):
    statements, spec, expected = OPEN[name]
    found = [one.code for one in findings(*statements, spec=spec)]
    assert ("POLICY_ALLOWS_EVERYBODY" in found) is expected
