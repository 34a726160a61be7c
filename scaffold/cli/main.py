"""The `scaffold` command: names its subcommands without importing them, and is the one funnel for errors."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import click

from scaffold import __version__
from scaffold.errors import ExitCode, InputError, Interrupted, ScaffoldError

# name: (module, one line). The line stands here so that `--help` imports no command.
COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("scaffold.cli.new", "Create a service from a blueprint."),
    "verify": ("scaffold.cli.verify", "Build the image, open it, and run it as production would."),
    "update": ("scaffold.cli.update", "Move a project to a newer release of its blueprint."),
    "status": (
        "scaffold.cli.status",
        "Show what is newer than a project, and where it differs from its blueprint.",
    ),
    "list": ("scaffold.cli.list", "List the blueprints."),
    "show": ("scaffold.cli.show", "Show what one blueprint offers."),
    "blueprint": ("scaffold.cli.blueprint", "Make, check, try and release blueprints of your own."),
    "trust": ("scaffold.cli.trust", "Say whose blueprints may run code on this machine."),
    "config": ("scaffold.cli.config", "Show where your configuration is, and what holds."),
    "doctor": ("scaffold.cli.doctor", "Show what this machine has: git, engines, network, cache."),
    "completion": ("scaffold.cli.completion", "Print the completion script of your shell."),
}

EPILOG = """\b
Example:
  scaffold new hello --blueprint go --base scratch --defaults
  scaffold verify hello

\b
Exit codes:
  0 done   1 the answer is no   2 wrong usage or bad input   3 a bug of ours
  69 no engine or a service missing   75 transient, try again   130 interrupted
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run or asked for their own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name the commands in the order in which a project meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command; each module has it under the name `command`."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Print the table of commands from their names and lines alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a mistyped one is answered with the nearest."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise InputError(f"there is no command {args[0]!r}", hint=_nearest_command(args[0]))
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Starter services with container images that are small, hardened and proven."""


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line in `argv` (without the program's name) and exit with its code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    # As ^C: what is half done is undone, and containers that run are removed.
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(_guarded(lambda: _run(arguments), arguments))


def _terminated(number: int, frame: object) -> NoReturn:  # noqa: ARG001
    raise KeyboardInterrupt


def _run(arguments: list[str]) -> ExitCode:
    code = cli.main(arguments, prog_name="scaffold", standalone_mode=False)
    return ExitCode(code) if isinstance(code, int) else ExitCode.DONE


def _guarded(work: Callable[[], ExitCode], arguments: list[str]) -> ExitCode:
    """Turn whatever `work` raises into one line (or one JSON object) and an exit code."""
    try:
        return work()
    except ScaffoldError as error:
        return _reported(error, arguments)
    except click.ClickException as error:
        return _reported(_as_input_error(error), arguments)
    except (click.Abort, KeyboardInterrupt):
        return _reported(Interrupted("interrupted"), arguments)
    except BrokenPipeError:
        _silence_stdout()
        return ExitCode.DONE
    except Exception as error:  # noqa: BLE001 - the funnel: a bug becomes a report to paste
        from scaffold.ui.failures import print_bug

        print_bug(error, arguments)
        return ExitCode.BUG


def _reported(error: ScaffoldError, arguments: list[str]) -> ExitCode:
    from scaffold.ui.failures import print_error

    print_error(error, command=_command_name(arguments), as_json="--json" in arguments)
    return error.exit_code


def _as_input_error(error: click.ClickException) -> InputError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "scaffold"
    message = " ".join(error.format_message().split()).rstrip(".")
    return InputError(message, hint=f"see `{path} --help`")


def _command_name(arguments: list[str]) -> str:
    return next((word for word in arguments if word in COMMANDS), "")


def _nearest_command(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, n=1)
    return f"did you mean `scaffold {near[0]}`?" if near else "see `scaffold --help`"


def _silence_stdout() -> None:
    # The reader is gone (`scaffold list | head -1`); the interpreter's flush at exit would complain again.
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
