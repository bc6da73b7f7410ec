"""The launcher: it makes the rooms importable by their plain names, and turns errors into exit codes."""

from __future__ import annotations

import sys

from counterwire.home import HOME


def main() -> None:
    """Run the command line."""
    if sys.path[0] != str(HOME):
        sys.path.insert(0, str(HOME))
    from counterwire.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
