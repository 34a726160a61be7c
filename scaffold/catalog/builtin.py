"""The built-in catalog: the blueprints that come with the program, with all their releases, without a network."""

from __future__ import annotations

from pathlib import Path

from scaffold.catalog import archive
from scaffold.catalog.archived import files_of
from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.folder import Folder
from scaffold.catalog.source import BUILTIN, Kind, Place
from scaffold.errors import BlueprintError

SOURCE = BUILTIN


def root() -> Path:
    """Return the folder of the blueprints: inside the installed package, else at the top of a checkout.

    The packaged one comes first: an editable install may have an old copy of it elsewhere, never there.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "blueprints", package.parent / "blueprints"):
        if folder.is_dir():
            return folder
    raise BlueprintError("the built-in blueprints are missing", hint="reinstall container-scaffold")


def catalog() -> Folder:
    """Return the catalog itself."""
    return Folder(root(), Place(Kind.BUILTIN))


def blueprints() -> list[Blueprint]:
    """Return all blueprints by name."""
    return catalog().blueprints()


def find_blueprint(name: str) -> Blueprint:
    """Return one blueprint; raises InputError with the nearest name."""
    return catalog().blueprint(name)


def materialise(blueprint: Blueprint, into: Path) -> Path:
    """Lay a blueprint as it is now, and the parts that blueprints share, into `into`; return it."""
    archive.copy(files_of(blueprint), into)
    return into
