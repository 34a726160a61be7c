"""`scaffold list`."""

from __future__ import annotations

import click

EPILOG = "\b\nExample:\n  scaffold list --json\n\nExits with 0, or 2 when a blueprint cannot be read."


@click.command("list", epilog=EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(*, as_json: bool) -> None:
    """List the blueprints."""
    from scaffold.catalog.builtin import blueprints

    found = blueprints()
    if as_json:
        from scaffold.ui.blueprints import blueprint_document
        from scaffold.ui.documents import print_document, result_document

        print_document(result_document("list", [blueprint_document(blueprint) for blueprint in found]))
        return
    from scaffold.ui.blueprints import print_list

    print_list(found)
