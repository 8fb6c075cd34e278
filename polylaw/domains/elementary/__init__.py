"""Laws that are not polynomials: with logarithms, exponentials, roots and angles of the state; all exact."""
