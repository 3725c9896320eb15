"""Findings about random policies hold on concrete requests, and none is left open."""

from __future__ import annotations

from dataclasses import replace

import strategies
from agreement import admitted, tries
from hypothesis import assume, given
from hypothesis import strategies as st

from policycheck.analyse.lint.setting import Setting
from policycheck.concrete.policy import allows, evaluate, statement_applies
from policycheck.linting import lint
from policycheck.model.reading import DEFAULT_READINGS

NEEDLESS = {"REDUNDANT_STATEMENT", "DENY_WITHOUT_EFFECT"}
DEAD = ("so the statement allows nothing", "so the Deny never fires")
SEEDS = st.integers(0, 2**32)


def without(policy, indexes):
    kept = tuple(one for one in policy.statements if one.index not in indexes)
    return replace(policy, statements=kept)


def possible(model, known, seed):
    """Requests near the policy in each of the environments that can be."""
    for case in known.cases(model):
        yield from admitted([model], [], case, DEFAULT_READINGS, seed)


@tries(25)
@given(strategies.policies(), strategies.environments(), SEEDS)
def test_findings_hold_on_concrete_requests(policy, environment, seed):
    model = strategies.read(policy)
    known = Setting.of(environment)
    report = lint(model, known)
    assume(not report.failures)
    [found] = report.policies
    assert all(" variable" in one for one in found.undecided)
    for one in found.findings:
        if one.example:
            request, readings = one.example.request, one.example.readings
            assert evaluate(model, request, readings) == one.example.decision
    needless = {one.statement for one in found.findings if one.code in NEEDLESS}
    dead = [one.statement for one in found.findings if one.evidence.split(";")[0].endswith(DEAD)]
    dead += [one.statement for one in found.findings if one.code.endswith("_NEVER_APPLIES")]
    less = without(model, needless)
    for request in possible(model, known, seed):
        assert allows(less, request) == allows(model, request)
        applying = [s.index for s in model.statements if s.index in dead]
        assert not any(
            statement_applies(model.statements[index], request, DEFAULT_READINGS)
            for index in applying
        )
