"""Globs mean what fnmatch says, and take no more time than their length allows."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycheck.model.file_glob import BRACKETS, LONGEST, is_matched

texts = st.text(alphabet="a[]!-*?b", max_size=12)


@given(texts, texts)
def test_a_glob_matches_what_fnmatch_matches(text, glob):
    assert is_matched(text, glob) == fnmatchcase(text, glob)


@pytest.mark.parametrize("glob", ["*" * LONGEST, "[a]" * BRACKETS, "[" * BRACKETS])
def test_one_more_character_is_too_much(glob):
    text = glob.replace("*", "").replace("[a]", "a")
    assert is_matched(text, glob)
    assert not is_matched(f"{text}{glob[0]}", f"{glob}{glob[0]}")
