"""Every check of an opened image catches the bad images that were made for it, and leaves the good ones alone."""

from __future__ import annotations

import pytest

from scaffold.verify.model import Check, Severity, Status, Step, run_check
from scaffold.verify.opened import CHECKS, ImageSubject
from tests.verify.opened.cases import CASES, GOOD, Case
from tests.verify.opened.conftest import Subjects

BY_ID = {check.id: check for check in CHECKS}
each_check = pytest.mark.parametrize("check", CHECKS, ids=[check.id for check in CHECKS])


def test_ids_are_unique() -> None:
    assert len(BY_ID) == len(CHECKS)


@each_check
def test_a_check_says_what_it_is(check: Check[ImageSubject]) -> None:
    assert check.step is Step.OPEN
    assert check.id.startswith("open-")
    assert check.title == check.title.strip().rstrip(".") != ""
    assert check.why.endswith(".")


@each_check
def test_every_check_has_a_bad_image(check: Check[ImageSubject]) -> None:
    assert check.id in {case.check for case in CASES}


@pytest.mark.engine
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_bad_image_is_caught(case: Case, subject: Subjects) -> None:
    opened = subject(case.target, case.base, case.budget)
    status, _, findings = run_check(BY_ID[case.check], opened)
    found = [finding for finding in findings if case.message in finding.message and finding.place == case.place]
    assert len(found) == 1, findings
    assert found[0].mend
    failed = found[0].severity is Severity.ERROR
    assert status is (Status.FAILED if failed else Status.PASSED)


@pytest.mark.engine
@each_check
@pytest.mark.parametrize(("target", "base"), GOOD.items(), ids=GOOD)
def test_a_good_image_passes(target: str, base: str, check: Check[ImageSubject], subject: Subjects) -> None:
    status, reason, findings = run_check(check, subject(target, base))
    assert (status, reason, findings) == (Status.PASSED, "", ())


@pytest.mark.engine
@pytest.mark.parametrize(
    ("check", "target", "reason"),
    [
        ("open-healthcheck", "health-none", "HEALTHCHECK NONE says that there is none"),
        ("open-passwd", "user-name", "the user is not a number"),
        ("open-owner", "user-root", "the user is root or unknown"),
        ("open-timezones", "bare", "its one program never looks for time zones"),
    ],
)
def test_a_check_that_does_not_apply_says_why(check: str, target: str, reason: str, subject: Subjects) -> None:
    status, said, findings = run_check(BY_ID[check], subject(target, "scratch"))
    assert (status, said, findings) == (Status.NOT_APPLICABLE, reason, ())


@pytest.mark.engine
def test_without_a_budget_there_is_nothing_to_weigh(subject: Subjects) -> None:
    status, reason, _ = run_check(BY_ID["open-size"], subject("large", "scratch", None))
    assert (status, reason) == (Status.NOT_APPLICABLE, "no budget is set")


@pytest.mark.engine
@pytest.mark.parametrize("target", ["base-alpine", "base-distroless"])
@pytest.mark.parametrize(
    "check", ["open-setuid", "open-world-writable", "open-shell", "open-package-manager", "open-build-tools"]
)
def test_what_a_published_base_has_is_not_the_images_doing(target: str, check: str, subject: Subjects) -> None:
    base = target.removeprefix("base-")
    assert run_check(BY_ID[check], subject(target, base))[2] == ()
