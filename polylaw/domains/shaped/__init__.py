"""Laws for all widths at once, as words in the weight matrices of a model."""
