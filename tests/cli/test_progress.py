"""How a verification is shown: what failed and how to mend it, and nothing that steers the terminal."""

from __future__ import annotations

import pytest

from scaffold.ui.progress import Lines, Silent
from scaffold.verify.model import Finding, Result, Severity, Status, Step

FINDING = Finding("open-setuid", Severity.ERROR, "/bin/\x1b[2Jevil\n", "it runs with more rights", "chmod a-s it")


def result(status: Status, step: Step = Step.OPEN, *findings: Finding) -> Result:
    return Result("open-setuid", "no file is setuid", step, status, 0.1, "", findings)


def test_a_finding_is_told_with_its_place_and_mend(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as shown:
        shown.step_begins(Step.OPEN)
        shown.check_ended(result(Status.FAILED, Step.OPEN, FINDING))
    output = capsys.readouterr().out
    assert "✗ no file is setuid" in output
    assert "/bin/\\x1b[2Jevil\\n: it runs with more rights" in output
    assert "chmod a-s it  [open-setuid]" in output
    assert "\x1b" not in output


def test_what_passed_in_a_step_of_many_checks_is_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as shown:
        shown.step_begins(Step.OPEN)
        for status in (Status.PASSED, Status.PASSED, Status.NOT_APPLICABLE):
            shown.check_ended(result(status))
    assert "2 passed, 1 not applicable" in capsys.readouterr().out


def test_a_check_whose_step_never_began_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    with Lines() as shown:
        shown.step_begins(Step.LINT)
        shown.check_ended(result(Status.NOT_RUN, Step.RUN))
    assert "setuid" not in capsys.readouterr().out


def test_the_engines_lines_are_shown_on_request_alone(capsys: pytest.CaptureFixture[str]) -> None:
    for verbose, expected in ((False, ""), (True, "    #8 \\x1b[31mRUN\n")):
        Lines(verbose=verbose).line("#8 \x1b[31mRUN")
        assert capsys.readouterr().out == expected


def test_silence_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Silent() as shown:
        shown.step_begins(Step.RUN)
        shown.check_begins("run-stops", "it stops")
        shown.check_ended(result(Status.FAILED, Step.RUN, FINDING))
        shown.line("text")
    assert capsys.readouterr().out == ""
