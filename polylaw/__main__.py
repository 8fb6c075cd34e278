"""The process `polylaw`, also as `python -m polylaw`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; whoever interrupts it while it is loaded is told so, as later."""
    try:
        from polylaw.cli import main as run

        run()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
