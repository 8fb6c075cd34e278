"""Algebraic sets and algebras of laws: laws on a variety, relations among laws, membership, level sets."""
