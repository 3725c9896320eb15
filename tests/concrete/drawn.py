"""Strategies for patterns, condition entries, statements and requests over few letters, so that
they meet often."""

from __future__ import annotations

from hypothesis import strategies as st

from policycheck.model.address import AddressIn, Family
from policycheck.model.arn import AnyResource, ApiResource
from policycheck.model.condition import Comparing, Existing, Quantifier
from policycheck.model.policy import (
    ActionElement,
    ActionPattern,
    Effect,
    Policy,
    PrincipalElement,
    PrincipalId,
    PrincipalKind,
    ResourceElement,
    Statement,
)
from policycheck.model.reading import Reading
from policycheck.model.request import ANONYMOUS, Caller, CallerKind, Request
from policycheck.model.text import TextEquals, TextEqualsIgnoreCase, TextLike, glob, pattern

texts = st.text("abA/:\n", max_size=8)
globs = st.text("abA/:*?", max_size=8).map(glob)
literals = st.text("abA", max_size=3).map(lambda text: pattern([text]))
readings = st.frozensets(st.sampled_from(list(Reading)))
families = st.sampled_from(list(Family))


@st.composite
def blocks(draw):
    family = draw(families)
    prefix = draw(st.integers(0, family.width))
    host_bits = family.width - prefix
    network = draw(st.integers(0, 2**family.width - 1)) >> host_bits << host_bits
    return AddressIn(family, network, prefix, bare=host_bits == 0 and draw(st.booleans()))


text_relations = st.one_of(
    literals.map(TextEquals), literals.map(TextEqualsIgnoreCase), globs.map(TextLike)
)
keys = st.sampled_from(["aws:useragent", "aws:referer"])
quantifiers = st.none() | st.sampled_from(list(Quantifier))
comparing = st.builds(
    Comparing,
    st.just("drawn"),
    keys,
    st.lists(text_relations, min_size=1, max_size=3).map(tuple),
    negated=st.booleans(),
    if_exists=st.booleans(),
    quantifier=quantifiers,
)
existing = st.builds(
    Existing,
    st.just("Null"),
    keys,
    st.lists(st.booleans(), min_size=1, max_size=2).map(tuple),
    quantifier=quantifiers,
)
entries = comparing | existing
values = st.lists(st.text("abA", max_size=3), max_size=3).map(tuple)
contexts = st.dictionaries(keys, values)

USER = "arn:aws:iam::111122223333:user/ada"
callers = st.sampled_from(
    [ANONYMOUS, Caller(CallerKind.USER, USER), Caller(CallerKind.ROOT, "111122223333")]
)
principals = st.builds(
    PrincipalElement,
    st.lists(
        st.sampled_from(
            [
                PrincipalId(PrincipalKind.EVERYONE),
                PrincipalId(PrincipalKind.USER, USER),
                PrincipalId(PrincipalKind.ACCOUNT, "111122223333"),
                PrincipalId(PrincipalKind.ACCOUNT, "444455556666"),
            ]
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
    st.booleans(),
)
actions = st.builds(
    ActionElement,
    st.sampled_from(["execute-api:*", "execute-api:invoke", "execute-api:m*"]).map(
        lambda text: (ActionPattern(glob(text)),)
    ),
    st.booleans(),
)
resources = st.builds(
    ResourceElement,
    st.lists(
        st.just(AnyResource()) | globs.map(lambda g: ApiResource(pattern(["/", *g.pieces]))),
        min_size=1,
        max_size=2,
    ).map(tuple),
    st.booleans(),
)
statements = st.builds(
    Statement,
    st.just(0),
    st.sampled_from(list(Effect)),
    principals,
    actions,
    resources,
    st.lists(entries, max_size=2).map(tuple),
)


@st.composite
def policies(draw):
    drawn = draw(st.lists(statements, max_size=4))
    return policy_of(drawn)


def policy_of(unnumbered):
    """The policy of the statements, numbered in this order."""
    return Policy(
        tuple(
            Statement(i, s.effect, s.principal, s.action, s.resource, s.conditions)
            for i, s in enumerate(unnumbered)
        )
    )


requests = st.builds(
    Request,
    st.text("abA/", max_size=5).map(
        lambda rest: f"arn:aws:execute-api:us-east-1:111122223333:abc/{rest}"
    ),
    st.sampled_from(["execute-api:Invoke", "execute-api:ManageConnections"]),
    callers,
    contexts,
)
