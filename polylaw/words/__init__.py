"""Laws for all widths at once: models with symbolic widths, and laws as words in their weight matrices."""
