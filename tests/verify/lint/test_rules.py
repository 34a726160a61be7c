"""Every rule finds what it is there to find, where it is, and nothing else does."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from scaffold.dockerfile import parse
from scaffold.verify.lint import CHECKS, LintSubject
from scaffold.verify.model import Status, Step, run_check
from tests.verify.lint.cases import building, running, stages
from tests.verify.lint.model import MODEL, Bad, Case, Fine

CASES = [*stages.CASES, *building.CASES, *running.CASES]
BAD = [case for case in CASES if isinstance(case, Bad)]
FINE = [case for case in CASES if isinstance(case, Fine)]


def name(case: Case) -> str:
    return f"{case.check}: {case.new.strip().splitlines()[-1] if case.new.strip() else 'nothing'}"


@pytest.mark.parametrize("case", BAD, ids=name)
def test_a_rule_finds_its_fault_where_it_is(case: Bad, tmp_path: Path) -> None:
    findings = case.lint(tmp_path)
    assert [each.place for each in findings if each.rule == case.check] == case.places()
    assert {each.rule for each in findings} == {case.check, *case.also}
    assert all(each.message and each.mend for each in findings)


@pytest.mark.parametrize("case", FINE, ids=name)
def test_no_rule_finds_fault_with_what_is_fine(case: Fine, tmp_path: Path) -> None:
    assert case.lint(tmp_path) == []


def test_no_rule_finds_fault_with_the_model(tmp_path: Path) -> None:
    assert Case("", MODEL, MODEL).lint(tmp_path) == []


@pytest.mark.parametrize("cases", [BAD, FINE], ids=["bad", "fine"])
def test_every_rule_has_its_cases(cases: list[Case]) -> None:
    assert {check.id for check in CHECKS} == {case.check for case in cases}


def test_ids_are_unique_and_say_their_step() -> None:
    assert [id_ for id_, times in Counter(check.id for check in CHECKS).items() if times > 1] == []
    assert all(re.fullmatch(r"lint(-[a-z]+)+", check.id) for check in CHECKS)
    assert {check.step for check in CHECKS} == {Step.LINT}


def test_titles_and_reasons_are_sentences_of_their_own() -> None:
    assert len({check.title for check in CHECKS}) == len({check.why for check in CHECKS}) == len(CHECKS)
    assert [check.title for check in CHECKS if not check.title or check.title.endswith(".")] == []
    assert [check.why for check in CHECKS if not re.match(r"[A-Z`].*\.$", check.why)] == []


def test_a_check_that_does_not_apply_says_why(tmp_path: Path) -> None:
    subject = LintSubject(tmp_path, parse("FROM scratch\n"))
    outcomes = {check.id: run_check(check, subject)[:2] for check in CHECKS}
    assert outcomes["lint-last-stage-base"] == (Status.NOT_APPLICABLE, "the project's answers name no base")
    assert outcomes["lint-context-history"][0] is Status.NOT_APPLICABLE
    assert outcomes["lint-context-secrets"][0] is Status.NOT_APPLICABLE
