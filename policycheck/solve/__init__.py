"""Deciding: from assertions to verdicts."""
