"""How far polylaw reaches: whole processes, their time and memory, and how both grow.

`python -m benchmarks` writes `benchmarks/report`; with `--before CHECKOUT` the ladder has the costs
of another checkout beside its own.
"""
