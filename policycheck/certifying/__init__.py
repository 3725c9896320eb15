"""Verdicts that a second solver is asked about."""
