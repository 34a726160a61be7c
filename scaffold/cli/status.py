"""`scaffold status`."""

from __future__ import annotations

from pathlib import Path

import click

from scaffold.cli.options import answers_file_option, catalog_options

EPILOG = """\b
Examples:
  scaffold status
  scaffold status services --offline
  scaffold status --diff
  scaffold status --fail-on behind --fail-on drift
  scaffold status --heal Dockerfile

\b
Exit codes:
  0 told   1 what --fail-on names, or a project that cannot be compared   2 wrong usage or bad input
  69 a catalog may not be read, or is not in the cache   75 the network failed
"""


@click.command("status", epilog=EPILOG)
@click.argument("project", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@catalog_options
@answers_file_option
@click.option("--diff", is_flag=True, help="Show how each file differs.")
@click.option(
    "--fail-on",
    type=click.Choice(["behind", "drift"]),
    multiple=True,
    help="Exit with 1 when there is a newer release, or a file that differs.",
)
@click.option(
    "--heal", multiple=True, metavar="FILE", help="Make this file again what the project's release has."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    project: Path,
    catalog: str,
    answers_file: str,
    fail_on: tuple[str, ...],
    heal: tuple[str, ...],
    *,
    offline: bool,
    diff: bool,
    as_json: bool,
) -> int:
    """Show which release PROJECT was made from, what is newer, and which files differ from it.

    In a folder that is no project itself, all those below it are shown.
    """
    from scaffold.catalog.release import Access
    from scaffold.errors import ExitCode
    from scaffold.flows import status as flow
    from scaffold.ui.documents import print_document, result_document
    from scaffold.ui.projects import print_healed, print_states
    from scaffold.ui.terminal import is_interactive

    access = Access(offline=offline, ask=is_interactive() and not as_json)
    request = flow.Request(project, answers_file, catalog, access, diff)
    if heal:
        healed = flow.heal(request, heal)
        print_document(result_document("status", {"healed": healed})) if as_json else print_healed(healed)
        return int(ExitCode.DONE)
    states = flow.status(request)
    shown = list(states) if as_json else print_states(states)
    ok = flow.is_ok(shown, fail_on)
    if as_json:
        print_document(result_document("status", {"projects": shown}, ok=ok))
    return int(ExitCode.DONE if ok else ExitCode.NO)
