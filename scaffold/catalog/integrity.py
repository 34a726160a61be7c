"""What holds for a blueprint that keeps its releases as archives: what is released does not change.

A blueprint with a final version is that release, file by file. One that is worked on has a development version
above all of its releases.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from scaffold.catalog import archive, archived, versions
from scaffold.catalog.archive import Files
from scaffold.catalog.blueprint import Blueprint

_SHOWN = 5


def broken_promises(blueprint: Blueprint) -> list[str]:
    """Return a line for each release that is not as it was made, and for content that no release has."""
    return [*_changed_releases(blueprint), *_changed_content(blueprint)]


def _changed_releases(blueprint: Blueprint) -> Iterator[str]:
    digests, released = archived.recorded_digests(blueprint), archived.released_versions(blueprint)
    for version in digests.keys() - set(released):
        yield f"{blueprint.name} {version}: its archive is gone"
    for version in released:
        if version not in digests:
            yield f"{blueprint.name} {version}: {archived.SUMS} has no digest of it"
        elif archive.file_digest(archived.archive_of(blueprint, version)) != digests[version]:
            yield f"{blueprint.name} {version}: its archive is not what was released"


def _changed_content(blueprint: Blueprint) -> Iterator[str]:
    released = archived.released_versions(blueprint)
    place = f"{blueprint.folder.name}/blueprint.yml"
    version = versions.checked(blueprint.version, place)
    if version.is_devrelease:
        if released and version <= versions.checked(released[-1], place):
            yield f"{place}: {blueprint.version} is not above the release {released[-1]}"
    elif blueprint.version not in released:
        yield f"{place}: {blueprint.version} is not released; `scaffold blueprint release` makes a release"
    elif changed := changed_files(blueprint, blueprint.version):
        yield (
            f"{blueprint.name} {blueprint.version} is released, but {_listed(changed)} changed since; "
            f"set the version to {_next_development(blueprint.version)}"
        )


def changed_files(blueprint: Blueprint, version: str) -> list[str]:
    """Return the files that differ between a blueprint and one of its releases."""
    with tempfile.TemporaryDirectory(prefix="scaffold-release-") as folder:
        released = Path(folder) / "released"
        archive.unpack(archived.archive_of(blueprint, version), released)
        before = {path.relative_to(released).as_posix(): path for path in released.rglob("*") if path.is_file()}
        after = archived.files_of(blueprint)
        names = sorted(before.keys() | after.keys())
        return [name for name in names if not _same(name, before, after)]


def _same(name: str, before: Files, after: Files) -> bool:
    if name not in before or name not in after:
        return False
    one, other = before[name], after[name]
    executable = archive.is_executable(one) == archive.is_executable(other)
    return executable and one.read_bytes() == other.read_bytes()


def _listed(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _next_development(version: str) -> str:
    parsed = versions.checked(version, "version")
    return f"{parsed.major}.{parsed.minor}.{parsed.micro + 1}.dev0"
