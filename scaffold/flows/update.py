"""What `update` does: render the old and the new release, let git merge, bring the outcome in at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffold.catalog import versions
from scaffold.catalog.changelog import Section
from scaffold.catalog.releases import ONLINE, Access, History, Release, history
from scaffold.errors import InputError, NotOk
from scaffold.flows.plan import Merged, Plan, Route, planned
from scaffold.project.answers import FILE_NAME
from scaffold.project.apply import apply, check_in_the_way, make_branch
from scaffold.project.journal import Intent, Journal, interrupted
from scaffold.project.locate import answers_file
from scaffold.project.recorded import Recorded, read_recorded
from scaffold.project.repository import Repository, open_repository
from scaffold.project.undo import finish, pending, recover, take_back

if TYPE_CHECKING:
    from scaffold.verify.model import Report
    from scaffold.verify.pipeline import Watcher


@dataclass(frozen=True, slots=True)
class Request:
    """Which project to update, and to what.

    `subfolder` is where the project is in a bare repository. `to` is a release or a commit, "" for the newest;
    `catalog` is where to look for it instead of the place that the project names; `given` are answers that
    change.
    """

    project: Path
    answers_file: str = ""
    subfolder: str = ""
    catalog: str = ""
    access: Access = ONLINE
    to: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a merge: it is staged, or committed with `commit`, or put on a new `branch`."""

    commit: bool = False
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that an update changes: "added", "modified", "deleted" or "mode"."""

    path: str
    status: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A file that is left in conflict, with git's words and a hint how to resolve it."""

    path: str
    kind: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did, or would do.

    `outcome` is "current" when there was nothing to do, "preview", "staged", "conflicts", "committed" or
    "branch". `new_answers` are those to questions that the project had not answered, `changed_answers` those
    that are not what they were, `dropped_answers` those whose question is gone. `diff` is there in a preview,
    and `obstacle` is what an update would refuse to overwrite.
    """

    project: str
    blueprint: str
    old: str
    new: str
    outcome: str
    changes: tuple[Changed, ...] = ()
    conflicts: tuple[Clash, ...] = ()
    new_answers: Mapping[str, Any] = field(default_factory=dict)
    changed_answers: Mapping[str, Any] = field(default_factory=dict)
    dropped_answers: Mapping[str, Any] = field(default_factory=dict)
    changelog: tuple[Section, ...] = ()
    commit: str = ""
    branch: str = ""
    diff: str = ""
    obstacle: str = ""
    notes: tuple[str, ...] = ()


@contextmanager
def prepared(request: Request, *, preview: bool) -> Iterator[Plan]:
    """Find the project and lay out both releases for as long as the block lasts.

    An update that was killed is put back first; with `preview` nothing is touched at all. Raises InputError when
    the project or a release cannot be found, or when an update is under way; UntrustedError when a release would
    run code that is not allowed.
    """
    repository = open_repository(request.project, request.subfolder)
    name = answers_file(request.project, request.answers_file) if repository.top else _in_bare(request)
    notes = _put_back(repository, name, preview=preview)
    recorded = read_recorded(repository, name, repository.head())
    found = history(recorded.wants.source, request.access, catalog=request.catalog)
    said = tuple(note for note in (*notes, recorded.note, found.note) if note)
    route = Route(found, *_releases(found, recorded, request.to))
    with planned(repository, name, recorded, route, request.given, said) as plan:
        yield plan


def current(plan: Plan) -> Updated:
    """Return what there is to say of a project that has all already."""
    return replace(_summary(plan, plan.recorded.made.values), outcome="current")


def preview(merged: Merged) -> Updated:
    """Return what an update would do, with the diff; nothing is touched, neither files nor index nor refs."""
    repository, tree = merged.quarantine.repository, merged.merge.tree
    words = ["diff", "--no-ext-diff", "--no-textconv", "--find-renames", "--abbrev=10", merged.merge.head, tree]
    diff = repository.git_bytes(*words).decode("utf-8", "replace")
    return replace(_result(merged), outcome="preview", diff=diff, obstacle=_obstacle(merged))


def tested(merged: Merged, engine: str, watcher: Watcher) -> Report:
    """Build and run the outcome aside; raises NotOk when there are conflicts, which cannot be built."""
    # All the checks: a fifth of the time of an update that does not want them.
    from scaffold.flows.verify import Request as Verification
    from scaffold.flows.verify import verify

    if merged.merge.conflicts:
        names = ", ".join(conflict.path for conflict in _result(merged).conflicts)
        raise NotOk(f"in conflict: {names}", hint="nothing was changed; update without --verify to resolve them")
    with tempfile.TemporaryDirectory(prefix="scaffold-tested-") as folder:
        project = merged.quarantine.check_out_project(merged.merge.tree, Path(folder))
        return verify(Verification(project, engine=engine, blueprint=merged.plan.blueprint), watcher)


def carry_out(merged: Merged, outcome: Outcome) -> Updated:
    """Bring the outcome in, whole or not at all.

    Raises InputError when something that is not committed is in the way, NotOk when a branch is wanted and there
    are conflicts.
    """
    plan, result = merged.plan, _result(merged)
    message = f"Update from {plan.labels.old} to {plan.labels.new}"
    if outcome.branch:
        if merged.merge.conflicts:
            names = ", ".join(conflict.path for conflict in result.conflicts)
            raise NotOk(f"in conflict: {names}", hint="a branch takes what merges; update without --branch")
        commit = make_branch(merged.quarantine, plan.repository, merged.merge, outcome.branch, message)
        return replace(result, outcome="branch", branch=outcome.branch, commit=commit)
    intent = Intent(
        prefix=plan.repository.prefix,
        answers_file=plan.answers_file,
        old=plan.labels.old,
        new=plan.labels.new,
        yours=plan.labels.yours,
        message=message,
        wants_commit=outcome.commit,
    )
    journal = apply(merged.quarantine, plan.repository, merged.merge, intent)
    if merged.merge.conflicts:
        return replace(result, outcome="conflicts")
    return replace(result, outcome="committed" if journal.commit else "staged", commit=journal.commit)


def resume(request: Request) -> str:
    """End an update whose conflicts are resolved; return the commit, "" when it stays staged for the user's.

    Raises NotOk while there are conflicts, InputError when no update is under way.
    """
    repository = open_repository(request.project)
    return finish(repository, _under_way(repository, request))


def abort(request: Request) -> str:
    """Put index and files back as they were before the update, and return to which release it went."""
    repository = open_repository(request.project)
    journal = _under_way(repository, request)
    take_back(repository, journal)
    return journal.intent.new


def _in_bare(request: Request) -> str:
    return request.answers_file or FILE_NAME


def _put_back(repository: Repository, name: str, *, preview: bool) -> list[str]:
    if repository.top is None:
        return []
    if preview:
        killed = any(interrupted(repository))
        return ["an update was killed half-way; the next one puts that back first"] if killed else []
    notes = [f"put back what a killed update to {one.intent.new} had left" for one in recover(repository)]
    journal = pending(repository, name)
    if journal is not None:
        raise InputError(
            f"the update to {journal.intent.new} is not finished",
            hint="commit it, or `scaffold update --continue`, or `--abort` to take it back",
        )
    return notes


def _under_way(repository: Repository, request: Request) -> Journal:
    journal = pending(repository, answers_file(request.project, request.answers_file))
    if journal is None:
        raise InputError("no update is under way here", hint="`scaffold update` begins one")
    return journal


def _releases(found: History, recorded: Recorded, to: str) -> tuple[Release, Release]:
    made, wants = recorded.made.release, recorded.wants.release
    old = found.find(made)
    if to or not versions.same(made, wants):
        return old, found.find(to or wants)
    newest = found.newest()
    return old, newest if versions.is_behind(made, newest.version) else old


def _obstacle(merged: Merged) -> str:
    if merged.plan.repository.top is None:
        return ""
    try:
        check_in_the_way(merged.plan.repository, merged.merge)
    except InputError as error:
        return error.message
    return ""


def _result(merged: Merged) -> Updated:
    name = merged.plan.repository.name
    changes = tuple(Changed(name(one.path), one.status) for one in merged.merge.changes)
    conflicts = tuple(Clash(name(one.path), one.kind, one.message, one.hint) for one in merged.merge.conflicts)
    return replace(_summary(merged.plan, merged.answers), changes=changes, conflicts=conflicts)


def _summary(plan: Plan, answers: Mapping[str, Any]) -> Updated:
    before, secrets = plan.recorded.made.values, plan.new.questions.secrets
    told = {key: value for key, value in answers.items() if key not in secrets}
    old, new = plan.old.release.version, plan.new.release.version
    return Updated(
        project=plan.repository.prefix or (plan.repository.top or plan.repository.git_dir).name,
        blueprint=plan.history.blueprint,
        old=old,
        new=new,
        outcome="",
        new_answers={key: value for key, value in told.items() if key not in before},
        changed_answers={key: value for key, value in told.items() if key in before and before[key] != value},
        dropped_answers=plan.carried.dropped,
        changelog=plan.history.changes(old, new),
        notes=plan.notes,
    )
