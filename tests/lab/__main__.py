"""`python -m tests.lab engine` and `python -m tests.lab bases`."""

from __future__ import annotations

import argparse
import sys

from scaffold.engines.docker import find_docker
from scaffold.errors import ScaffoldError
from tests.lab.progress import Progress
from tests.lab.supply import supply


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    commands = parser.add_subparsers(required=True)
    bases = commands.add_parser("bases")
    bases.add_argument("names", nargs="*")
    args = parser.parse_args()
    try:
        supply(args.names, find_docker(), Progress())
    except ScaffoldError as error:
        print(error.message, getattr(error, "output", ""), error.hint)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
