"""The command line: ``spiral``, or ``python -m spiral``."""

import sys

from spiral import _spiral


def main() -> int:
    """Run the command line with the arguments of this process."""
    return _spiral.command_line(["spiral", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
