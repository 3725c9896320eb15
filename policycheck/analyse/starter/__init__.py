"""A first spec for a policy: what holds today."""
