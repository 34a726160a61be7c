"""Makes a release of a blueprint: sets its version, dates its changelog, keeps its archive and the digest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scaffold.catalog import archive, archived, versions
from scaffold.catalog.blueprint import Blueprint, read_blueprint
from scaffold.catalog.changelog import UNRELEASED, read_changelog
from scaffold.errors import BlueprintError, InputError

_VERSION_LINE = re.compile(r"^version:.*$", re.MULTILINE)
_UNRELEASED_LINE = re.compile(rf"^## +\[?{UNRELEASED}\]?[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Published:
    """A release that was made. `archive` is None where the catalog's releases are tags of a git repository."""

    blueprint: str
    version: str
    archive: Path | None
    digest: str


def publish(
    folder: Path, version: str, today: date, *, packed: bool = True, taken: Sequence[str] = ()
) -> Published:
    """Make a release of the blueprint in `folder`; without a version, that which it is worked on for.

    It is kept as an archive if it is to be `packed`; `taken` are versions that are released in another way.
    Raises InputError for a version that is not above all others, BlueprintError when the changelog does not
    tell what the release brings. Nothing is changed then.
    """
    blueprint = read_blueprint(folder)
    version = version or _final(blueprint.version)
    _refuse_old(blueprint, version, taken)
    if packed:
        archive.refuse_links(archived.files_of(blueprint))
    changelog = _dated_changelog(folder / "CHANGELOG.md", version, today)
    _set_version(folder / "blueprint.yml", version)
    (folder / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    return _archive(read_blueprint(folder)) if packed else Published(blueprint.name, version, None, "")


def _final(version: str) -> str:
    return versions.checked(version, "blueprint.yml").base_version


def _refuse_old(blueprint: Blueprint, version: str, taken: Sequence[str]) -> None:
    parsed = versions.parse(version)
    if parsed is None or parsed.is_devrelease or parsed.local:
        raise InputError(f"{version!r} is no version of a release", hint="use one of PEP 440, such as 1.2.0")
    released = versions.in_order([*archived.released_versions(blueprint), *taken])
    if released and parsed <= versions.checked(released[-1], str(blueprint.folder)):
        raise InputError(
            f"{blueprint.name} {released[-1]} is released, so {version} cannot be",
            hint="a release never changes: choose a higher version",
        )


def _dated_changelog(path: Path, version: str, today: date) -> str:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    sections = read_changelog(text)
    for section in sections:
        if section.version == version and section.text:
            return text
        if section.version == UNRELEASED and section.text:
            return _UNRELEASED_LINE.sub(f"## {version} - {today.isoformat()}", text, count=1)
    raise BlueprintError(
        f"{path}: nothing says what {version} brings",
        hint=f"write it under `## {UNRELEASED}` or `## {version} - {today.isoformat()}`",
    )


def _set_version(path: Path, version: str) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(_VERSION_LINE.sub(f"version: {_quoted(version)}", text, count=1), encoding="utf-8")


def _quoted(version: str) -> str:
    # YAML reads 1.0 as a number.
    return f'"{version}"' if re.fullmatch(r"\d+(\.\d+)?", version) else version


def _archive(blueprint: Blueprint) -> Published:
    packed = archived.archive_of(blueprint, blueprint.version)
    archive.pack(archived.files_of(blueprint), packed)
    digest = archive.file_digest(packed)
    digests = archived.recorded_digests(blueprint) | {blueprint.version: digest}
    lines = [f"{digests[version]}  {version}{archived.SUFFIX}\n" for version in versions.in_order(digests)]
    (packed.parent / archived.SUMS).write_text("".join(lines), encoding="utf-8")
    return Published(blueprint.name, blueprint.version, packed, digest)
