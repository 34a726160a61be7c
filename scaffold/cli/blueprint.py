"""`scaffold blueprint`: what authors of blueprints need."""

from __future__ import annotations

from pathlib import Path

import click

EPILOG = """\b
Examples:
  scaffold blueprint new blueprints/web --from go
  scaffold blueprint lint blueprints/
  scaffold blueprint test blueprints/web --no-build
  scaffold blueprint release blueprints/web

\b
Exit codes:
  0 done   1 a blueprint has mistakes   2 wrong usage or bad input   69 no engine
"""
NEW_EPILOG = """\b
Example:
  scaffold blueprint new blueprints/web --from go

\b
Exit codes:
  0 done   2 something is in the way
"""
LINT_EPILOG = """\b
Example:
  scaffold blueprint lint blueprints/

\b
Exit codes:
  0 no mistakes   1 some   2 wrong usage, or it is not trusted to load its extensions
"""
TEST_EPILOG = """\b
Examples:
  scaffold blueprint test blueprints/web
  scaffold blueprint test blueprints/web --no-build --limit 100 --data owner=us

\b
Exit codes:
  0 every case is good   1 one is not   2 wrong usage or bad input   69 no engine   130 interrupted
"""
RELEASE_EPILOG = """\b
Example:
  scaffold blueprint release blueprints/web

\b
Exit codes:
  0 done   2 the version is taken, or the changelog does not tell of it
"""
_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.group("blueprint", epilog=EPILOG)
def command() -> None:
    """Make, check, try and release blueprints of your own."""


@command.command("new", epilog=NEW_EPILOG)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--from", "model", default="go", show_default=True, help="The built-in blueprint to begin with.")
def new(folder: Path, model: str) -> None:
    """Begin a blueprint in FOLDER, whose name it gets.

    It is a copy of one that builds and verifies, to be changed step by step. The parts that blueprints share
    and a catalog.yml go into the folder above, where there are none yet.
    """
    from scaffold.flows import blueprint
    from scaffold.ui.authoring import print_begun

    print_begun(folder, blueprint.create(folder, model))


@command.command("lint", epilog=LINT_EPILOG)
@click.argument("folders", metavar="FOLDER...", type=_FOLDER, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the mistakes as JSON.")
def lint(folders: tuple[Path, ...], *, as_json: bool) -> int:
    """Find mistakes in the blueprint, or in all of a catalog, in each FOLDER.

    Bad YAML, unknown settings and questions, broken Jinja, missing parts, answers of the organisation that are
    refused, releases that have changed. Each is told with file and line.
    """
    from scaffold.errors import ExitCode
    from scaffold.flows import blueprint
    from scaffold.ui.authoring import print_linted
    from scaffold.ui.documents import print_document, result_document

    linted = blueprint.check(folders)
    good = not any(one.problems for one in linted)
    if as_json:
        print_document(result_document("blueprint", linted, ok=good))
    else:
        print_linted(linted)
    return int(ExitCode.DONE if good else ExitCode.NO)


@command.command("test", epilog=TEST_EPILOG)
@click.argument("folder", type=_FOLDER)
@click.option("--no-build", is_flag=True, help="Render, and lint the Dockerfile; build and run nothing.")
@click.option("--engine", default="", envvar="SCAFFOLD_ENGINE", help="docker or podman; else the first there is.")
@click.option(
    "--limit",
    default=16,
    show_default=True,
    help="Up to so many combinations of choices are all tried; of more, a set with every pair.",
)
@click.option("--data", "-d", multiple=True, metavar="NAME=VALUE", help="Answer one question in every case.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def test(folder: Path, engine: str, limit: int, data: tuple[str, ...], *, no_build: bool, as_json: bool) -> int:
    """Make projects of the blueprint in FOLDER with the combinations of its choices, and verify each."""
    from scaffold.errors import ExitCode
    from scaffold.flows import blueprint
    from scaffold.flows.new import gather
    from scaffold.ui.authoring import print_tested, print_tried
    from scaffold.ui.documents import print_document, result_document
    from scaffold.ui.progress import Silent

    trial = blueprint.Trial(folder, not no_build, engine, limit, gather(data, None, ""))
    tested = blueprint.test(trial, Silent(), (lambda _: None) if as_json else print_tried)
    if as_json:
        print_document(result_document("blueprint", tested, ok=tested.ok))
    else:
        print_tested(tested)
    return int(ExitCode.DONE if tested.ok else ExitCode.NO)


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
