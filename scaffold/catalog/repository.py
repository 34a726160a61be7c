"""A catalog that is a git repository: its tags are the releases.

A tag `go/1.2.0` is a release of one blueprint; `1.2.0` or `v1.2.0` is one of every blueprint that has no tags of
its own. Where there is none, the main branch's newest commit is the only release, as it is for copier.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from scaffold.catalog import archive, versions
from scaffold.catalog.archived import changelog_of, files_of
from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.clones import human_age, obtain
from scaffold.catalog.folder import Folder
from scaffold.catalog.release import Access, History, Release
from scaffold.catalog.source import Place, source_of
from scaffold.errors import BlueprintError, InputError


class Repository:
    """The blueprints of one git repository. It is fetched when this is made."""

    def __init__(self, place: Place, access: Access) -> None:
        """Fetch it, or take it from the cache; raises as `clones.obtain` does."""
        self.place = place
        self._clone = obtain(place, access)
        self.note = f"from the cache, {human_age(self._clone.age)} old" if access.offline else ""
        self._tags = self._clone.tags()

    def blueprints(self) -> list[Blueprint]:
        """Return all blueprints as they are at the reference, else at the main branch, by name."""
        with self._folder(self._newest_commit()) as folder:
            return [replace(found, version=self._version(found, folder)) for found in folder.blueprints()]

    def history(self, name: str) -> History:
        """Return the releases of one blueprint; raises InputError when there is none of that name."""
        with self._folder(self._newest_commit()) as folder:
            blueprint = folder.blueprint(name)
            source = source_of(self.place, blueprint.name, only=folder.only)
            releases = self._releases(blueprint.name, source, only=folder.only)
            changelog = changelog_of(blueprint)
        look_up = partial(self._at, blueprint.name, source)
        return History(source, blueprint.name, releases, changelog, self.note, look_up)

    def _version(self, blueprint: Blueprint, folder: Folder) -> str:
        releases = self._releases(blueprint.name, "", only=folder.only)
        return History("", blueprint.name, releases, ()).newest().version

    def _releases(self, name: str, source: str, *, only: bool) -> tuple[Release, ...]:
        tagged = self._versions(name, only=only)
        paths = _template_paths("" if only else name)
        whole = self._clone.which_have(sorted(set(tagged.values())), paths)
        found = versions.in_order(version for version, commit in tagged.items() if commit in whole)
        if not found:
            return (self._release(name, source, self._clone.head(), self._clone.head()),)
        return tuple(self._release(name, source, version, tagged[version]) for version in found)

    def _versions(self, name: str, *, only: bool) -> Mapping[str, str]:
        """Return the commit of each version; a catalog of one says it as its tag does, for copier to find it."""
        if only:
            return self._tags
        own = {tag.removeprefix(f"{name}/"): at for tag, at in self._tags.items() if tag.startswith(f"{name}/")}
        return {
            tag.removeprefix("v"): commit
            for tag, commit in (own or self._tags).items()
            if versions.parse(tag) is not None
        }

    def _release(self, name: str, source: str, version: str, commit: str) -> Release:
        lay_out = partial(self._lay_out, name, commit)
        return Release(source, name, version, development=False, origin=self.place.location, lay_out=lay_out)

    def _at(self, name: str, source: str, reference: str) -> Release | None:
        commit = self._clone.commit(reference)
        return None if commit is None else self._release(name, source, commit, commit)

    def _lay_out(self, name: str, commit: str, into: Path) -> None:
        with self._folder(commit) as folder:
            archive.copy(files_of(folder.blueprint(name)), into)

    def _newest_commit(self) -> str:
        if not self.place.ref or versions.parse(self.place.ref) is not None:
            return self._clone.head()
        commit = self._clone.commit(self.place.ref)
        if commit is None:
            raise InputError(f"{self.place.location} has no {self.place.ref!r}", hint="name a tag or a branch")
        return commit

    @contextmanager
    def _folder(self, commit: str) -> Iterator[Folder]:
        with tempfile.TemporaryDirectory(prefix="scaffold-catalog-") as temporary:
            root = Path(temporary) / "catalog"
            self._clone.check_out(commit, root)
            if (root / ".gitmodules").is_file():
                raise BlueprintError(
                    f"{self.place.location} has submodules, which would be missing",
                    hint="its author has to lay their files into the repository",
                )
            try:
                yield Folder(root, self.place)
            except BlueprintError as error:
                # Where it was laid out means nothing to anybody.
                raise BlueprintError(error.message.replace(f"{root}/", ""), hint=error.hint) from error


def _template_paths(name: str) -> list[str]:
    places = (f"{name}/", f"blueprints/{name}/") if name else ("",)
    return [f"{place}{file}" for place in places for file in ("copier.yml", "copier.yaml")]
