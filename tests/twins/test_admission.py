"""Both readings agree on which requests exist: no proof may forget a request that does."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import strategies
import z3
from agreement import REQUESTS, tries
from hypothesis import given
from hypothesis import strategies as st

from policycheck.concrete.environment import admits, objection
from policycheck.model.request import Request
from policycheck.solve.pinned import Pinned
from policycheck.symbolic import environment as formulas
from policycheck.symbolic.boolean import every

SEEDS = st.integers(0, 2**32)
KEYS = (*strategies.TEXT_KEYS, *strategies.SEVERAL_TEXT_KEYS, *strategies.ARN_KEYS)
OTHERS = (
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:TokenIssueTime",
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:SourceIp",
    "aws:VpcSourceIp",
    "aws:SecureTransport",
    "custom:address",
    "custom:count",
    "custom:moment",
    "custom:flag",
)

FIELDS = ("endpoint", "authorization", "arn", "stages", "ip_address_type", "routes")


def existence(environment):
    """The formula that a request exists, every key being in use.

    That each session has a name is left out: a request may name a role alone.
    """

    def make(symbols):
        for key in (*KEYS, *OTHERS):
            symbols.key(key)
        exists = every(formulas.admits(environment, symbols))
        return (z3.substitute(exists, (symbols.caller.in_session, z3.BoolVal(True))),)

    return Pinned(environment, {}, make)


def exists(pinned, request, readings):
    """Whether the formula holds of the request; False if no request has its form."""
    try:
        return pinned.truths(request, readings)[0]
    except ValueError:
        return False


@tries(25)
@given(strategies.policies(), strategies.environments(), strategies.readings(), SEEDS)
def test_no_request_that_exists_is_forgotten(policy, environment, readings, seed):
    prober = strategies.prober([strategies.read(policy)], [], environment)
    random, pinned = Random(seed), existence(environment)
    for request in (prober.draw(random, readings) for _ in range(REQUESTS)):
        if admits(environment, request, readings):
            assert exists(pinned, request, readings), request


def test_requests_of_another_environment():
    """Requests are drawn for one environment and readings, and judged by others: by one in which
    one thing is known otherwise."""
    seen = Counter()

    @tries(50)
    @given(
        st.tuples(strategies.environments(), strategies.environments()),
        st.tuples(strategies.readings(), strategies.readings()),
        SEEDS,
    )
    def agree(environments, readings, seed):
        prober = strategies.prober([], [], environments[0])
        field = FIELDS[seed % len(FIELDS)]
        other = replace(environments[0], **{field: getattr(environments[1], field)})
        random, pinned = Random(seed), existence(other)
        for request in (prober.draw(random, readings[0]) for _ in range(REQUESTS)):
            reason = objection(other, request, readings[1])
            assert exists(pinned, request, readings[1]) is (reason is None), (request, reason)
            seen[reason is None] += 1

    agree()
    assert min(seen.values()) > 0.1 * seen.total()


def mixed(first, second, random):
    """A request with a part of either: its keys seldom fit together."""
    names = sorted({*first.context, *second.context})
    sides = {name: first if random.random() < 0.8 else second for name in names}
    context = {n: one.context[n] for n, one in sides.items() if n in one.context}
    caller = first.principal if random.random() < 0.8 else second.principal
    return Request(first.resource, first.action, caller, context)


@tries(25)
@given(strategies.environments(), strategies.readings(), SEEDS)
def test_requests_put_together_from_two(environment, readings, seed):
    prober = strategies.prober([], [], environment)
    random, pinned = Random(seed), existence(environment)
    for _ in range(REQUESTS):
        first, second = (prober.draw(random, readings) for _ in range(2))
        request = mixed(first, second, random)
        reason = objection(environment, request, readings)
        assert exists(pinned, request, readings) is (reason is None), (request, reason)
