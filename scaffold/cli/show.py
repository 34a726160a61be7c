"""`scaffold show`."""

from __future__ import annotations

import click

EPILOG = "\b\nExample:\n  scaffold show go\n\nExits with 0, or 2 when there is no such blueprint."


@click.command("show", epilog=EPILOG)
@click.argument("blueprint")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(blueprint: str, *, as_json: bool) -> None:
    """Show what one BLUEPRINT offers: its bases, with reasons, and its questions, with defaults."""
    from scaffold.flows.show import show
    from scaffold.ui.blueprints import print_shown, shown_document

    shown = show(blueprint)
    if as_json:
        from scaffold.ui.documents import print_document, result_document

        print_document(result_document("show", shown_document(shown)))
        return
    print_shown(shown)
