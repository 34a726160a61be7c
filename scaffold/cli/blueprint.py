"""`scaffold blueprint`: what authors of blueprints need."""

from __future__ import annotations

from pathlib import Path

import click

EPILOG = """\b
Examples:
  scaffold blueprint release blueprints/go
  scaffold blueprint release --version 1.2.0 blueprints/go blueprints/node

\b
Exit codes:
  0 done   1 a blueprint has mistakes   2 wrong usage or bad input   69 no engine
"""
RELEASE_EPILOG = """\b
Example:
  scaffold blueprint release blueprints/go

\b
Exit codes:
  0 done   2 the version is taken, or the changelog does not tell of it
"""
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.group("blueprint", epilog=EPILOG)
def command() -> None:
    """Make, check, try and release blueprints of your own."""


@command.command("release", epilog=RELEASE_EPILOG)
@click.argument("folders", metavar="FOLDER...", type=_FOLDER, nargs=-1, required=True)
@click.option("--version", default="", help="The version; else the one that the blueprint is worked on for.")
@click.option("--json", "as_json", is_flag=True, help="Print what was released as JSON.")
def release(folders: tuple[Path, ...], version: str, *, as_json: bool) -> None:
    """Release the blueprint in each FOLDER.

    The changelog has to tell of it, under its version or under "Unreleased". Where releases are tags of a git
    repository, the last step is yours: it prints the commands.
    """
    from scaffold.flows import blueprint
    from scaffold.ui.authoring import print_published
    from scaffold.ui.documents import print_document, result_document

    published = blueprint.release(folders, version)
    if as_json:
        print_document(result_document("blueprint", published))
        return
    print_published(published)
