"""The launcher: it makes the rooms importable by their plain names, and turns errors into exit codes."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# In a wheel the rooms lie in counterwire/_app; in a checkout beside this package.
HOME = HERE / "_app" if (HERE / "_app").is_dir() else HERE.parent


def main() -> None:
    """Run the command line."""
    if sys.path[0] != str(HOME):
        sys.path.insert(0, str(HOME))
    from counterwire.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
