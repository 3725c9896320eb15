"""How hard Hypothesis tries: as usual, or much harder with POLICYCHECK_PROFILE=deep."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "usual",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("deep", settings.get_profile("usual"), derandomize=False)
settings.load_profile(os.environ.get("POLICYCHECK_PROFILE", "usual"))
