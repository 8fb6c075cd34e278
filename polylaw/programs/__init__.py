"""Networks as straight-line programs with roots, exponentials and logarithms, counted mod a prime."""
