"""What `show` does: read one blueprint and its questions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.releases import Catalog
from scaffold.flows.new import prepared
from scaffold.render import Question


@dataclass(frozen=True, slots=True)
class Shown:
    """A release of a blueprint with its questions as they stand when every default is taken.

    A question without a default has none here.
    """

    blueprint: Blueprint
    release: str
    questions: tuple[Question, ...]


def show(catalog: Catalog, name: str) -> Shown:
    """Read one blueprint; raises InputError when there is no such."""
    with prepared(catalog, name, None) as plan:
        answers: dict[str, Any] = {}
        asked = []
        for key in plan.questions.keys:
            question = plan.questions.question(key, answers)
            if question is not None:
                default = plan.settled.get(key, question.default)
                answers[key] = default
                asked.append(replace(question, default=default))
        return Shown(plan.blueprint, plan.template.release.version, tuple(asked))
