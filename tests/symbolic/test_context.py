"""A context of its own for terms: what is made meanwhile lies there, later terms do not."""

from __future__ import annotations

import pytest
import z3

from policycheck.symbolic.boolean import constant, true
from policycheck.symbolic.context import fresh_context


def test_terms_are_in_a_context_of_their_own_and_afterwards_where_they_were():
    before = z3.main_ctx()
    assert true().ctx is before
    with fresh_context():
        inner = z3.main_ctx()
        assert inner is not before
        assert true().ctx is inner
        assert z3.Bool("a").ctx is inner
        with fresh_context():
            assert z3.main_ctx() not in (before, inner)
        assert z3.main_ctx() is inner
        assert constant(False).ctx is inner
    assert z3.main_ctx() is before
    assert true().ctx is before


def test_the_context_comes_back_after_an_error():
    before = z3.main_ctx()
    with pytest.raises(ZeroDivisionError), fresh_context():
        _ = 1 // 0
    assert z3.main_ctx() is before
    assert constant(True).ctx is before
