"""The version of policycheck."""

__version__ = "0.1.0"
