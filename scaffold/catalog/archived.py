"""Releases that a blueprint keeps beside itself, each as one archive of the whole template.

A blueprint's folder has the state that is worked on. `releases/` in it has the archives, and `SHA256SUMS` there
the digest that each had when it was made: what is released does not change.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from scaffold.catalog import archive, versions
from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.changelog import Section, read_changelog
from scaffold.catalog.release import History, Release
from scaffold.errors import BlueprintError

RELEASES = "releases"
SUMS = "SHA256SUMS"
SUFFIX = ".tar.gz"
CATALOG_FILE = "catalog.yml"
_SHARED = "shared"


def files_of(blueprint: Blueprint) -> dict[str, Path]:
    """Return the files of a blueprint's template as it is now, with what it shares with its catalog's others.

    Raises BlueprintError when the shared parts are a link, which could lead anywhere.
    """
    around = blueprint.folder.parent
    if (around / _SHARED).is_symlink():
        raise BlueprintError(f"{_SHARED} is a link", hint="lay what the blueprints share into the catalog")
    files = archive.template_files(blueprint.folder, around / _SHARED)
    for folder in (blueprint.folder, around, around.parent):
        if (folder / CATALOG_FILE).is_file():
            return files | {CATALOG_FILE: folder / CATALOG_FILE}
    return files


def history_of(blueprint: Blueprint, source: str, origin: str) -> History:
    """Return the releases of a blueprint that keeps them as archives, under the name `source`."""
    released = released_versions(blueprint)
    found = [_archived(blueprint, source, origin, version) for version in released]
    if blueprint.version not in released:
        found.append(_in_development(blueprint, source, origin))
    return History(source, blueprint.name, tuple(found), changelog_of(blueprint))


def changelog_of(blueprint: Blueprint) -> tuple[Section, ...]:
    """Return the sections of a blueprint's CHANGELOG.md."""
    path = blueprint.folder / "CHANGELOG.md"
    return read_changelog(path.read_text(encoding="utf-8")) if path.is_file() else ()


def released_versions(blueprint: Blueprint) -> list[str]:
    """Return the versions that have an archive, the oldest first."""
    names = (path.name for path in (blueprint.folder / RELEASES).glob(f"*{SUFFIX}"))
    return versions.in_order(name.removesuffix(SUFFIX) for name in names)


def archive_of(blueprint: Blueprint, version: str) -> Path:
    """Return the place of a release's archive."""
    return blueprint.folder / RELEASES / f"{version}{SUFFIX}"


def recorded_digests(blueprint: Blueprint) -> dict[str, str]:
    """Return the digest that each archive had when it was made, by version; the form is that of sha256sum."""
    sums = blueprint.folder / RELEASES / SUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    pairs = (line.split(maxsplit=1) for line in lines if line.strip())
    return {name.removesuffix(SUFFIX): digest for digest, name in pairs}


def _archived(blueprint: Blueprint, source: str, origin: str, version: str) -> Release:
    lay_out = partial(_unpack, blueprint, version)
    return Release(source, blueprint.name, version, development=False, origin=origin, lay_out=lay_out)


def _unpack(blueprint: Blueprint, version: str, into: Path) -> None:
    packed = archive_of(blueprint, version)
    if archive.file_digest(packed) != recorded_digests(blueprint).get(version):
        raise BlueprintError(
            f"{packed} is not what was released as {blueprint.name} {version}",
            hint="reinstall container-scaffold, or restore the file from git",
        )
    archive.unpack(packed, into)


def _in_development(blueprint: Blueprint, source: str, origin: str) -> Release:
    files = files_of(blueprint)
    version = versions.with_content(blueprint.version, archive.content_digest(files))
    lay_out = partial(archive.copy, files)
    return Release(source, blueprint.name, version, development=True, origin=origin, lay_out=lay_out)
