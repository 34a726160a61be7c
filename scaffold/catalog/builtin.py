"""The built-in catalog: the blueprints that come with the program."""

from __future__ import annotations

import shutil
from difflib import get_close_matches
from pathlib import Path

from scaffold.catalog.blueprint import Blueprint, read_blueprint
from scaffold.errors import BlueprintError, InputError

SOURCE = "builtin"
_SHARED = "shared"


def root() -> Path:
    """Return the folder of the blueprints: inside the installed package, else at the top of a checkout.

    The packaged one comes first: an editable install may have an old copy of it elsewhere, never there.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "blueprints", package.parent / "blueprints"):
        if folder.is_dir():
            return folder
    raise BlueprintError("the built-in blueprints are missing", hint="reinstall container-scaffold")


def blueprints() -> list[Blueprint]:
    """Return all blueprints by name."""
    return [read_blueprint(path.parent) for path in sorted(root().glob("*/blueprint.yml"))]


def find_blueprint(name: str) -> Blueprint:
    """Return one blueprint; raises InputError with the nearest name."""
    names = sorted(path.parent.name for path in root().glob("*/blueprint.yml"))
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
        raise InputError(f"there is no blueprint {name!r}", hint=hint)
    return read_blueprint(root() / name)


def materialise(blueprint: Blueprint, into: Path) -> Path:
    """Lay a blueprint and the parts that blueprints share into `into`, as one copier template; return it."""
    shutil.copytree(blueprint.folder, into)
    shutil.copytree(blueprint.folder.parent / _SHARED, into / _SHARED)
    return into
