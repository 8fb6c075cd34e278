"""Outputs of many commands, frozen: `python -m tests.outputs` writes them again, the test compares byte by
byte."""
