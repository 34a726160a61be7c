"""`scaffold verify`."""

from __future__ import annotations

from pathlib import Path

import click

from scaffold.verify.model import Step

EPILOG = """\b
Examples:
  scaffold verify
  scaffold verify hello --engine podman --json
  scaffold verify --only lint --only open
  scaffold verify --tag registry.example.com/orders:1.2.3 && docker push registry.example.com/orders:1.2.3

\b
Exit codes:
  0 every check passed   1 a check failed   2 wrong usage or bad input
  69 no engine (the checks that need none have run)   130 interrupted
"""


@click.command("verify", epilog=EPILOG)
@click.argument("project", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@click.option("--file", "-f", "dockerfile", default="Dockerfile", help="The Dockerfile, seen from PROJECT.")
@click.option(
    "--engine", default="", envvar="SCAFFOLD_ENGINE", help="docker or podman; else the first that answers."
)
@click.option(
    "--only", type=click.Choice([step.value for step in Step]), multiple=True, help="Run only these steps."
)
@click.option(
    "--skip", type=click.Choice([step.value for step in Step]), multiple=True, help="Leave these steps out."
)
@click.option(
    "--build-arg", "arguments", multiple=True, metavar="NAME=VALUE", help="Pass an argument to the build."
)
@click.option(
    "--tag", "-t", default="", metavar="NAME", help="Keep the image under this name if every check passes."
)
@click.option("--no-cache", is_flag=True, help="Build without reusing layers.")
@click.option("--strict", is_flag=True, help="Let warnings fail the verification too.")
@click.option("--verbose", "-v", is_flag=True, help="Show the engine's own lines and each check.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(
    project: Path,
    dockerfile: str,
    engine: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    arguments: tuple[str, ...],
    tag: str,
    *,
    no_cache: bool,
    strict: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Build the image of PROJECT, open it, and run it as production would."""
    from scaffold.flows.verify import Request, exit_code, parse_arguments, verify
    from scaffold.ui.documents import print_document, result_document
    from scaffold.ui.progress import watcher
    from scaffold.ui.verification import print_report

    steps = [step for step in Step if (not only or step in only) and step not in skip]
    request = Request(
        project=project.resolve(),
        dockerfile=dockerfile,
        engine=engine,
        steps=frozenset(steps),
        arguments=parse_arguments(arguments),
        cached=not no_cache,
        tag=tag,
    )
    with watcher(as_json=as_json, verbose=verbose) as shown:
        report = verify(request, shown)
    code = exit_code(report, strict=strict)
    if as_json:
        print_document(result_document("verify", report, ok=code == 0))
    else:
        print_report(report)
    return int(code)
