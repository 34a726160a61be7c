"""Versions of releases: those of PEP 440, in its order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scaffold.errors import BlueprintError

if TYPE_CHECKING:
    from packaging.version import Version

_DIGEST_LENGTH = 12


def parse(text: str) -> Version | None:
    """Return the version that `text` is, or None when it is none."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(text)
    except InvalidVersion:
        return None


def checked(text: str, where: str) -> Version:
    """Return the version that `text` is; raises BlueprintError that names where it stands."""
    version = parse(text)
    if version is None:
        raise BlueprintError(f"{where}: {text!r} is no version", hint="use one of PEP 440, such as 1.2.0")
    return version


def is_development(text: str) -> bool:
    """Tell whether this is the version of a blueprint that is being worked on: 1.1.0.dev0."""
    version = parse(text)
    return version is not None and version.is_devrelease


def final(text: str) -> str:
    """Return the final version that a version leads to: 1.1.0 for 1.1.0.dev0; what is none stays."""
    version = parse(text)
    return text if version is None else version.base_version


def same(one: str, other: str) -> bool:
    """Tell whether two texts name one version: v1.2 and 1.2.0 do."""
    if one == other:
        return True
    version = parse(one)
    return version is not None and version == parse(other)


def is_behind(release: str, newest: str) -> bool:
    """Tell whether there is something newer; of what is no version, such as a commit, any other is newer."""
    if same(release, newest):
        return False
    one, other = parse(release), parse(newest)
    return one is None or other is None or one.public == other.public or one < other


def in_order(texts: Iterable[str]) -> list[str]:
    """Sort versions, the oldest first; what is no version is left out."""
    found = [(version, text) for text in texts if (version := parse(text)) is not None]
    return [text for _, text in sorted(found)]


def with_content(version: str, digest: str) -> str:
    """Name one state of a development version by its content: 1.1.0.dev0+c0123456789ab.

    A letter comes first: a local version of digits alone would lose its leading zeros.
    """
    return f"{version}+c{digest[:_DIGEST_LENGTH]}"
