"""Terms of Z3 are freed where they are used, never by a search for cycles.

Python runs that search in whichever thread makes an object. In a worker of a cluster this may be
another one than the thread that is inside Z3, which takes no calls about one context from two
threads (https://github.com/Z3Prover/z3/issues/384).
"""

import gc
from contextlib import contextmanager

import pytest
import z3
from asking import allow, always, deny, never, policy_of, sometimes, spec_of

from policycheck.proving import prove
from policycheck.solve.limits import Limits
from policycheck.symbolic.context import fresh_context

IAM = {"authorization": "iam"}
TEAM = "${aws:PrincipalTag/team}"
PLAIN = [allow(), deny(Condition={"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})]
TIED = [allow(Condition={"StringLike": {"aws:UserAgent": f"{TEAM}*a", "aws:Referer": f"?{TEAM}"}})]
MANY = [
    allow(Condition={"StringLike": {"aws:UserAgent": [f"*{one}*{two}*" for two in "abcdef"]}})
    for one in "uvwxyz"
]


@contextmanager
def terms_in_cycles():
    """The terms that are made meanwhile and that only a search for cycles frees."""
    found = []
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        with fresh_context():
            yield found
            gc.collect()
            found += [one for one in gc.garbage if isinstance(one, z3.Z3PPObject)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


@pytest.mark.parametrize("statements", [PLAIN, TIED, MANY], ids=["plain", "tied", "many"])
@pytest.mark.parametrize("limits", [Limits(), Limits(seconds=0.02), Limits(glob_states=2)])
def test_no_term_is_in_a_cycle(statements, limits):
    policy = policy_of(*statements)
    spec = spec_of(never(source_ip="public"), always(stage="prod"), sometimes(), api=IAM)
    with terms_in_cycles() as found:
        assert len(prove(policy, spec, limits).verdicts) == 3
    assert not found


def test_a_term_in_a_cycle_is_noticed():
    with terms_in_cycles() as found:
        cycle = [z3.Bool("a")]
        cycle.append(cycle)
        del cycle
    assert len(found) == 1
    found.clear()
