"""What the solver and the automata tell each other: conflicts, literals, what they leave out."""

from __future__ import annotations

from asking import allow, condition, deny, never, status


def like(*patterns):
    return {"StringLike": {"aws:UserAgent": list(patterns)}}


def test_a_text_in_one_glob_and_outside_another():
    """``ab*`` without ``a*`` is a conflict; ``ab*`` without ``abc*`` is none, nor ``ab*`` alone."""
    inside = condition("StringLike", "aws:UserAgent", "ab*")
    statements = [allow(Condition=like("ab*")), deny(Condition=like("a*"))]
    assert status(statements, never(all_of=[inside])) == "proved"
    statements = [
        allow(Condition=like("ab*")),
        deny(Condition={"StringNotLike": {"aws:UserAgent": "a*"}}),
    ]
    assert status(statements, never(all_of=[inside])) == "violated"
    either_way = [allow(Condition=like("ab*")), deny(Condition=like("abc*"))]
    assert status(either_way, never(all_of=[inside])) == "violated"


def test_a_text_that_must_be_one_of_the_literals():
    """Without regard to case ``ab`` has four texts; where all are literals, no other is left."""
    spellings = ["ab", "aB", "Ab", "AB"]
    folded = {"StringEqualsIgnoreCase": {"aws:UserAgent": "ab"}}
    for left in range(1, 5):
        denied = [{"StringEquals": {"aws:UserAgent": one}} for one in spellings[:left]]
        open_ = [{"StringEquals": {"aws:UserAgent": one}} for one in spellings[left:]]
        statements = [allow(Condition=folded), *(deny(Condition=one) for one in denied)]
        statements += [deny(Condition=one, Resource="execute-api:/dev/*") for one in open_]
        found = status(statements, never())
        assert found == ("violated" if open_ else "proved")


def test_a_literal_is_in_the_globs_that_match_it():
    exact = condition("StringEquals", "aws:UserAgent", "curl/8")
    statements = [allow(), deny(Condition=like("curl/*"))]
    assert status(statements, never(all_of=[exact])) == "proved"
    statements = [allow(Condition=like("curl/*"))]
    assert status(statements, never(all_of=[exact])) == "violated"
    statements = [allow(), deny(Condition=like("c?rl/?"))]
    assert status(statements, never(all_of=[exact])) == "proved"
