"""The earlier releases of a blueprint that somebody works on."""

from __future__ import annotations

from scaffold.catalog import versions
from scaffold.catalog.archived import history_of, released_versions
from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.clones import repository_around
from scaffold.catalog.release import Access, Release
from scaffold.catalog.repository import Repository
from scaffold.errors import ScaffoldError


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
