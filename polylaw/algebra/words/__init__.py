"""Matrix words: the free algebra of products of letters whose axes are tied by indices."""
