"""Verdicts that are kept from run to run, and believed only as far as they can be checked."""
