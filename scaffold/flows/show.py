"""What `show` does: read one blueprint and its questions."""

from __future__ import annotations

from dataclasses import dataclass

from scaffold.catalog.blueprint import Blueprint
from scaffold.flows.new import prepared
from scaffold.render import Question


@dataclass(frozen=True, slots=True)
class Shown:
    """A blueprint with its questions as they stand when every default is taken."""

    blueprint: Blueprint
    questions: tuple[Question, ...]


def show(name: str) -> Shown:
    """Read one blueprint; raises InputError when there is no such."""
    with prepared(name, None) as plan:
        answers = plan.questions.resolve({}, use_defaults=True)
        asked = (plan.questions.question(key, answers) for key in plan.questions.keys)
        return Shown(plan.blueprint, tuple(question for question in asked if question is not None))
