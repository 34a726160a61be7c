"""`scaffold doctor`."""

from __future__ import annotations

import click

EPILOG = """\b
Example:
  scaffold doctor --json

\b
Exit codes:
  0 an engine answers   69 none does
"""


@click.command("doctor", epilog=EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(*, as_json: bool) -> int:
    """Show what this machine has: git, engines and what they can do, network, cache."""
    from scaffold.errors import ExitCode
    from scaffold.flows.doctor import examine
    from scaffold.ui.documents import print_document, result_document
    from scaffold.ui.machine import print_machine

    machine = examine()
    if as_json:
        print_document(result_document("doctor", machine, ok=machine.has_engine))
    else:
        print_machine(machine)
    return int(ExitCode.DONE if machine.has_engine else ExitCode.UNAVAILABLE)
