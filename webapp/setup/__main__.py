"""The entry of `make`: `python3 -m webapp.setup COMMAND`."""

from __future__ import annotations

import sys

from webapp.setup.commands import COMMANDS
from webapp.setup.terminal import Stop


def main(arguments: list[str]) -> int:
    """Run one command; say in one line what is missing, and never show a traceback for it."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"Usage: make {' | make '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[arguments[0]]()
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
