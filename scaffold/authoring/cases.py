"""Which answers to try: all combinations of what can be chosen, or a set in which every pair of choices occurs.

Most mistakes need no more than two choices to show (Kuhn, Wallace, Gallo: "Software Fault Interactions", IEEE TSE
2004), and such a set grows with the logarithm of the number of questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

from scaffold.errors import AnswersError
from scaffold.render import Question, Questionnaire

Answers = dict[str, Any]
# A choice is a question's name and the number of the value among those that can be taken.
_Choice = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """Answers to try; `chosen` are those among them that differ from case to case."""

    answers: Answers
    chosen: Answers


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases; `complete` tells whether they are all combinations, and not a set that covers the pairs."""

    cases: tuple[Case, ...]
    complete: bool


def cases_of(questions: Questionnaire, given: Mapping[str, Any], limit: int) -> Cases:
    """Return all combinations if there are at most `limit`, else a set that covers every pair of choices.

    `given` are answers for all of them. Raises AnswersError for a question that has neither choices nor a
    default nor a given answer.
    """
    every = list(islice(_combinations(questions, given, {}, {}, 0), limit + 1))
    if len(every) <= limit:
        return Cases(tuple(every), complete=True)
    return Cases(tuple(_covering(questions, given)), complete=False)


def _combinations(
    questions: Questionnaire, given: Mapping[str, Any], answers: Answers, chosen: Answers, index: int
) -> Iterator[Case]:
    if index == len(questions.keys):
        yield Case(answers, chosen)
        return
    key = questions.keys[index]
    question = questions.question(key, answers)
    if question is None:
        yield from _combinations(questions, given, answers, chosen, index + 1)
        return
    values = _values(questions, question, given, answers)
    for value in values:
        more = {key: value} if len(values) > 1 else {}
        yield from _combinations(questions, given, {**answers, key: value}, chosen | more, index + 1)


def _values(
    questions: Questionnaire, question: Question, given: Mapping[str, Any], answers: Answers
) -> list[Any]:
    if question.key in given:
        return [questions.accept(question.key, given[question.key], answers)]
    values: list[Any] = [choice.value for choice in question.choices if not choice.disabled]
    if question.multiselect:
        return [[], values]
    if values:
        return values
    if question.type == "bool":
        return [True, False]
    if question.default is None:
        raise AnswersError([f"{question.key} has no default"], hint="answer it with --data NAME=VALUE")
    return [question.default]


def _covering(questions: Questionnaire, given: Mapping[str, Any]) -> Iterator[Case]:
    choices, ways = _choices(questions, given)
    single = [(key, index) for key, count in choices.items() for index in range(count)]
    open_pairs: set[tuple[_Choice, ...]] = {(one,) for one in single} | {
        pair for pair in combinations(single, 2) if pair[0][0] != pair[1][0]
    }
    seen: list[Answers] = []
    while open_pairs:
        seed = min(open_pairs)
        # The second way insists on the choices that bring the seed's questions up.
        brought_up = {key: index for name, _ in seed for key, index in ways[name].items()}
        for start in (dict(seed), brought_up | dict(seed)):
            case, taken = _settled(questions, given, _greedy(start, choices, open_pairs))
            if seed in _pairs(taken):
                break
        # What the seed wants may be impossible together: a choice that another answer takes away.
        open_pairs -= {seed} | _pairs(taken)
        if case.answers not in seen:
            seen.append(case.answers)
            yield case


def _greedy(
    row: dict[str, int], choices: Mapping[str, int], open_pairs: set[tuple[_Choice, ...]]
) -> dict[str, int]:
    """Fill a row up: for each question the choice that makes the most open pairs with those before."""
    for key, count in choices.items():
        if key not in row:
            gains = [len(open_pairs & _pairs({**row, key: index})) for index in range(count)]
            row[key] = gains.index(max(gains))
    return row


def _pairs(row: Mapping[str, int]) -> set[tuple[_Choice, ...]]:
    single = list(row.items())
    both = {(one, other) for one in single for other in single if one != other}
    return {(one,) for one in single} | both


def _choices(
    questions: Questionnaire, given: Mapping[str, Any]
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """Return how many values each question has that can be chosen, and the choices that bring the question up."""
    found: dict[str, int] = {}
    ways: dict[str, dict[str, int]] = {}
    rows: list[dict[str, int]] = [{}]
    while rows:
        row = rows.pop(0)
        way: dict[str, int] = {}
        for key, (index, count) in _asked(questions, given, row).items():
            if count > found.get(key, 1):
                found[key], ways[key] = count, dict(way)
                rows += [{**row, key: other} for other in range(count)]
            way[key] = index
    return found, ways


def _asked(
    questions: Questionnaire, given: Mapping[str, Any], row: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    """Return the questions that a row brings up: the number of the value taken, and how many there are."""
    asked: dict[str, tuple[int, int]] = {}
    answers: Answers = {}
    for key in questions.keys:
        question = questions.question(key, answers)
        if question is not None:
            values = _values(questions, question, given, answers)
            index = min(row.get(key, 0), len(values) - 1)
            asked[key] = (index, len(values))
            answers[key] = values[index]
    return asked


def _settled(
    questions: Questionnaire, given: Mapping[str, Any], row: Mapping[str, int]
) -> tuple[Case, dict[str, int]]:
    """Answer every question that is asked as the row says, as far as it can be said."""
    answers: Answers = {}
    taken: dict[str, int] = {}
    for key in questions.keys:
        question = questions.question(key, answers)
        if question is None:
            continue
        values = _values(questions, question, given, answers)
        index = min(row.get(key, 0), len(values) - 1)
        answers[key] = values[index]
        if len(values) > 1:
            taken[key] = index
    return Case(answers, {key: answers[key] for key in taken}), taken
