"""Laws on smaller or larger worlds: on invariant sets, with functions, on Darboux sets, for all widths."""
