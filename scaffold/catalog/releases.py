"""Finds the releases of a blueprint, wherever its catalog is."""

from __future__ import annotations

from scaffold.catalog import builtin
from scaffold.catalog.release import Access, History, Release
from scaffold.errors import InputError

ONLINE = Access()

__all__ = ["Access", "History", "Release", "history"]


def history(source: str, access: Access = ONLINE, *, catalog: str = "") -> History:
    """Return the releases behind `source`, which is what an answers file calls `_src_path`.

    `catalog` is where to look instead of the place that the source names: a folder, when the project was made
    from one. Raises InputError when there is nothing of that name, Transient or Unavailable when it cannot be
    reached.
    """
    place, _, name = source.partition(":")
    if place != builtin.SOURCE or catalog:
        offline = " without a network" if access.offline else ""
        raise InputError(f"{source} cannot be reached{offline}: only the built-in catalog is known")
    return builtin.history(name)
