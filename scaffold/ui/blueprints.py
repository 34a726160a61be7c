"""How blueprints are listed and shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scaffold.catalog.blueprint import Blueprint
from scaffold.ui.prompts import base_summary
from scaffold.ui.terminal import faint, heading, say, table

if TYPE_CHECKING:
    from scaffold.flows.show import Shown


def blueprint_document(blueprint: Blueprint) -> dict[str, Any]:
    """Return a blueprint as JSON has it; sizes in MB (10^6 bytes)."""
    return {
        "name": blueprint.name,
        "title": blueprint.title,
        "description": blueprint.description,
        "language": blueprint.language,
        "version": blueprint.version,
        "bases": [
            {
                "id": offer.base.id,
                "image": offer.base.image,
                "libc": offer.base.libc,
                "shell": offer.base.shell,
                "size_mb": offer.size,
                "compressed_mb": offer.compressed,
                "purpose": offer.base.purpose,
            }
            for offer in blueprint.bases
        ],
        "excluded": [{"id": excluded.id, "reason": excluded.reason} for excluded in blueprint.excluded],
    }


def shown_document(shown: Shown) -> dict[str, Any]:
    """Return a blueprint with its questions as JSON has it."""
    questions = [
        {
            "name": question.key,
            "type": question.type,
            "help": question.help,
            "default": question.default,
            "choices": [choice.value for choice in question.choices],
        }
        for question in shown.questions
    ]
    return blueprint_document(shown.blueprint) | {"release": shown.release, "questions": questions}


def print_list(blueprints: Sequence[Blueprint], *, note: str = "") -> None:
    """Print a line a blueprint, and a `note` on where they come from."""
    rows = [
        [
            blueprint.name,
            blueprint.version,
            ", ".join(offer.base.id for offer in blueprint.bases),
            blueprint.description,
        ]
        for blueprint in blueprints
    ]
    table(["blueprint", "release", "bases", "what it makes"], rows)
    if note:
        say(faint(note))


def print_shown(shown: Shown, *, note: str = "") -> None:
    """Print a blueprint's bases and questions, and a `note` on where it comes from."""
    blueprint = shown.blueprint
    say(f"{heading(blueprint.title)} ({blueprint.name} {shown.release}): {blueprint.description}")
    if note:
        say(faint(note))
    _print_bases(blueprint)
    questions = [
        [
            question.key,
            str(question.default if question.default is not None else ""),
            ", ".join(str(choice.value) for choice in question.choices),
            question.help,
        ]
        for question in shown.questions
    ]
    table(["question", "default", "choices", "meaning"], questions)


def _print_bases(blueprint: Blueprint) -> None:
    bases = [
        [
            offer.base.id,
            f"{offer.size:g}",
            f"{offer.compressed:g}",
            base_summary(offer.base),
            offer.base.purpose,
        ]
        for offer in blueprint.bases
    ]
    if bases:
        table(["base", "MB", "MB pulled", "has", "for"], bases, right=(1, 2))
    for excluded in blueprint.excluded:
        say(f"not offered: {excluded.id}: {excluded.reason}")
