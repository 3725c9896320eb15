"""What is made of the two readings besides proofs."""

from policycheck.z3_library import choose_library

choose_library()
