"""Asks a person: the blueprint, its questions, and at the end whether what came of it is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scaffold.bases import BASES, Base
from scaffold.errors import InputError, Interrupted
from scaffold.ui.terminal import faint, heading, say

if TYPE_CHECKING:
    import questionary

    from scaffold.catalog.blueprint import BaseOffer, Blueprint
    from scaffold.render import Question, Questionnaire

_WRITE, _CHANGE, _LOOK, _CANCEL = "write", "change", "look", "cancel"
# questionary's own mark is a question mark too, but in a colour that a light background swallows.
_MARK = "?"
_BASE_KEY = "base"


def choose_blueprint(blueprints: Sequence[Blueprint]) -> str:
    """Ask for one of the blueprints and return its name."""
    import questionary

    choices = [
        questionary.Choice(f"{blueprint.title}: {blueprint.description}", blueprint.name)
        for blueprint in blueprints
    ]
    return str(_ask(questionary.select("Language", choices=choices, qmark=_MARK)))


@dataclass
class Interview:
    """Goes through a blueprint's questions with a person, who can go back to any of them before the end.

    `given` are answers that are settled already; `suggested` replace defaults. `files` tells what would be
    written with some answers (path to content).
    """

    blueprint: Blueprint
    questions: Questionnaire
    given: Mapping[str, Any]
    suggested: Mapping[str, Any]
    files: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda _: {}
    answers: dict[str, Any] = field(default_factory=dict)
    _left_at_default: set[str] = field(default_factory=set)

    def run(self) -> dict[str, Any]:
        """Ask, review, and return the answers.

        Raises InputError when a given answer is refused, Interrupted when the person gives up.
        """
        self._go_through(ask=True)
        while True:
            files = self.files(self.answers)
            self._show(files)
            action = self._next_action()
            if action == _WRITE:
                return self.answers
            if action == _CANCEL:
                raise Interrupted("cancelled; nothing was written")
            if action == _LOOK:
                self._look_at(files)
            else:
                self._change()

    def ask(self) -> dict[str, Any]:
        """Ask what is not given, without a review at the end, and return all answers; raises as `run` does."""
        self._go_through(ask=True)
        return self.answers

    def _go_through(self, *, ask: bool) -> None:
        """Settle each question in order; without `ask` only those that an earlier change has made wrong."""
        before, self.answers = self.answers, {}
        for key in self.questions.keys:
            question = self.questions.question(key, self.answers)
            if question is None:
                continue
            if key in self.given:
                self.answers[key] = self.questions.accept(key, self.given[key], self.answers)
            elif not ask and self._keeps(key, before):
                value = before[key] if key not in self._left_at_default else self._default(question)
                self.answers[key] = value
            elif not question.asked:
                self.answers[key] = self._default(question)
                self._left_at_default.add(key)
            else:
                self._put(question)

    def _keeps(self, key: str, before: Mapping[str, Any]) -> bool:
        if key not in before:
            return False
        try:
            self.questions.accept(key, before[key], self.answers)
        except InputError:
            return False
        return True

    def _put(self, question: Question, current: Any = None) -> None:
        default = self._default(question)
        offered = default if current is None else current
        prompt = _prompt(question, offered, self._validator(question.key), self.blueprint)
        answer = self.questions.accept(question.key, _ask(prompt), self.answers)
        self.answers[question.key] = answer
        (self._left_at_default.add if answer == default else self._left_at_default.discard)(question.key)

    def _default(self, question: Question) -> Any:
        return self.suggested.get(question.key, question.default)

    def _validator(self, key: str) -> Callable[[Any], bool | str]:
        settled = dict(self.answers)

        def validate(raw: Any) -> bool | str:
            try:
                self.questions.accept(key, raw, settled)
            except InputError as error:
                return error.message.partition(": ")[2]
            return True

        return validate

    def _show(self, files: Mapping[str, str]) -> None:
        say()
        say(heading("Answers"))
        width = max(len(key) for key in self.answers)
        for key, value in self.answers.items():
            shown = "***" if key in self.questions.secrets else value
            say(f"  {key:<{width}}  {shown}")
        say(heading("Files"))
        for name, text in files.items():
            say(f"  {name}  {faint(f'{len(text.splitlines())} lines')}")
        say()

    def _next_action(self) -> str:
        import questionary

        choices = [
            questionary.Choice("Write these files", _WRITE),
            questionary.Choice("Change an answer", _CHANGE),
            questionary.Choice("Look at a file", _LOOK),
            questionary.Choice("Cancel", _CANCEL),
        ]
        return str(_ask(questionary.select("Is this right?", choices=choices, qmark=_MARK)))

    def _change(self) -> None:
        import questionary

        keys = [key for key in self.answers if key not in self.given]
        key = str(_ask(questionary.select("Which answer?", choices=keys, qmark=_MARK)))
        question = self.questions.question(key, self.answers)
        if question is not None:
            self._put(question, self.answers[key])
            self._go_through(ask=False)

    def _look_at(self, files: Mapping[str, str]) -> None:
        import questionary

        name = str(_ask(questionary.select("Which file?", choices=list(files), qmark=_MARK)))
        say(heading(name))
        say(files[name])


def _prompt(
    question: Question, default: Any, validate: Callable[[Any], bool | str], blueprint: Blueprint
) -> questionary.Question:
    """Build the prompt that fits a question's type."""
    import questionary

    if question.key == _BASE_KEY and blueprint.bases:
        choices = _base_choices(question, blueprint)
        return questionary.select(question.help, choices=choices, default=default, qmark=_MARK)
    if question.choices:
        choices = [
            questionary.Choice(choice.label, choice.value, disabled=choice.disabled or None)
            for choice in question.choices
        ]
        if question.multiselect:
            return questionary.checkbox(question.help, choices=choices, qmark=_MARK, validate=validate)
        return questionary.select(question.help, choices=choices, default=default, qmark=_MARK)
    if question.type == "bool":
        return questionary.confirm(question.help, default=bool(default), qmark=_MARK)
    text = "" if default is None else str(default)
    ask = questionary.password if question.secret else questionary.text
    return ask(question.help, default=text, validate=validate, qmark=_MARK)


def _base_choices(question: Question, blueprint: Blueprint) -> list[questionary.Choice]:
    """Offer each base with what helps to choose; what does not fit is there too, with the reason."""
    import questionary

    offers = {offer.base.id: offer for offer in blueprint.bases}
    width = max(len(str(choice.value)) for choice in question.choices)
    offered = [
        questionary.Choice(_base_line(offers[choice.value], width), choice.value)
        for choice in question.choices
        if choice.value in offers
    ]
    reasons = {excluded.id: excluded.reason for excluded in blueprint.excluded}
    reasons |= {base: "not supported by this blueprint" for base in BASES if base not in offers}
    return offered + [
        questionary.Choice(name, name, disabled=reasons[name]) for name in reasons if name not in offers
    ]


def _base_line(offer: BaseOffer, width: int) -> str:
    traits = f"{base_summary(offer.base)}, {offer.compressed:g} MB pulled"
    return f"{offer.base.id:<{width}}  {traits}: {offer.base.purpose}"


def base_summary(base: Base) -> str:
    """Say in a few words what a program finds on a base: its C library and whether there is a shell."""
    return f"{base.libc or 'no libc'}, {'shell' if base.shell else 'no shell'}"


def _ask(prompt: questionary.Question) -> Any:
    try:
        return prompt.unsafe_ask()
    except (KeyboardInterrupt, EOFError):
        raise Interrupted("interrupted; nothing was written") from None
