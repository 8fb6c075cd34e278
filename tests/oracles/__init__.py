"""Frozen answers, computed once by other means, reproduced number by number."""
