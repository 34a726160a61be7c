"""`scaffold new`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from scaffold.cli.options import catalog_options

EPILOG = """\b
Examples:
  scaffold new
  scaffold new hello --blueprint go --base scratch --defaults
  scaffold new hello --blueprint go --data port=9090 --data-file answers.yml --preview
  scaffold new hello --catalog git@example.com:platform/blueprints.git --blueprint web

\b
Exit codes:
  0 done   2 wrong usage, a refused or missing answer, DEST is taken, a blueprint that is not trusted
  69 a catalog may not be read, or is not in the cache   75 the network failed   130 interrupted
"""


@click.command("new", epilog=EPILOG)
@click.argument("destination", metavar="[DEST]", required=False, type=click.Path(path_type=Path))
@click.option("--blueprint", "-b", default="", help="Which blueprint; `scaffold list` names them.")
@catalog_options
@click.option("--base", default="", help="The runtime base: alpine, distroless, scratch.")
@click.option("--data", "-d", multiple=True, metavar="NAME=VALUE", help="Answer one question.")
@click.option("--data-file", type=click.Path(path_type=Path), help="Read answers from a YAML file.")
@click.option("--defaults", is_flag=True, help="Take the default of every question that is not answered.")
@click.option("--preview", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--no-git", is_flag=True, help="Make no git repository.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; asks nothing.")
def command(
    destination: Path | None,
    blueprint: str,
    catalog: str,
    base: str,
    data: tuple[str, ...],
    data_file: Path | None,
    *,
    offline: bool,
    defaults: bool,
    preview: bool,
    no_git: bool,
    as_json: bool,
) -> None:
    """Create a service in DEST from a blueprint.

    On a terminal it asks for what is not given; elsewhere, and with --defaults or --json, it never does.
    """
    from scaffold.catalog.releases import Access, open_catalog
    from scaffold.flows import new
    from scaffold.ui.creation import print_created, print_preview
    from scaffold.ui.documents import print_document, result_document

    given = new.gather(data, data_file, base)
    asks = _may_ask(defaults=defaults, as_json=as_json)
    opened = open_catalog(catalog, Access(offline=offline, ask=asks))
    with new.prepared(opened, blueprint or _chosen(opened, asks=asks), destination) as plan:
        answers = (
            _interview(plan, {**plan.settled, **given})
            if asks
            else new.settle(plan, given, use_defaults=defaults)
        )
        target = new.destination_for(destination, answers)
        if preview:
            files = new.preview(plan, answers)
            document = result_document("new", {"answers": answers, "files": files})
            print_document(document) if as_json else print_preview(files)
            return
        created = new.create(plan, target, answers, git=not no_git)
    print_document(result_document("new", created)) if as_json else print_created(created, note=opened.note)


def _may_ask(*, defaults: bool, as_json: bool) -> bool:
    from scaffold.ui.terminal import is_interactive

    return is_interactive() and not defaults and not as_json


def _chosen(catalog: Any, *, asks: bool) -> str:
    """Ask for a blueprint where there is more than one; the catalog itself says what is missing."""
    offered = catalog.blueprints() if asks else []
    if len(offered) <= 1:
        return ""
    from scaffold.ui.prompts import choose_blueprint

    return choose_blueprint(offered)


def _interview(plan: Any, given: dict[str, Any]) -> dict[str, Any]:
    from scaffold.flows.new import preview
    from scaffold.ui.prompts import Interview

    return Interview(
        plan.blueprint, plan.questions, given, plan.suggested, lambda answers: preview(plan, answers)
    ).run()
