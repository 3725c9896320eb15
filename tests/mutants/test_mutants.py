"""Every seeded defect is noticed by the twin tests of its family."""

from __future__ import annotations

import pytest
from agreement import tries
from defects import DEFECTS
from families import FAMILIES
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from injection import injected

EXAMPLES = 1200


def hunt(families):
    """Raises at the first disagreement on random data of the families."""

    @settings(tries(EXAMPLES), phases=[Phase.generate], report_multiple_bugs=False)
    @given(st.data())
    def look(data):
        FAMILIES[data.draw(st.sampled_from(families))](data)

    look()


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_defect_is_noticed(defect):
    with injected(defect), pytest.raises((AssertionError, ValueError)):
        hunt(defect.families)
