"""Every benchmark, one after the other: `make bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run the programs of this folder."""
    for program in sorted(HERE.glob("[a-z]*.py")):
        print(f"\n== {program.stem}", flush=True)
        subprocess.run([sys.executable, str(program)], check=True)


if __name__ == "__main__":
    main()
