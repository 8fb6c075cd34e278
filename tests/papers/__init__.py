"""Tables of published laws and counts."""
