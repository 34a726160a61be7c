"""`scaffold trust`."""

from __future__ import annotations

import click

EPILOG = """\b
Examples:
  scaffold trust add https://example.com/platform/blueprints.git
  scaffold trust add https://example.com/platform/
  scaffold trust list

\b
Exit codes:
  0 done   2 no such source, or the configuration has a mistake
"""


@click.group("trust", epilog=EPILOG)
def command() -> None:
    """Say whose blueprints may run code on this machine.

    A blueprint may bring tasks, migrations and extensions of the template engine, which run with your rights.
    Those of a catalog that is not trusted are refused. SOURCE is a git URL or a folder; a folder, and a URL
    that ends in a slash, stand for all below.
    """


@command.command(
    "add", epilog="\b\nExample:\n  scaffold trust add https://example.com/platform/\n\nExits with 0 or 2."
)
@click.argument("source")
def add(source: str) -> None:
    """Let blueprints from SOURCE run code."""
    from scaffold.catalog.trust import allow
    from scaffold.ui.terminal import say

    say(f"blueprints from {allow(source)} may run code on this machine")


@command.command("remove", epilog="\b\nExample:\n  scaffold trust remove gh:you/template\n\nExits with 0 or 2.")
@click.argument("source")
def remove(source: str) -> None:
    """Take that back."""
    from scaffold.catalog.trust import revoke
    from scaffold.ui.terminal import say

    say(f"blueprints from {revoke(source)} may run no code any more")


@command.command("list", epilog="\b\nExample:\n  scaffold trust list --json\n\nExits with 0 or 2.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(*, as_json: bool) -> None:
    """List the sources that are trusted."""
    from scaffold.config import configuration
    from scaffold.ui.documents import print_document, result_document
    from scaffold.ui.terminal import say

    trusted = configuration().trusted
    if as_json:
        print_document(result_document("trust", trusted))
        return
    for source in trusted:
        say(source)
