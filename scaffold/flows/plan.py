"""The way of a project from one release to another: both laid out, its answers carried over, all merged aside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold.catalog import versions
from scaffold.catalog.blueprint import Blueprint, describe
from scaffold.catalog.releases import History, Release
from scaffold.errors import AnswersError
from scaffold.flows.carry import Carried, carry
from scaffold.flows.migration import migrate_after, migrate_before
from scaffold.flows.template import Template, lay_out
from scaffold.project.merge import Labels, Merge, merge
from scaffold.project.quarantine import Quarantine
from scaffold.project.recorded import Recorded
from scaffold.project.repository import Repository


@dataclass(frozen=True, slots=True)
class Plan:
    """A project and the two releases between which it moves, laid out.

    `migrated` is the tree that migrations have made of the project aside, "" where there are none.
    """

    repository: Repository
    quarantine: Quarantine
    answers_file: str
    recorded: Recorded
    migrated: str
    history: History
    old: Template
    new: Template
    given: Mapping[str, Any]
    carried: Carried
    notes: tuple[str, ...]

    @property
    def blueprint(self) -> Blueprint:
        """What the new release says of itself."""
        return describe(self.new.root, self.history.blueprint)

    @property
    def labels(self) -> Labels:
        """What the sides are called in conflicts."""
        old, new = (f"{self.history.blueprint} {one.release.version}" for one in (self.old, self.new))
        return Labels(old, new) if old != new else Labels(f"{old} before", f"{new} after")

    def is_current(self, answers: Mapping[str, Any]) -> bool:
        """Tell whether the project has the release and the answers already."""
        made = self.recorded.made
        if made is not self.recorded.wants:
            return False
        kept = {key: value for key, value in answers.items() if key not in self.new.questions.secrets}
        return versions.same(made.release, self.new.release.version) and dict(made.values) == kept


@dataclass(frozen=True, slots=True)
class Merged:
    """The merge of a plan with answers; nothing is changed yet."""

    plan: Plan
    answers: Mapping[str, Any]
    merge: Merge

    @property
    def quarantine(self) -> Quarantine:
        """Where it was made."""
        return self.plan.quarantine


@dataclass(frozen=True, slots=True)
class Route:
    """Where a project goes: from the release `before` to the release `after` of one history."""

    history: History
    before: Release
    after: Release


@contextmanager
def planned(
    repository: Repository,
    answers_file: str,
    recorded: Recorded,
    route: Route,
    given: Mapping[str, Any],
    notes: tuple[str, ...] = (),
) -> Iterator[Plan]:
    """Lay out both releases, and run what migrates the project before the merge; for as long as the block lasts.

    Raises UntrustedError when a release would run code that is not allowed.
    """
    head = repository.head()
    with tempfile.TemporaryDirectory(prefix="scaffold-update-") as folder, Quarantine(repository, head) as aside:
        old, new = lay_out(route.before, Path(folder) / "old"), lay_out(route.after, Path(folder) / "new")
        migrated, recorded = migrate_before(aside, old, new, recorded, answers_file)
        wanted = {**_edited(recorded), **given}
        carried = carry(old, new, recorded.made.values, wanted)
        yield Plan(
            repository, aside, answers_file, recorded, migrated, route.history, old, new, wanted, carried, notes
        )


def merge_with(plan: Plan, answers: Mapping[str, Any]) -> Merged:
    """Render both sides and merge, aside; for as long as the plan is there."""
    aside, name = plan.quarantine, plan.answers_file
    old, new = (aside.folder(side) for side in ("old", "new"))
    left_alone = plan.old.write(old, _answers_of_old(plan), answers_file=name)
    # The project's own, to the byte: so it is never in conflict.
    (old / name).write_bytes(plan.recorded.content)
    left_alone |= plan.new.write(new, answers, answers_file=name)
    _leave_alone(plan, left_alone)
    merged = merge(aside, name, plan.labels, plan.migrated)
    return Merged(plan, answers, migrate_after(aside, plan.old, plan.new, answers, name, merged))


def _edited(recorded: Recorded) -> dict[str, Any]:
    """Return the answers that were edited by hand."""
    made, wants = recorded.made.values, recorded.wants.values
    return {key: value for key, value in wants.items() if key not in made or made[key] != value}


def _leave_alone(plan: Plan, names: frozenset[str]) -> None:
    """Take out of the renders what a template brings once and then leaves to the project.

    Without it on either side, git keeps the project's; one that the project has not comes anew, as copier has it.
    """
    for name in names - {plan.answers_file}:
        (plan.quarantine.folder("old") / name).unlink(missing_ok=True)
        if plan.repository.path(name) in plan.quarantine.before:
            (plan.quarantine.folder("new") / name).unlink(missing_ok=True)


def _answers_of_old(plan: Plan) -> dict[str, Any]:
    known = {key: value for key, value in plan.recorded.made.values.items() if key in plan.old.questions.keys}
    try:
        return plan.old.questions.resolve(known, use_defaults=True)
    except AnswersError as error:
        problems = [f"{plan.answers_file}: {problem}" for problem in error.problems]
        raise AnswersError(problems, hint=f"{plan.labels.old} cannot have been made so; mend it") from error
