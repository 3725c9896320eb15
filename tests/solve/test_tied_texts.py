"""Texts that variables tie together, against every short text there is."""

from __future__ import annotations

from itertools import product

from asking import allow, deny, never, policy_of, spec_of
from hypothesis import given, settings
from hypothesis import strategies as st

from policycheck.concrete.policy import evaluate
from policycheck.model.decision import Outcome
from policycheck.model.request import Caller, CallerKind, Request
from policycheck.model.verdict import Status
from policycheck.solve import words
from policycheck.solve.limits import Limits
from policycheck.solve.prover import prove

TEAM, COST = "aws:PrincipalTag/team", "aws:PrincipalTag/cost"
KEYS = ("aws:UserAgent", "aws:Referer", TEAM, COST)
WORDS = ["".join(word) for length in range(1, 4) for word in product("ab", repeat=length)]
RESOURCE = "arn:aws:execute-api:us-east-1:111122223333:abcdef1234/prod/GET/a"

TIED = st.sampled_from([f"${{{TEAM}}}", f"${{{TEAM}}}", f"${{{COST}}}"])
STARTS = st.sampled_from(["", "", "", "a", "*"])
ENDS = st.sampled_from(["*", "*", "*a", "*b", "b*", "a", ""])
PATTERNS = st.builds("{}{}{}".format, STARTS, TIED, ENDS) | st.builds("{}{}".format, TIED, TIED)
LISTS = st.one_of(
    st.builds(lambda one: [one], PATTERNS), st.lists(PATTERNS, min_size=2, max_size=2)
)
BOTH = st.fixed_dictionaries({"aws:UserAgent": LISTS, "aws:Referer": LISTS})
ONE = st.fixed_dictionaries({"aws:UserAgent": LISTS})
DENIED = st.one_of(
    st.fixed_dictionaries({"StringLike": ONE}), st.fixed_dictionaries({"StringNotLike": BOTH})
)
TEXTS = st.sampled_from(WORDS)
PINNED = st.fixed_dictionaries(dict.fromkeys(KEYS[:2], TEXTS)) | st.just({})


def requests():
    """Every request whose texts are short; all of them have all four."""
    caller = Caller(CallerKind.ROLE, "arn:aws:iam::111122223333:role/developer")
    for texts in product(WORDS, WORDS, WORDS[:6], WORDS[:2]):
        yield caller, dict(zip(KEYS, texts, strict=True))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(BOTH, PINNED, st.none() | DENIED, st.booleans())
def test_what_a_short_text_breaks_is_never_proved(allowed, pinned, denied, guesses):
    """Under ``guesses`` texts are tried before the solver of strings is asked."""
    pins = {"StringEquals": pinned} if pinned else {}
    statements = [allow(Condition={"StringLike": allowed, **pins})]
    statements += [deny(Condition=denied)] if denied else []
    policy = policy_of(*statements)
    spec = spec_of(never(stage="prod"), api={"authorization": "iam"})
    guessed = words.guessed
    words.guessed = guessed if guesses else lambda *_: None
    try:
        (verdict,) = prove([policy], spec, Limits(seconds=3)).verdicts
    finally:
        words.guessed = guessed
    if verdict.status is Status.PROVED:
        for caller, context in requests():
            request = Request(RESOURCE, "execute-api:Invoke", caller, context)
            assert evaluate(policy, request).outcome is not Outcome.ALLOW, request
