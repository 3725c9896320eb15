"""Policy variables: texts that are tied to each other, proved and refuted."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from itertools import combinations, count

import pytest
import z3
from asking import allow, always, ask, condition, deny, never, sometimes, status

from policycheck.diagnostics import Source
from policycheck.model.reading import Reading
from policycheck.model.text import Wildcard
from policycheck.model.verdict import Status
from policycheck.read.policy import parse_policy
from policycheck.solve import strings, words
from policycheck.solve.limits import Deadline, UndecidedError
from policycheck.solve.product import READABLE
from policycheck.symbolic.automata import contains
from policycheck.symbolic.symbols import Domain, Glob, TextSymbol, WordEquation
from policycheck.symbolic.text import is_solved, outline

IAM = {"authorization": "iam"}
KEYS = {"x:list": {"type": "string", "multivalued": True}}


def when(operator, key, *values):
    return {operator: {key: list(values)}}


ADA = "arn:aws:iam::111122223333:user/ada"
OWN = "execute-api:/prod/GET/users/${aws:username}"


@pytest.mark.parametrize(
    ("statements", "assertion", "found"),
    [
        ([allow(Resource=OWN)], never(path="/users/*"), "violated"),
        ([allow(Resource=OWN)], never(path="/admins/*"), "proved"),
        ([allow(Resource=OWN)], never(path="/users/"), "proved"),
        ([allow(Resource=OWN)], never(path="/users/a/b"), "proved"),
        ([allow(Resource=OWN + "/*")], never(path="/users/a/b"), "violated"),
        ([allow(Resource=OWN)], never(stage="dev"), "proved"),
        ([allow(Resource=OWN)], never(principal="arn:aws:iam::111122223333:role/ops"), "proved"),
        (
            [allow(Resource=OWN)],
            never(path="/users/bob", principal=ADA),
            "proved",
        ),
        (
            [allow(Resource=OWN)],
            never(path="/users/ada", principal=ADA),
            "violated",
        ),
        (
            [allow(Resource=OWN)],
            always(
                stage="prod",
                method="GET",
                path="/users/ada",
                principal=ADA,
            ),
            "proved",
        ),
        (
            [allow(Resource=OWN + "*")],
            never(path="/users/bob", principal="arn:aws:iam::*:user/b"),
            "violated",
        ),
        ([allow(), deny(NotResource=OWN)], never(path="/a", principal=ADA), "proved"),
        ([allow(), deny(NotResource=OWN)], never(path="/a"), "violated"),
    ],
)
def test_usernames_in_resources(statements, assertion, found):
    assert status(statements, assertion, api=IAM) == found


def test_without_an_identity_a_variable_has_no_value():
    assert status([allow(Resource=OWN)], never()) == "proved"
    assert status([allow(), deny(Resource=OWN)], always()) == "proved"
    assert status([allow(Resource="execute-api:/prod/GET/${aws:username, 'x'}")], never()) == (
        "violated"
    )


@pytest.mark.parametrize(
    ("operator", "wanted", "referer", "agent", "found"),
    [
        ("StringEquals", "${aws:UserAgent}", "a", "a", "violated"),
        ("StringEquals", "${aws:UserAgent}", "a", "b", "proved"),
        ("StringEquals", "x${aws:UserAgent}", "xb", "b", "violated"),
        ("StringEquals", "${aws:UserAgent}", "*", "ab", "proved"),
        ("StringLike", "${aws:UserAgent}", "ab", "*", "proved"),
        ("StringLike", "${aws:UserAgent}*", "ab", "a", "violated"),
        ("StringLike", "${aws:UserAgent}*", "ab", "b", "proved"),
        ("StringLike", "*${aws:UserAgent}*", "xaby", "ab", "violated"),
        ("StringLike", "*${aws:UserAgent}*${aws:UserAgent}", "aba", "a", "violated"),
        ("StringLike", "*${aws:UserAgent}*${aws:UserAgent}", "aa", "aa", "proved"),
        ("StringLike", "?${aws:UserAgent}", "xa", "a", "violated"),
        ("StringNotEquals", "${aws:UserAgent}", "a", "a", "proved"),
        ("StringNotEquals", "${aws:UserAgent}", "a", "b", "violated"),
        ("StringNotLike", "*${aws:UserAgent}*", "xaby", "ab", "proved"),
        ("StringNotLike", "*${aws:UserAgent}*", "xaby", "ba", "violated"),
        ("StringEqualsIgnoreCase", "X${aws:UserAgent}", "xA", "a", "violated"),
    ],
)
def test_texts_in_conditions(operator, wanted, referer, agent, found):
    statements = [allow(Condition=when(operator, "aws:Referer", wanted))]
    predicate = {
        "condition": {"StringEquals": {"aws:Referer": referer, "aws:UserAgent": agent}},
    }
    assert status(statements, never(**predicate)) == found


def test_texts_of_free_length():
    """Nothing but the variable says what the other text is."""
    equal = when("StringEquals", "aws:Referer", "${aws:UserAgent}")
    prefix = condition("StringLike", "aws:UserAgent", "ab*")
    other = condition("StringLike", "aws:Referer", "b*")
    statements = [allow(Condition=equal)]
    assert status(statements, never(all_of=[prefix, other])) == "proved"
    verdict = ask(statements, never(**prefix))
    request = verdict.counterexample.request
    assert request.context["aws:Referer"] == request.context["aws:UserAgent"]


def test_a_chain_of_variables():
    chain = [
        allow(
            Condition={
                "StringEquals": {
                    "aws:Referer": "${aws:UserAgent}",
                    "aws:UserAgent": "${aws:SourceAccount}",
                }
            }
        )
    ]
    ends = [
        condition("StringLike", "aws:Referer", "a*"),
        condition("StringLike", "aws:SourceAccount", "*b"),
        condition("StringNotEquals", "aws:UserAgent", "ab"),
    ]
    assert ask(chain, never(all_of=ends)).status is Status.VIOLATED
    clash = [*ends, condition("StringNotLike", "aws:SourceAccount", "a*")]
    assert ask(chain, never(all_of=clash)).status is Status.PROVED


def test_a_variable_in_an_arn():
    wanted = "arn:aws:iam::${aws:SourceAccount}:role/*"
    statements = [allow(Condition=when("ArnLike", "aws:PrincipalArn", wanted))]
    mine = condition("StringEquals", "aws:SourceAccount", "111122223333")
    other = {"all_of": [mine, {"principal": "444455556666"}]}
    same = {"all_of": [mine, {"principal": "111122223333"}]}
    assert status(statements, never(**other), api=IAM) == "proved"
    assert status(statements, never(**same), api=IAM) == "violated"


def test_an_old_version_has_no_variables():
    text = json.dumps({"Version": "2008-10-17", "Statement": allow(Resource=OWN)})
    policy = parse_policy(Source("<policy>", text))
    assert not policy.statements[0].resource.patterns[0].tail.variables


@pytest.mark.parametrize("several", [True, False])
def test_a_key_with_several_values_has_none_for_a_variable(several):
    statements = [allow(Condition=when("StringEquals", "aws:UserAgent", "${x:list, 'd'}"))]
    holds = [condition("ForAnyValue:StringEquals", "x:list", v) for v in ("ab" if several else "a")]
    default = never(all_of=[*holds, condition("StringEquals", "aws:UserAgent", "d")])
    first = never(all_of=[*holds, condition("StringEquals", "aws:UserAgent", "a")])
    assert status(statements, default, keys=KEYS) == "violated"
    assert status(statements, first, keys=KEYS) == ("proved" if several else "violated")


def test_what_cannot_be_decided_is_unknown_with_a_reason():
    statements = [allow(Condition=when("StringEquals", "aws:Referer", "${aws:SourceIp}"))]
    predicate = condition("StringEquals", "aws:Referer", "nonsense")
    verdict = ask(statements, never(**predicate), api={"endpoint": "regional"})
    assert verdict.status is Status.UNKNOWN
    assert "spells" in verdict.reason


@pytest.mark.parametrize("mark", ["?", "*"])
def test_what_an_equation_asks_of_its_text_alone_is_decided_as_a_glob(mark):
    """No path of a route is of that form. The string solver finds no leftmost place for the mark,
    and does not come to an end with the stars."""
    statements = [
        allow(Resource="execute-api:/*/GET/*/reports/${aws:username}/*"),
        deny(Resource=f"execute-api:/*/*/v2/us{mark}rs/${{aws:username}}*"),
    ]
    api = {**IAM, "endpoint": "regional", "routes": ["GET /pets", "ANY /admin/{id}"]}
    assert status(statements, never(path="/pets"), api=api) == "proved"
    found = ask(statements, never(stage="prod"), api=api)
    assert found.status is Status.VIOLATED
    assert found.readings == (Reading.ROUTE_SPELLED_OTHERWISE,)


ONE, RUN = Wildcard.ONE, Wildcard.RUN
LEFT, RIGHT = TextSymbol("left", Domain(allowed=frozenset("ab"))), TextSymbol("right")
EQUATIONS = [
    WordEquation((LEFT,), (RIGHT,)),
    WordEquation((LEFT,), ("a", RIGHT)),
    WordEquation((LEFT,), (RUN, RIGHT)),
    WordEquation((LEFT,), (RIGHT, RUN)),
    WordEquation((LEFT,), (RUN, RIGHT, RUN)),
    WordEquation((LEFT,), (RUN, RIGHT, RUN, RIGHT)),
    WordEquation((LEFT,), (RIGHT, RUN, RIGHT, RUN, "b")),
    WordEquation((LEFT, "a", RIGHT), (RUN, "aa", RIGHT, RUN)),
]
WORDS = ["", "a", "b", "ab", "ba", "aab", "abab", "bbb"]


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda one: str(one.pattern)[:60])
def test_both_encodings_of_an_equation_mean_what_it_says(equation):
    for left in WORDS:
        for right in WORDS:
            texts = {LEFT: left, RIGHT: right}
            solver = z3.Solver()
            solver.add(*(strings.string(s) == strings.value(t) for s, t in texts.items()))
            exact = solver.check(strings.leftmost(equation)) == z3.sat
            found = solver.check(strings.solves(equation, count())) == z3.sat
            assert exact is found is is_solved(equation, texts)


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda one: str(one.pattern)[:60])
def test_a_text_that_solves_an_equation_fits_its_outline(equation):
    solved = 0
    for left in WORDS:
        for right in WORDS:
            texts = {LEFT: left, RIGHT: right}
            text = "".join(texts.get(piece, piece) for piece in equation.text)
            assert contains(outline(equation), text) or not is_solved(equation, texts)
            solved += is_solved(equation, texts)
    assert solved > 0


def test_an_outline_leaves_room_for_what_a_symbol_can_be():
    name = TextSymbol("name", Domain(shortest=1))
    assert outline(WordEquation((LEFT,), ("a", name))) == Glob(("a", ONE, RUN))
    assert outline(WordEquation((LEFT,), ("a", RIGHT, ONE), True)) == Glob(("a", RUN, ONE), True)


@pytest.mark.parametrize("pattern", [(ONE, RUN, RIGHT), (RIGHT, ONE)])
def test_a_mark_has_no_leftmost_place(pattern):
    with pytest.raises(UndecidedError):
        strings.leftmost(WordEquation((LEFT,), pattern))


@pytest.mark.parametrize(
    "referers",
    [
        {"StringEquals": {"aws:Referer": "longzzz"}},
        {"StringLikeIfExists": {"aws:Referer": "l??gzzz"}},
    ],
    ids=["literal", "glob"],
)
def test_wildcards_of_two_patterns_stand_for_different_texts(referers):
    """With the team "lo" the stars are "ngliteral-" and "ng": never the same text."""
    team = "${aws:PrincipalTag/team}"
    pattern = {"aws:UserAgent": f"{team}*foo", "aws:Referer": f"{team}*zzz"}
    literal = {"StringEqualsIgnoreCase": {"aws:UserAgent": "longliteral-foo"}}
    ours = {"ForAnyValue:StringLike": {"aws:PrincipalTag/team": "l?*"}}
    statement = allow(Condition={"StringLike": pattern, **literal, **ours, **referers})
    assert status([statement], never(), api=IAM) == "violated"


HELD = when("StringLike", "aws:PrincipalArn", "${aws:UserAgent}")


def shown(assertion):
    verdict = ask([allow(Condition=HELD)], assertion, api=IAM)
    values = verdict.counterexample.request.values
    return values["aws:principalarn"][0], values["aws:useragent"][0]


def test_what_a_variable_copies_is_plain():
    arn, copy = shown(never())
    assert arn == copy
    assert arn.startswith("arn:aws:iam::111122223333:role/")
    assert arn.endswith("developer")
    assert (
        status(
            [allow(Condition=HELD)],
            never(**condition("StringNotLike", "aws:UserAgent", "arn*")),
            api=IAM,
        )
        == "proved"
    )


def test_texts_of_the_string_solver_are_readable(monkeypatch):
    monkeypatch.setattr("policycheck.solve.words.guessed", lambda *_: None)
    arn, copy = shown(never())
    assert arn == copy
    assert set(arn) <= set(READABLE)
    odd, copy = shown(never(**condition("StringLike", "aws:UserAgent", "arn:*:role/\u00e9/*")))
    assert odd == copy
    assert "\u00e9/" in odd


NO_ACCOUNT = when("StringEquals", "aws:PrincipalAccount", "${aws:SecureTransport}")


def test_a_contradiction_is_blamed_on_enough():
    """Z3 5.4.1 names too few assumptions: of an account that equals TRUE, not the equation."""
    statements = [allow(Condition=NO_ACCOUNT), allow(Resource="execute-api:/dev/*")]
    assert status(statements, never(), api=IAM) == "violated"
    assert status(statements, never(stage="prod"), api=IAM) == "proved"
    assert status([allow(Condition=NO_ACCOUNT)], never(), api=IAM) == "proved"
    denied = [allow(), deny(Condition=NO_ACCOUNT)]
    assert status(denied, never(), api=IAM) == "violated"
    assert status(denied, sometimes(), api=IAM) == "proved"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_control_c_is_no_answer():
    solver = words._solver(Deadline(1.0))
    in_hole = [[z3.Bool(f"{pigeon} in {hole}") for hole in range(11)] for pigeon in range(12)]
    solver.add(*map(z3.Or, in_hole))
    for one, other in combinations(in_hole, 2):
        solver.add(*(z3.Not(z3.And(both)) for both in zip(one, other, strict=True)))
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        solver.check()
