"""Brings the answers of a project to the questions of another release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scaffold.errors import AnswersError, InputError
from scaffold.flows.template import Template


@dataclass(frozen=True, slots=True)
class Carried:
    """Answers on their way to another release.

    `kept` hold there. `new` are the questions that have none yet; `refused` are answers that do not hold any
    more, each with the reason; `dropped` are those whose question is gone.
    """

    kept: Mapping[str, Any]
    new: tuple[str, ...]
    refused: Mapping[str, str]
    dropped: Mapping[str, Any]


def carry(old: Template, new: Template, answers: Mapping[str, Any], given: Mapping[str, Any]) -> Carried:
    """Look at each question of the `new` release in turn; `given` answers win over those of the project."""
    kept: dict[str, Any] = {}
    fresh: list[str] = []
    refused: dict[str, str] = {}
    so_far: dict[str, Any] = {}
    known = {**new.settled, **_followed(old, new, answers), **given}
    for key in new.questions.keys:
        question = new.questions.question(key, so_far)
        if question is None:
            continue
        so_far[key] = question.default
        if key not in known:
            # A secret answer is not recorded; both renders take its default, so the project's stays.
            if question.asked and key not in old.questions.secrets:
                fresh.append(key)
            continue
        try:
            so_far[key] = kept[key] = new.questions.accept(key, known[key], so_far)
        except InputError as error:
            refused[key] = error.message
    unknown = {key: value for key, value in given.items() if key not in new.questions.keys}
    dropped = {key: value for key, value in answers.items() if key not in new.questions.keys}
    return Carried(kept | unknown, tuple(fresh), refused, dropped)


def settle(new: Template, carried: Carried, given: Mapping[str, Any], *, use_defaults: bool) -> dict[str, Any]:
    """Return all answers without asking anybody: new questions take their default.

    What is refused takes it too with `use_defaults`, unless it was given. Raises AnswersError otherwise.
    """
    problems = [text for key, text in carried.refused.items() if key in given or not use_defaults]
    if problems:
        raise AnswersError(
            problems, hint="answer again with --data NAME=VALUE, or let --defaults take the release's"
        )
    return new.questions.resolve(carried.kept, use_defaults=True)


def _followed(old: Template, new: Template, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the project's answers; where it had what the organisation said, it has what that says now."""
    followed = dict(answers)
    for key in new.settled.keys() & answers.keys():
        before = old.settled.get(key, _default(old, key, answers))
        if answers[key] == before:
            followed[key] = new.settled[key]
    return followed


def _default(template: Template, key: str, answers: Mapping[str, Any]) -> Any:
    if key not in template.questions.keys:
        return None
    question = template.questions.question(key, answers)
    return None if question is None else question.default
