"""`python -m polylaw`."""

from polylaw.cli import main

main()
