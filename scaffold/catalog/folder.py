"""A catalog that is a folder: the built-in one, an author's own, and one commit of a git repository."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from scaffold.catalog.archived import history_of
from scaffold.catalog.blueprint import Blueprint, describe
from scaffold.catalog.release import History
from scaffold.catalog.source import BUILTIN, Place, source_of
from scaffold.errors import BlueprintError, InputError

_TEMPLATE_FILES = ("copier.yml", "copier.yaml")


class Folder:
    """The blueprints in a folder: the template that it is, else those in its subfolders or in `blueprints/`."""

    note = ""

    def __init__(self, root: Path, place: Place) -> None:
        self.root = root
        self.place = place
        self.only = _is_template(root)

    def blueprints(self) -> list[Blueprint]:
        """Return all blueprints by name, as they are now; raises BlueprintError for a broken one."""
        return [self._read(folder) for folder in self.folders().values()]

    def blueprint(self, name: str) -> Blueprint:
        """Return one blueprint, the only one for ""; raises InputError with the nearest name."""
        folders = self.folders()
        if not name and len(folders) == 1:
            return self._read(*folders.values())
        if name not in folders:
            raise no_blueprint(name, folders, str(self.place))
        return self._read(folders[name])

    def history(self, name: str) -> History:
        """Return the releases of one blueprint, the state that is worked on last."""
        blueprint = self.blueprint(name)
        source = source_of(self.place, blueprint.name, only=self.only)
        return history_of(blueprint, source, self.place.location or BUILTIN)

    def folders(self) -> dict[str, Path]:
        """Return the folder of each blueprint by its name."""
        if self.only:
            return {self._read(self.root).name: self.root}
        found = [path for path in (*self.root.glob("*"), *self.root.glob("blueprints/*")) if _is_template(path)]
        for path in found:
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise BlueprintError(
                    f"{path.name} is a link out of the catalog", hint="lay the blueprint into it"
                )
        return {path.name: path for path in sorted(found)}

    def _read(self, folder: Path) -> Blueprint:
        return describe(folder, self.place.name if self.only else folder.name)


def no_blueprint(name: str, names: Iterable[str], place: str) -> InputError:
    """Return the error for a name that is none, with the nearest that is."""
    known = sorted(names)
    if not known:
        return InputError(f"{place} has no blueprint", hint="a blueprint is a folder with a copier.yml")
    if not name:
        return InputError("missing: --blueprint", hint=f"there are: {', '.join(known)}")
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
    return InputError(f"there is no blueprint {name!r}", hint=hint)


def _is_template(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _TEMPLATE_FILES)
