"""A starter spec for real policies, proved of them."""

from pathlib import Path

import pytest

import policycheck as pc
from policycheck.model.environment import Authorization, Endpoint, Environment

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted(CORPUS.rglob("*.json"))[::6]
KNOWN = (
    Environment(),
    Environment(Endpoint.REGIONAL),
    Environment(Endpoint.PRIVATE, Authorization.IAM),
)
LIMITS = pc.Limits(probes=10)


@pytest.mark.skipif(not FILES, reason="the corpus is not here")
@pytest.mark.parametrize("place", range(len(FILES)))
def test_every_policy_that_can_be_read_has_a_spec_that_holds(place):
    file = FILES[place]
    try:
        policy = pc.load_policy(file)
    except pc.InputError:
        return
    known = KNOWN[place % len(KNOWN)]
    made = pc.starter_spec(policy, known, baseline=str(file), limits=LIMITS)
    spec = pc.parse_spec(pc.Source("made.yaml", made.text), Path())
    report = pc.prove(policy, spec, LIMITS)
    assert report.exit_code == 0
    assert len(report.proved) == len(spec.assertions) >= 1
