"""Every request at once, one formula: the encoding for the solver."""

from policycheck.z3_library import choose_library

choose_library()
