"""Findings about a policy: what is wrong, doubtful or needless in it."""
