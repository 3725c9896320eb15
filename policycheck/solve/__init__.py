"""Deciding: from assertions to verdicts."""

from policycheck.z3_library import choose_library

choose_library()
