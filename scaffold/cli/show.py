"""`scaffold show`."""

from __future__ import annotations

import click

from scaffold.cli.options import catalog_options

EPILOG = """\b
Examples:
  scaffold show go
  scaffold show --catalog https://example.com/platform/blueprints.git@1.2.0 web

\b
Exit codes:
  0 done   2 no such blueprint or catalog
  69 a catalog may not be read, or is not in the cache   75 the network failed
"""


@click.command("show", epilog=EPILOG)
@click.argument("blueprint")
@catalog_options
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(blueprint: str, catalog: str, *, offline: bool, as_json: bool) -> None:
    """Show what one BLUEPRINT offers: its bases, with reasons, and its questions, with defaults."""
    from scaffold.catalog.releases import Access, open_catalog
    from scaffold.flows.show import show
    from scaffold.ui.blueprints import print_shown, shown_document
    from scaffold.ui.terminal import is_interactive

    opened = open_catalog(catalog, Access(offline=offline, ask=is_interactive() and not as_json))
    shown = show(opened, blueprint)
    if as_json:
        from scaffold.ui.documents import print_document, result_document

        print_document(result_document("show", shown_document(shown)))
        return
    print_shown(shown, note=opened.note)
