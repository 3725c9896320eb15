"""The two readings of AWS agree on the whole decisions of random workflows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import strategies
from agreement import admitted, tries
from hypothesis import given
from hypothesis import strategies as st

from policycheck.concrete.workflow import allows, possible_answers
from policycheck.model.decision import Outcome
from policycheck.model.environment import Authorization, CallerAccount, Endpoint
from policycheck.model.workflow import Workflow
from policycheck.solve.pinned import pinned_workflow

SEEDS = st.integers(0, 2**32)
GIVEN = st.lists(strategies.policies().map(strategies.read), max_size=2).map(tuple)


@st.composite
def workflows(draw):
    """A workflow and an environment that suits it."""
    authorizer = draw(st.sampled_from(Authorization))
    environment = replace(draw(strategies.environments()), authorization=authorizer)
    domains = ()
    if environment.endpoint is Endpoint.PRIVATE:
        domains = draw(st.none() | GIVEN)
    if authorizer is Authorization.IAM:
        account = draw(st.sampled_from(CallerAccount))
        environment = replace(environment, caller_account=account)
    workflow = Workflow(
        authorizer,
        draw(st.none() | GIVEN),
        draw(st.none() | st.sampled_from(Outcome)),
        draw(st.none() | GIVEN),
        domains,
    )
    return workflow, replace(environment, via_domain=domains != ())


def both_readings(policy, workflow, environment, readings, seed):
    """What may be decided of each request: by the concrete evaluator, and by the formula."""
    pinned = pinned_workflow(policy, workflow, environment)
    for request in admitted([policy, *workflow.policies], [], environment, readings, seed)[:5]:
        answers = possible_answers(workflow, request, readings)
        concrete = {allows(workflow, one, policy, request, readings) for one in answers}
        yield concrete, pinned(request, readings)


def test_whole_decisions():
    seen = Counter()

    @tries(50)
    @given(strategies.policies(), workflows(), strategies.readings(), SEEDS)
    def agree(policy, drawn, readings, seed):
        for concrete, symbolic in both_readings(strategies.read(policy), *drawn, readings, seed):
            assert concrete == symbolic
            seen[frozenset(concrete)] += 1

    agree()
    assert set(seen) == {frozenset({True}), frozenset({False}), frozenset({True, False})}, seen
