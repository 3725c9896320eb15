"""The command line: flags in, one function called, an exit code out."""

from policycheck.cli.program import main

__all__ = ["main"]
