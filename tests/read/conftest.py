"""Hypothesis without a time limit per example: test machines are shared."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
