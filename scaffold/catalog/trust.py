"""Which sources the user allowed to run code here: tasks, migrations and extensions of their blueprints.

The built-in blueprints have none. A folder stands for everything below it, and so does a URL that ends in a
slash, as for copier.
"""

from __future__ import annotations

from scaffold.catalog.source import BUILTIN, normalised, parse_place
from scaffold.config import configuration
from scaffold.config.writing import set_trusted
from scaffold.errors import InputError


def is_trusted(origin: str) -> bool:
    """Tell whether code from `origin`, a release's, may run."""
    place = normalised(origin)
    return place == BUILTIN or any(_covers(normalised(source), place) for source in configuration().trusted)


def allow(source: str) -> str:
    """Let code from `source` run from now on, and return how it is written down; raises InputError for none."""
    parse_place(source)
    place = normalised(source)
    trusted = configuration().trusted
    if place not in map(normalised, trusted):
        set_trusted([*trusted, place])
    return place


def revoke(source: str) -> str:
    """Take an allowance back, and return how it was written down; raises InputError when there is none."""
    place = normalised(source)
    trusted = configuration().trusted
    kept = [one for one in trusted if normalised(one) != place]
    if len(kept) == len(trusted):
        wider = next((one for one in trusted if _covers(normalised(one), place)), "")
        hint = f"{wider} covers it" if wider else "`scaffold trust list` names those that are"
        raise InputError(f"{source} is not among the trusted sources", hint=hint)
    set_trusted(kept)
    return place


def _covers(trusted: str, place: str) -> bool:
    above = f"{trusted}/" if trusted.startswith("/") else trusted
    return place == trusted or (above.endswith("/") and place.startswith(above))
