"""`scaffold update`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scaffold.cli.options import answers_file_option, catalog_options

if TYPE_CHECKING:
    from scaffold.flows.plan import Merged, Plan
    from scaffold.flows.update import Request

EPILOG = """\b
Examples:
  scaffold update --preview
  scaffold update
  scaffold update --to 1.4.0 --data metrics=true --verify
  scaffold update services/orders --defaults --branch update-blueprint --json
  scaffold update --continue

\b
The outcome lies staged: `git diff --cached` shows it, `git commit` keeps it, `scaffold update --abort` takes it
back. Conflicts are git's: edit and `git add`, or `git mergetool`; then `scaffold update --continue`.

\b
Exit codes:
  0 done, or nothing to do   1 conflicts are left, or --verify failed   2 wrong usage, something is in the way
  69 no engine, or a catalog may not be read   75 the network failed   130 interrupted
"""


@click.command("update", epilog=EPILOG)
@click.argument("project", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@click.option("--to", default="", metavar="VERSION", help="Go to this release, else the newest.")
@click.option("--preview", is_flag=True, help="Show files, diff and conflicts, and touch nothing.")
@click.option(
    "--data", "-d", multiple=True, metavar="NAME=VALUE", help="Answer a new question, or change an answer."
)
@click.option("--data-file", type=click.Path(path_type=Path), help="Read answers from a YAML file.")
@click.option(
    "--defaults", is_flag=True, help="Ask nothing; take the default where an answer does not hold any more."
)
@click.option(
    "--branch", default="", metavar="NAME", help="Put the outcome on a new branch, and leave files alone."
)
@click.option("--commit", is_flag=True, help="Commit the outcome.")
@click.option("--verify", is_flag=True, help="Build and run the outcome aside first; only what passes comes in.")
@click.option("--engine", default="", envvar="SCAFFOLD_ENGINE", help="For --verify: docker or podman.")
@click.option("--continue", "resume", is_flag=True, help="End an update whose conflicts are resolved.")
@click.option("--abort", is_flag=True, help="Put everything back as it was before the update.")
@catalog_options
@answers_file_option
@click.option("--subfolder", default="", metavar="PATH", help="Where the project is in a bare repository.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; asks nothing.")
def command(
    project: Path,
    to: str,
    data: tuple[str, ...],
    data_file: Path | None,
    branch: str,
    engine: str,
    catalog: str,
    answers_file: str,
    subfolder: str,
    *,
    preview: bool,
    defaults: bool,
    commit: bool,
    verify: bool,
    resume: bool,
    abort: bool,
    offline: bool,
    as_json: bool,
) -> int:
    """Move PROJECT to a newer release of its blueprint, as a three-way merge that git does.

    On a terminal it asks the release's new questions; elsewhere they take their defaults.
    """
    from scaffold.catalog.release import Access
    from scaffold.flows import update
    from scaffold.flows.new import gather
    from scaffold.flows.plan import merge_with

    _refuse_together(
        {"--preview": preview, "--branch": branch, "--commit": commit, "--continue": resume, "--abort": abort}
    )
    asks = _may_ask(defaults=defaults, as_json=as_json)
    request = update.Request(
        project=project,
        answers_file=answers_file,
        subfolder=subfolder,
        catalog=catalog,
        access=Access(offline=offline, ask=asks),
        to=to,
        given=gather(data, data_file, ""),
    )
    if resume or abort:
        return _end(request, abort=abort, as_json=as_json)
    with update.prepared(request, preview=preview) as plan:
        answers = _answers(plan, asks=asks, use_defaults=defaults)
        if plan.is_current(answers):
            return _show(update.current(plan), as_json=as_json)
        merged = merge_with(plan, answers)
        if verify and (code := _tested(merged, engine, as_json=as_json)):
            return code
        if preview:
            return _show(update.preview(merged), as_json=as_json)
        return _show(update.carry_out(merged, update.Outcome(commit, branch)), as_json=as_json)


def _refuse_together(flags: dict[str, object]) -> None:
    given = [name for name, value in flags.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} do not go together")


def _may_ask(*, defaults: bool, as_json: bool) -> bool:
    from scaffold.ui.terminal import is_interactive

    return is_interactive() and not defaults and not as_json


def _answers(plan: Plan, *, asks: bool, use_defaults: bool) -> dict[str, Any]:
    from scaffold.flows.carry import settle

    if not asks or not (plan.carried.new or plan.carried.refused):
        return settle(plan.new, plan.carried, plan.given, use_defaults=use_defaults)
    from scaffold.ui.prompts import Interview
    from scaffold.ui.updates import print_before_questions

    print_before_questions(plan)
    return Interview(plan.blueprint, plan.new.questions, plan.carried.kept, {}).ask()


def _show(updated: Any, *, as_json: bool) -> int:
    from scaffold.errors import ExitCode
    from scaffold.ui.documents import print_document, result_document
    from scaffold.ui.updates import print_updated

    ok = not (updated.conflicts or updated.obstacle)
    print_document(result_document("update", updated, ok=ok)) if as_json else print_updated(updated)
    return int(ExitCode.DONE if ok else ExitCode.NO)


def _tested(merged: Merged, engine: str, *, as_json: bool) -> int:
    """Verify the outcome aside; return 0 when it may come in."""
    from scaffold.flows.update import tested
    from scaffold.flows.verify import exit_code
    from scaffold.ui.documents import print_document, result_document
    from scaffold.ui.progress import watcher
    from scaffold.ui.updates import print_tested

    with watcher(as_json=as_json, verbose=False) as shown:
        report = tested(merged, engine, shown)
    code = int(exit_code(report))
    if not as_json:
        print_tested(report, passed=code == 0)
    elif code:
        print_document(result_document("update", {"outcome": "refused", "report": report}, ok=False))
    return code


def _end(request: Request, *, abort: bool, as_json: bool) -> int:
    from scaffold.errors import ExitCode
    from scaffold.flows import update
    from scaffold.ui.documents import print_document, result_document
    from scaffold.ui.updates import print_aborted, print_resumed

    if abort:
        release = update.abort(request)
        print_document(result_document("update", {"outcome": "aborted"})) if as_json else print_aborted(release)
    else:
        commit = update.resume(request)
        result = {"outcome": "committed" if commit else "staged", "commit": commit}
        print_document(result_document("update", result)) if as_json else print_resumed(commit)
    return int(ExitCode.DONE)
