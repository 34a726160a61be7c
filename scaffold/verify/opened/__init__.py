"""Opening the saved image: what is in it, who it runs as, what it tells an engine."""

from scaffold.verify.model import Check
from scaffold.verify.opened import configuration, contents, secrets
from scaffold.verify.opened.subject import ImageSubject, image_facts

CHECKS: tuple[Check[ImageSubject], ...] = (*contents.CHECKS, *configuration.CHECKS, *secrets.CHECKS)

__all__ = ["CHECKS", "ImageSubject", "image_facts"]
