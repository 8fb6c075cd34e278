"""What is conserved: ansatz, search, generators, counting, checking a claim."""
