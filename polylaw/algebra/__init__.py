"""Ground floor: rings, polynomials, exact linear algebra.  Knows nothing of laws."""
