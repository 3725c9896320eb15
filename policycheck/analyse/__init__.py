"""What is made of the two readings besides proofs."""
