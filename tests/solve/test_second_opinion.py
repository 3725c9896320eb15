"""Random questions, answered by the glob method and by a solver of native strings."""

from __future__ import annotations

from collections import Counter

import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from policycheck.analyse.export import export
from policycheck.diagnostics import InputError
from policycheck.model.assertion import Assertion, AssertionKind, Spec
from policycheck.model.verdict import Status
from policycheck.solve.limits import Limits
from policycheck.solve.prover import prove

cvc5 = pytest.importorskip("cvc5")

KINDS = st.sampled_from([AssertionKind.NEVER_ALLOWED, AssertionKind.ALWAYS_ALLOWED])
LIMITS = Limits(seconds=5, probes=20)


def by_cvc5(script):
    solver = cvc5.Solver()
    solver.setOption("tlimit-per", "300")
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "script")
    answers = ""
    while not (command := parser.nextCommand()).isNull():
        answers += command.invoke(solver, parser.getSymbolManager())
    return answers.strip()


def test_proofs_and_counterexamples_are_confirmed():
    seen = Counter()

    @settings(deadline=None, derandomize=True, max_examples=25)
    @given(strategies.policies(), strategies.predicates(), strategies.environments(), KINDS)
    def compare(policy, predicate, environment, kind):
        policy = strategies.read(policy)
        spec = Spec((Assertion("random", kind, predicate),), environment)
        (verdict,) = prove([policy], spec, LIMITS).verdicts
        if verdict.status not in {Status.PROVED, Status.VIOLATED} or verdict.under:
            return
        try:
            ((_, script),) = export(policy, spec)
        except InputError:
            return
        expected = "unsat" if verdict.status is Status.PROVED else "sat"
        answer = by_cvc5(script)
        assert answer in {expected, "unknown"}
        seen[answer] += 1

    compare()
    assert seen["unsat"] > 1
    assert seen["sat"] > 1
