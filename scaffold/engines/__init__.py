"""The engines, in the order in which they are tried. To add one: a module here and a line in ENGINES."""

from __future__ import annotations

from collections.abc import Callable

from scaffold.engines.docker import find_docker
from scaffold.engines.model import Engine
from scaffold.engines.podman import find_podman
from scaffold.errors import InputError, Unavailable

ENGINES: dict[str, Callable[[], Engine]] = {"docker": find_docker, "podman": find_podman}


def find_engine(wanted: str = "") -> Engine:
    """Return the engine named `wanted`, or the first that answers.

    Raises InputError for a name that is no engine, Unavailable with the reason of each that was tried.
    """
    if wanted and wanted not in ENGINES:
        raise InputError(f"there is no engine {wanted!r}", hint=f"engines: {', '.join(ENGINES)}")
    if wanted:
        return ENGINES[wanted]()
    refusals: list[Unavailable] = []
    for find in ENGINES.values():
        try:
            return find()
        except Unavailable as refusal:
            refusals.append(refusal)
    raise Unavailable(
        f"no container engine: {'; '.join(refusal.message for refusal in refusals)}", hint=refusals[0].hint
    )
