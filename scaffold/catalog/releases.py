"""Finds catalogs, blueprints and their releases, wherever they are."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Protocol

from scaffold.catalog import builtin
from scaffold.catalog.blueprint import Blueprint, describe
from scaffold.catalog.folder import Folder
from scaffold.catalog.release import Access, History, Release
from scaffold.catalog.source import BUILTIN, Kind, Place, parse_place, parse_source
from scaffold.config import configuration
from scaffold.errors import InputError

ONLINE = Access()
OFFLINE = Access(offline=True)

__all__ = [
    "OFFLINE",
    "ONLINE",
    "Access",
    "Catalog",
    "History",
    "Release",
    "blueprint_at",
    "history",
    "open_catalog",
]


class Catalog(Protocol):
    """A set of blueprints. `note` is what a user has to know of where they come from, or ""."""

    @property
    def place(self) -> Place:
        """Where it is."""

    @property
    def note(self) -> str:
        """What a user has to know of it."""

    def blueprints(self) -> list[Blueprint]:
        """Return all blueprints by name."""

    def history(self, name: str) -> History:
        """Return the releases of one blueprint, of the only one for ""."""


def open_catalog(location: str = "", access: Access = ONLINE) -> Catalog:
    """Return the catalog that `--catalog` names, else that of the configuration, else the built-in one.

    Raises InputError when there is none, Unavailable or Transient when it cannot be reached.
    """
    return _open(parse_place(location or configuration().catalog or BUILTIN), access)


def history(source: str, access: Access = ONLINE, *, catalog: str = "") -> History:
    """Return the releases behind `source`, which is what an answers file calls `_src_path`.

    `catalog` is where to look instead of the place that the source names. One that names none ("local:go") is
    looked for in the catalog of the configuration. Raises InputError when there is nothing of that name,
    Transient or Unavailable when it cannot be reached.
    """
    place, name = parse_source(source)
    if catalog:
        place = parse_place(catalog)
    elif place is None:
        configured = configuration().catalog
        if not configured:
            raise InputError(
                f"the project was made from a catalog on somebody's machine ({source})",
                hint="name it with --catalog, or make it the default in the configuration",
            )
        place = parse_place(configured)
    return _open(place, access).history(name)


def blueprint_at(source: str, version: str) -> Blueprint:
    """Return what the release that made a project says of itself; raises as `history` does, without a network."""
    release = history(source, OFFLINE).find(version)
    with tempfile.TemporaryDirectory(prefix="scaffold-blueprint-") as folder:
        return describe(release.materialise(Path(folder) / release.blueprint), release.blueprint)


def _open(place: Place, access: Access) -> Catalog:
    if place.kind is Kind.GIT:
        from scaffold.catalog.repository import Repository

        return Repository(place, access)
    return Folder(Path(place.location), place) if place.kind is Kind.FOLDER else builtin.catalog()
