"""The lab's command line: `engine` makes sure of a container engine, `bases` of the base images in it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from scaffold.errors import ExitCode, ProgramError, ScaffoldError
from tests.lab import engine, later_docker
from tests.lab.bases import RECIPES
from tests.lab.progress import Progress
from tests.lab.supply import supply

_EXTRAS: dict[str, Callable[[Progress], engine.Engine]] = {
    "podman": engine.ensure_podman,
    "later-docker": later_docker.ensure_later_docker,
}
_ENGINES = {"": engine.ensure_engine, "docker": engine.ensure_docker, **_EXTRAS}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an expected failure is told on stderr and gives its exit code."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options, Progress())
    except ScaffoldError as error:
        _tell(error)
        return error.exit_code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return ExitCode.DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    engine_command = commands.add_parser("engine", help="find, start or install docker or podman")
    engine_command.add_argument("--with", dest="extras", action="append", choices=_EXTRAS, default=[])
    engine_command.set_defaults(run=_engine)
    bases = commands.add_parser("bases", help="pull or assemble the base images")
    bases.add_argument("names", nargs="*", metavar="NAME", help=", ".join(RECIPES))
    bases.add_argument("--engine", choices=_ENGINES, default="", help="whose storage gets them")
    bases.set_defaults(run=_bases)
    return parser


def _engine(options: argparse.Namespace, progress: Progress) -> None:
    found = [engine.ensure_engine(progress), *(_EXTRAS[name](progress) for name in options.extras)]
    for one in found:
        progress.say(f"{one.name} {one.version} answers: {one.program}, builds with {one.capabilities.builder}")


def _bases(options: argparse.Namespace, progress: Progress) -> None:
    supply(options.names, _ENGINES[options.engine](progress), progress)


def _tell(error: ScaffoldError) -> None:
    lines = [error.output if isinstance(error, ProgramError) else "", f"error: {error.message}", error.hint]
    print("\n".join(line for line in lines if line), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
