"""The build and warm checks."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from scaffold.engines.command_line import BuildFailed
from scaffold.engines.model import Build
from scaffold.languages.model import Language
from scaffold.verify.building.subject import BuildSubject
from scaffold.verify.model import Check, NotApplicable, Outcome, Problem, Step, check

TEST_TARGET = "test"


@check(
    "build-image",
    Step.BUILD,
    title="the image builds",
    why="A Dockerfile that was never built is a guess.",
)
def builds(subject: BuildSubject) -> Iterator[Problem]:
    """Build the image as a pipeline would."""
    try:
        build = subject.build("image", cached=subject.cached)
    except BuildFailed as failure:
        subject.workspace.keep_log("build-image", failure.log)
        yield Problem(failure.message, failure.hint, str(subject.dockerfile_path.name))
        return
    subject.facts["seconds_build"] = round(build.seconds, 3)
    subject.facts["steps_reused"] = sum(step.cached for step in build.steps)


@check(
    "build-tests",
    Step.BUILD,
    title="the project's own tests pass in its test stage",
    why="Tests that run in the toolchain of the image say what the image will do.",
)
def passes_tests(subject: BuildSubject) -> Outcome:
    """Build the stage that runs the project's tests."""
    if not any(stage.name == TEST_TARGET for stage in subject.dockerfile.stages):
        return NotApplicable(f"the Dockerfile has no stage {TEST_TARGET!r}")
    return _test_problems(subject)


def _test_problems(subject: BuildSubject) -> Iterator[Problem]:
    try:
        subject.build(TEST_TARGET, target=TEST_TARGET)
    except BuildFailed as failure:
        subject.workspace.keep_log(f"build-{TEST_TARGET}", failure.log)
        last = failure.output.strip().splitlines()[-1:]
        yield Problem(
            f"the stage {TEST_TARGET!r} fails: {' '.join(last)}",
            f"see `docker build --target {TEST_TARGET} .`",
            str(subject.dockerfile_path.name),
        )


@check(
    "warm-dependencies",
    Step.WARM,
    title="a one-line change rebuilds without fetching dependencies again",
    why="Fetching is the slow part of most builds, and the part that fails when a registry is down.",
)
def keeps_dependencies(subject: BuildSubject) -> Outcome:
    """Build a copy with one more line of code, and look at what was done again."""
    language = subject.language
    if language is None:
        return NotApplicable("the language is not one that scaffold knows")
    if language.source_to_change(subject.project) is None:
        return NotApplicable("the project has no entry point where its language expects it")
    return _warm_problems(subject, language)


def _warm_problems(subject: BuildSubject, language: Language) -> Iterator[Problem]:
    copy = subject.changed_copy()
    append_line(copy, language)
    build = subject.build("warm", context=copy)
    subject.facts["seconds_rebuild"] = round(build.seconds, 3)
    downloads = _downloads(build.log, language)
    if downloads:
        yield Problem(
            f"a one-line change downloads {len(downloads)} dependencies again, first: {downloads[0]}",
            "fetch dependencies in an instruction of their own, before the sources are copied",
        )
    yield from _dependency_step_problems(build, language)


def _downloads(log: str, language: Language) -> list[str]:
    """Return the lines that the package manager printed of a download, without BuildKit's `#8 0.42 ` before."""
    printed = (re.sub(r"^#\d+ \d+\.\d+ ", "", line) for line in log.splitlines())
    return [line for line in printed if line.startswith(language.download_words)]


def _dependency_step_problems(build: Build, language: Language) -> Iterator[Problem]:
    fetching = [
        step for step in build.steps if any(command in step.name for command in language.dependency_commands)
    ]
    if not fetching:
        yield Problem(
            "no instruction fetches dependencies apart from the sources",
            f"run `{language.dependency_commands[0]}` before the sources are copied",
        )
    for step in fetching:
        if not step.cached:
            yield Problem(
                f"a one-line change fetches dependencies again: {step.name}",
                "let the instruction see only the manifest and the lockfile, not the sources",
            )


def append_line(project: Path, language: Language) -> None:
    """Append one line of code, unlike any before, to the project's entry point."""
    source = language.source_to_change(project)
    assert source is not None
    with source.open("a", encoding="utf-8") as file:
        file.write(language.one_line(secrets.token_hex(8)))


CHECKS: tuple[Check[BuildSubject], ...] = (builds, passes_tests)
WARM_CHECKS: tuple[Check[BuildSubject], ...] = (keeps_dependencies,)
