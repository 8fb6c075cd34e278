"""Ground floor: rings, polynomials, exact linear algebra.  Knows nothing of laws."""

import polylaw.algebra.parse  # noqa: F401 - rings read text
