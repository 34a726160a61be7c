"""Whether the projects of earlier releases can follow: their answers have to hold for the new questions."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scaffold.catalog import versions
from scaffold.catalog.archived import history_of, released_versions
from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.clones import repository_around
from scaffold.catalog.release import Access, Release
from scaffold.catalog.repository import Repository
from scaffold.errors import AnswersError, ScaffoldError
from scaffold.render import Questionnaire, render


def earlier_releases(blueprint: Blueprint) -> list[Release]:
    """Return what was released before: the archives beside a blueprint, else the tags of its git repository."""
    if released_versions(blueprint):
        found = history_of(blueprint, blueprint.name, str(blueprint.folder)).releases
        return [release for release in found if not release.development]
    place = repository_around(blueprint.folder)
    if place is None:
        return []
    try:
        tagged = Repository(place, Access()).history(blueprint.name).releases
    except ScaffoldError:
        return []  # it is not committed yet
    return [release for release in tagged if versions.parse(release.version) is not None]


def cannot_follow(release: Release, new: Questionnaire, given: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what keeps a project that `release` made with its defaults from the template that asks `new`."""
    with tempfile.TemporaryDirectory(prefix="scaffold-earlier-") as folder:
        old = Questionnaire(release.materialise(Path(folder) / "template"), trusted=new.trusted)
        known = {key: value for key, value in given.items() if key in old.keys}
        answers = old.resolve(known, use_defaults=True)
        kept = {key: value for key, value in answers.items() if key in new.keys}
        try:
            render(new, Path(folder) / "project", new.resolve(kept, use_defaults=True))
        except AnswersError as error:
            return tuple(error.problems)
        except ScaffoldError as error:
            return (error.message,)
    return ()
