"""Elements of statements as predicates: both readings of AWS agree on them."""

from collections import Counter

import strategies
from agreement import assert_predicate, tries
from hypothesis import given
from hypothesis import strategies as st

from policycheck.model.predicate import AllOf, InPrincipal, InResource, Not
from policycheck.model.reading import Reading


def test_both_readings_agree_on_elements():
    seen = Counter()

    @tries(12)
    @given(
        strategies.policies(most=2).map(strategies.read),
        strategies.environments(),
        st.frozensets(st.sampled_from(tuple(Reading)), max_size=3),
        st.integers(0, 2**32),
    )
    def check(policy, environment, readings, seed):
        for statement in policy.statements:
            resource, principal = InResource(statement.resource), InPrincipal(statement.principal)
            for one in (resource, principal, AllOf((resource, Not(principal)))):
                seen.update(assert_predicate(one, environment, readings, seed))

    check()
    assert min(seen[True], seen[False]) > 30
