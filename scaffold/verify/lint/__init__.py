"""What is checked of a Dockerfile without building it: rules as data, a module for each theme."""

from __future__ import annotations

from scaffold.verify.lint import (
    caches,
    context,
    downloads,
    form,
    packages,
    portable,
    runtime,
    secrets,
    stages,
    variables,
)
from scaffold.verify.lint.silenced import about_ignores
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Check

_RULES: tuple[Check[LintSubject], ...] = (
    *stages.CHECKS,
    *form.CHECKS,
    *portable.CHECKS,
    *caches.CHECKS,
    *packages.CHECKS,
    *runtime.CHECKS,
    *variables.CHECKS,
    *secrets.CHECKS,
    *downloads.CHECKS,
    *context.CHECKS,
)
CHECKS: tuple[Check[LintSubject], ...] = (*_RULES, *about_ignores(_RULES))

__all__ = ["CHECKS", "LintSubject"]
