"""`scaffold config`."""

from __future__ import annotations

import click

EPILOG = """\b
The file is YAML; all of it may be left out:

\b
  catalog: https://example.com/platform/blueprints.git@main
  trusted:                      # `scaffold trust` keeps this list
    - https://example.com/platform/
  network:
    ca_bundle: /etc/ssl/certs/company.pem
    mirrors:
      GOPROXY: https://go.example.com
      NPM_CONFIG_REGISTRY: https://npm.example.com

\b
catalog            where `new`, `list` and `show` look unless --catalog says otherwise
trusted            sources whose blueprints may run code on this machine; with a slash
                   at the end it is all below
network.ca_bundle  certificates for git and for builds; SCAFFOLD_CA_BUNDLE wins over it
network.mirrors    variables that lead package managers to mirrors; the environment wins

\b
Example:
  scaffold config --json

Exits with 0, or 2 when the file has a mistake, which is named with its line.
"""


@click.command("config", epilog=EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(*, as_json: bool) -> None:
    """Show where your configuration is, and what holds."""
    from scaffold.flows.config import effective
    from scaffold.ui.configuration import print_effective
    from scaffold.ui.documents import print_document, result_document

    found = effective()
    if as_json:
        print_document(result_document("config", found))
        return
    print_effective(found)
