"""Linear algebra: mod primes (dense, sparse, block by block), over Q by primes and verification, and over
fields of parameters by elimination.  A rank mod a prime is at most that over Q; that is all the three have in
common."""
