"""The showcase of proofs; `python -m proofs.make` regenerates it."""
