"""`scaffold list`."""

from __future__ import annotations

import click

from scaffold.cli.options import catalog_options

EPILOG = """\b
Examples:
  scaffold list --json
  scaffold list --catalog git@example.com:platform/blueprints.git@main

\b
Exit codes:
  0 done   2 no such catalog, or a blueprint cannot be read
  69 a catalog may not be read, or is not in the cache   75 the network failed
"""


@click.command("list", epilog=EPILOG)
@catalog_options
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(catalog: str, *, offline: bool, as_json: bool) -> None:
    """List the blueprints."""
    from scaffold.catalog.releases import Access, open_catalog
    from scaffold.ui.terminal import is_interactive

    opened = open_catalog(catalog, Access(offline=offline, ask=is_interactive() and not as_json))
    found = opened.blueprints()
    if as_json:
        from scaffold.ui.blueprints import blueprint_document
        from scaffold.ui.documents import print_document, result_document

        print_document(result_document("list", [blueprint_document(blueprint) for blueprint in found]))
        return
    from scaffold.ui.blueprints import print_list

    print_list(found, note=opened.note)
