"""Opening the saved image: what is in it, who it runs as, what it tells an engine."""

from scaffold.catalog.blueprint import Budget
from scaffold.verify.model import Check
from scaffold.verify.opened import labels, leftovers, rights, secrets, size, start, surroundings, user
from scaffold.verify.opened.facts import image_facts
from scaffold.verify.opened.subject import ImageSubject

CHECKS: tuple[Check[ImageSubject], ...] = (
    size.within_budget,
    size.nothing_wasted,
    user.numeric_user,
    user.passwd_entry,
    rights.no_setuid,
    rights.no_world_writable,
    rights.not_owned,
    leftovers.no_shell,
    leftovers.no_package_manager,
    leftovers.no_build_tools,
    secrets.no_secrets,
    start.entry_point,
    start.health_check,
    start.stop_signal,
    surroundings.certificates,
    surroundings.time_zones,
    surroundings.temporary_folder,
    labels.labels,
)

__all__ = ["CHECKS", "Budget", "ImageSubject", "image_facts"]
