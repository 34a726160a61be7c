"""What authors of blueprints do: make one, look it over, try it, release it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from scaffold.catalog import archived, builtin
from scaffold.catalog.publish import Published, publish
from scaffold.errors import InputError


def release(folders: Sequence[Path], version: str) -> list[Published]:
    """Make a release of each blueprint; raises what `publish` raises, at the first that cannot be released."""
    today = datetime.now(UTC).date()
    return [publish(blueprint_folder(one), version, today, packed=_keeps_archives(one)) for one in folders]


def blueprint_folder(folder: Path) -> Path:
    """Return the folder of a blueprint; raises InputError when it is none."""
    if not (folder / "blueprint.yml").is_file():
        raise InputError(f"{folder} has no blueprint.yml", hint="name the folder of a blueprint")
    return folder.resolve()


def _keeps_archives(folder: Path) -> bool:
    """Tell whether releases are archives beside the blueprint; elsewhere they are tags of its git repository."""
    return folder.resolve().parent == builtin.root() or (folder / archived.RELEASES).is_dir()
