"""`scaffold completion`: the script that makes a shell complete our commands and flags."""

from __future__ import annotations

import click


@click.command(
    "completion",
    epilog="\b\nExample:\n  source <(scaffold completion bash)\n\nExits with 0, or 2 on wrong usage.",
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of SHELL."""
    from click.shell_completion import get_completion_class

    from scaffold.cli.main import cli

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(cli, {}, "scaffold", "_SCAFFOLD_COMPLETE").source())
