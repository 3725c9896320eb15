"""The two readings of AWS agree, family by family."""

from __future__ import annotations

import pytest
from agreement import tries
from families import FAMILIES
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("family", sorted(FAMILIES.keys() - {"policies"}))
def test_readings_agree(family):
    @tries(80)
    @given(st.data())
    def agree(data):
        FAMILIES[family](data)

    agree()
