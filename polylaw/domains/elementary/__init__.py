"""Laws that are not polynomials: with logarithms, exponentials, roots and arc tangents of the state; exact
throughout."""
