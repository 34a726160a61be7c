"""Lets a release's migrations change a project aside: what it has before the merge, and what came of it after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from scaffold.catalog import versions
from scaffold.errors import BlueprintError
from scaffold.flows.template import Template
from scaffold.project.answers import parse_answers
from scaffold.project.merge import Merge, with_tree
from scaffold.project.quarantine import Quarantine
from scaffold.project.recorded import Recorded
from scaffold.render import Moves, migrate


def migrate_before(
    quarantine: Quarantine, old: Template, new: Template, recorded: Recorded, answers_file: str
) -> tuple[str, Recorded]:
    """Run what comes before the merge; return the project's tree, "" where nothing ran, and its answers then.

    A migration may change the answers too, as copier lets it do.
    """
    if not _applies(old, new):
        return "", recorded
    project = quarantine.check_out_at("yours", quarantine.head)
    moves = Moves(old.release.version, new.release.version, "before")
    migrate(new.questions, project, recorded.made.values, moves, answers_file=answers_file)
    content = _content(project / answers_file, new)
    if content != recorded.content:
        wants = replace(recorded.wants, values=parse_answers(content, answers_file).values)
        recorded = replace(recorded, content=content, wants=wants)
    return quarantine.tree("yours", answers_file), recorded


def migrate_after(
    quarantine: Quarantine,
    old: Template,
    new: Template,
    answers: Mapping[str, Any],
    answers_file: str,
    merged: Merge,
) -> Merge:
    """Run what comes after the merge, and return what it is then."""
    if not _applies(old, new):
        return merged
    project = quarantine.check_out_at("merged", merged.tree)
    moves = Moves(old.release.version, new.release.version, "after")
    migrate(new.questions, project, answers, moves, answers_file=answers_file)
    return with_tree(quarantine, merged, quarantine.tree("merged", answers_file))


def _content(answers_file: Path, new: Template) -> bytes:
    try:
        return answers_file.read_bytes()
    except FileNotFoundError as error:
        raise BlueprintError(
            f"a migration of {new.release.blueprint} {new.release.version} has removed {answers_file.name}",
            hint="this is for the blueprint's author to mend",
        ) from error


def _applies(old: Template, new: Template) -> bool:
    known = all(versions.parse(one.release.version) is not None for one in (old, new))
    return new.questions.has_migrations and known and versions.is_behind(old.release.version, new.release.version)
