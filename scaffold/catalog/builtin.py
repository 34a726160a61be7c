"""The built-in catalog: the blueprints that come with the program, with all their releases, without a network.

A blueprint's folder has the state that is worked on. `releases/` in it has each release as one archive of the
whole template, and `SHA256SUMS` the digest that each had when it was made: what is released does not change.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from pathlib import Path

from scaffold.catalog import archive, versions
from scaffold.catalog.blueprint import Blueprint, read_blueprint
from scaffold.catalog.changelog import read_changelog
from scaffold.catalog.release import History, Release
from scaffold.errors import BlueprintError, InputError

SOURCE = "builtin"
RELEASES = "releases"
SUMS = "SHA256SUMS"
SUFFIX = ".tar.gz"
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
    """Lay a blueprint as it is now, and the parts that blueprints share, into `into`; return it."""
    archive.copy(files_of(blueprint), into)
    return into


def files_of(blueprint: Blueprint) -> dict[str, Path]:
    """Return the files of a blueprint's template as it is now, the shared parts among them."""
    return archive.template_files(blueprint.folder, blueprint.folder.parent / _SHARED)


def history(name: str) -> History:
    """Return the releases of one blueprint, the state that is worked on last; raises InputError without it."""
    return history_of(find_blueprint(name), f"{SOURCE}:{name}")


def history_of(blueprint: Blueprint, source: str) -> History:
    """Return the releases of a blueprint that keeps them as archives, under the name `source`."""
    found = [_archived(blueprint, source, version) for version in released_versions(blueprint)]
    if versions.is_development(blueprint.version):
        found.append(_in_development(blueprint, source))
    changelog = blueprint.folder / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
    return History(source, blueprint.name, tuple(found), read_changelog(text))


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


def _archived(blueprint: Blueprint, source: str, version: str) -> Release:
    return Release(
        source, blueprint.name, version, development=False, lay_out=partial(_unpack, blueprint, version)
    )


def _unpack(blueprint: Blueprint, version: str, into: Path) -> None:
    packed = archive_of(blueprint, version)
    if archive.file_digest(packed) != recorded_digests(blueprint).get(version):
        raise BlueprintError(
            f"{packed} is not what was released as {blueprint.name} {version}",
            hint="reinstall container-scaffold, or restore the file from git",
        )
    archive.unpack(packed, into)


def _in_development(blueprint: Blueprint, source: str) -> Release:
    files = files_of(blueprint)
    version = versions.with_content(blueprint.version, archive.content_digest(files))
    return Release(source, blueprint.name, version, development=True, lay_out=partial(archive.copy, files))
