"""Whether the projects of an earlier release can follow a blueprint: one is made, and updated."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from scaffold.catalog.release import History, Release
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.flows.carry import settle
from scaffold.flows.plan import Route, merge_with, planned
from scaffold.flows.template import lay_out
from scaffold.project.answers import FILE_NAME
from scaffold.project.git import first_commit
from scaffold.project.recorded import read_recorded
from scaffold.project.repository import Repository, open_repository


def cannot_follow(earlier: Release, blueprint: Release, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what keeps a project that `earlier` made with the answers `given` and its defaults."""
    # Both are the author's own, and trusted as one.
    before = replace(earlier, origin=blueprint.origin)
    route = Route(History("", blueprint.blueprint, (before, blueprint), ()), before, blueprint)
    with tempfile.TemporaryDirectory(prefix="scaffold-follow-") as folder:
        repository = _project(before, given, Path(folder))
        recorded = read_recorded(repository, FILE_NAME, repository.head())
        try:
            with planned(repository, FILE_NAME, recorded, route, {}) as plan:
                merged = merge_with(plan, settle(plan.new, plan.carried, {}, use_defaults=False))
                return tuple(conflict.message for conflict in merged.merge.conflicts)
        except AnswersError as error:
            return tuple(error.problems)
        except ScaffoldError as error:
            return (error.message,)


def _project(release: Release, given: Mapping[str, Any], folder: Path) -> Repository:
    template = lay_out(release, folder / "template")
    known = {key: value for key, value in given.items() if key in template.questions.keys}
    project = folder / "project"
    template.write(project, template.questions.resolve(known, use_defaults=True))
    first_commit(project, f"{release.blueprint} {release.version}")
    return open_repository(project)
