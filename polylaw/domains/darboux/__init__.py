"""Darboux polynomials of a distribution, X h = lambda_X h for every field X, and the laws made of them."""
