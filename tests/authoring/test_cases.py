"""The cases of a blueprint's test: all combinations of choices, or a set in which every possible pair occurs."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from scaffold.authoring.cases import Case, cases_of
from scaffold.errors import AnswersError
from scaffold.render import Questionnaire

SMALL = """\
kind: {type: str, choices: [service, worker], default: service}
probes: {type: bool, default: true, when: "{{ kind == 'service' }}"}
name: {type: str, default: x}
"""


def questions(folder: Path, text: str) -> Questionnaire:
    (folder / "copier.yml").write_text(text)
    return Questionnaire(folder)


def pairs(cases: tuple[Case, ...]) -> set[frozenset[tuple[str, str]]]:
    """Every pair of answers that occurs together."""
    chosen = ([(key, str(value)) for key, value in case.chosen.items()] for case in cases)
    return {frozenset(pair) for one in chosen for pair in combinations(one, 2)}


def test_few_combinations_are_all_tried(tmp_path: Path) -> None:
    found = cases_of(questions(tmp_path, SMALL), {}, limit=3)
    assert found.complete
    assert [case.answers for case in found.cases] == [
        {"kind": "service", "probes": True, "name": "x"},
        {"kind": "service", "probes": False, "name": "x"},
        {"kind": "worker", "name": "x"},
    ]
    assert found.cases[2].chosen == {"kind": "worker"}


def test_a_given_answer_is_in_every_case(tmp_path: Path) -> None:
    found = cases_of(questions(tmp_path, SMALL), {"kind": "service", "name": "y"}, limit=10)
    assert [case.answers["name"] for case in found.cases] == ["y", "y"]
    assert {case.answers["kind"] for case in found.cases} == {"service"}


@pytest.mark.parametrize("counts", [(2, 2, 2, 2, 2, 2), (3, 3, 3, 3), (5, 4, 2, 2, 2), (9, 3)])
def test_of_many_every_pair_occurs_in_few_cases(tmp_path: Path, counts: tuple[int, ...]) -> None:
    text = "".join(
        f"q{index}: {{type: int, choices: {list(range(count))}}}\n" for index, count in enumerate(counts)
    )
    asked = questions(tmp_path, text)
    every = cases_of(asked, {}, limit=10_000)
    few = cases_of(asked, {}, limit=4)
    assert (every.complete, few.complete) == (True, False)
    assert pairs(few.cases) == pairs(every.cases)
    # No set can be smaller than the product of the two longest lists of choices; ours may be half as large again.
    longest, second, *_ = sorted(counts, reverse=True)
    assert longest * second <= len(few.cases) <= 1.5 * longest * second + len(counts)


CONDITIONAL = """\
kind: {type: str, choices: [service, worker, job]}
store:
  type: str
  choices:
    None: none
    Postgres: postgres
    Queue: {value: queue, validator: "{% if kind == 'job' %}a job has no queue{% endif %}"}
probes: {type: bool, when: "{{ kind == 'service' }}"}
path: {type: str, choices: [/a, /b], when: "{{ kind == 'service' and probes }}"}
tags: {type: str, multiselect: true, choices: [a, b]}
metrics: {type: bool}
"""


def test_choices_that_others_bring_up_or_take_away(tmp_path: Path) -> None:
    asked = questions(tmp_path, CONDITIONAL)
    every = cases_of(asked, {}, limit=10_000)
    few = cases_of(asked, {}, limit=10)
    assert pairs(few.cases) <= pairs(every.cases), "nothing impossible is tried"
    missed = pairs(every.cases) - pairs(few.cases)
    assert missed == set()
    assert len(few.cases) < len(every.cases) / 2


def test_a_question_without_a_default_has_to_be_answered(tmp_path: Path) -> None:
    asked = questions(tmp_path, "name: {type: str}\n")
    with pytest.raises(AnswersError, match="name has no default"):
        cases_of(asked, {}, limit=10)
    given: dict[str, Any] = {"name": "x"}
    assert cases_of(asked, given, limit=10).cases[0].answers == given
