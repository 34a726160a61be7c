"""What `verify` does: lint, build, open, run, and build again after a small change."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from scaffold import image
from scaffold.catalog.blueprint import Blueprint
from scaffold.engines import find_engine
from scaffold.engines.model import BuildRequest, Engine
from scaffold.errors import ExitCode, InputError, Unavailable
from scaffold.network import network
from scaffold.verify.building import checks as building
from scaffold.verify.building.subject import BuildSubject
from scaffold.verify.lint import CHECKS as LINT_CHECKS
from scaffold.verify.lint import LintSubject
from scaffold.verify.model import Check, Report, Severity, Status, Step
from scaffold.verify.opened import CHECKS as OPEN_CHECKS
from scaffold.verify.opened import ImageSubject, image_facts
from scaffold.verify.pipeline import Pipeline, Watcher
from scaffold.verify.running.checks import CHECKS as RUN_CHECKS
from scaffold.verify.running.checks import starts
from scaffold.verify.running.subject import RunSubject
from scaffold.verify.target import Target, load_target
from scaffold.verify.workspace import Workspace

STAND_IN_LABEL = "io.github.container-scaffold.stand-in"
_NO_IMAGE = "the image does not build"
_NO_START = "the service does not come up"


@dataclass(frozen=True, slots=True)
class Request:
    """What to verify. `steps` are those to run, `cached` whether the build may reuse layers.

    `tag` is the name under which an image that passed every check is kept; without one none is. `blueprint` is
    what promises something of the image; without one it is the built-in one that the project names.
    """

    project: Path
    dockerfile: str = "Dockerfile"
    engine: str = ""
    steps: frozenset[Step] = frozenset(Step)
    arguments: Mapping[str, str] = field(default_factory=dict)
    cached: bool = True
    tag: str = ""
    blueprint: Blueprint | None = None


def verify(request: Request, watcher: Watcher) -> Report:
    """Verify one project.

    Raises InputError when there is nothing to verify. A missing engine is no error here: the checks that need
    none are reported, with `unavailable` saying why the others did not run.
    """
    target = load_target(request.project, request.dockerfile, request.blueprint)
    verification = _Verification(request, target, Pipeline(watcher))
    verification.lint()
    if not request.steps - {Step.LINT}:
        return verification.report()
    try:
        engine = find_engine(request.engine)
        with Workspace(engine, _log_folder(request.project)) as workspace:
            verification.with_engine(engine, workspace)
    except Unavailable as missing:
        return verification.report_without_engine(missing)
    return verification.report(engine, workspace.logs)


def exit_code(report: Report, *, strict: bool = False) -> ExitCode:
    """Return 1 when a check failed (with `strict`: or warned), 69 when the engine was missing, else 0."""
    warned = strict and any(finding.severity is Severity.WARNING for finding in report.findings)
    if report.count(Status.FAILED) or warned:
        return ExitCode.NO
    return ExitCode.UNAVAILABLE if report.unavailable else ExitCode.DONE


def parse_arguments(words: Sequence[str]) -> dict[str, str]:
    """Split `NAME=VALUE` words; raises InputError for one without a name."""
    pairs = [word.partition("=") for word in words]
    for name, sign, _ in pairs:
        if not name or not sign:
            raise InputError(
                f"--build-arg {name!r} is not NAME=VALUE", hint="for example --build-arg VERSION=1.2.3"
            )
    return {name: value for name, _, value in pairs}


class _Verification:
    """One run over one target: its steps, in the order in which they build on each other."""

    def __init__(self, request: Request, target: Target, pipeline: Pipeline) -> None:
        self.request = request
        self.target = target
        self.pipeline = pipeline
        self.facts: dict[str, int | float | str | bool] = {}

    def lint(self) -> None:
        """Read the Dockerfile and its context."""
        if Step.LINT in self.request.steps:
            self.pipeline.begin(Step.LINT)
            subject = LintSubject(self.target.project, self.target.dockerfile, self.target.base)
            self.pipeline.apply(LINT_CHECKS, subject)

    def with_engine(self, engine: Engine, workspace: Workspace) -> None:
        """Do what needs an engine."""
        subject = self._build_subject(engine, workspace)
        if not self.build(subject):
            self._leave_out_rest(_NO_IMAGE)
            return
        self.open(subject)
        self.run(subject)
        self.warm(subject)
        self.keep(subject)

    def build(self, subject: BuildSubject) -> bool:
        """Build the image, which every later step needs, and its test stage."""
        self.pipeline.begin(Step.BUILD)
        built = self.pipeline.apply([building.builds], subject)
        rest = [check for check in building.CHECKS if check is not building.builds]
        if built and Step.BUILD in self.request.steps:
            self.pipeline.apply(rest, subject)
        elif not built:
            self.pipeline.leave_out(rest, _NO_IMAGE)
        return built

    def open(self, subject: BuildSubject) -> None:
        """Save the image and read it."""
        if Step.OPEN not in self.request.steps:
            return
        self.pipeline.begin(Step.OPEN)
        archive = subject.workspace.folder / "image.tar"
        subject.engine.save(subject.image, archive)
        opened = ImageSubject(
            image.read(archive), self.target.base, self._base_layers(subject), self.target.budget
        )
        self.facts.update(image_facts(opened))
        self.pipeline.apply(OPEN_CHECKS, opened)

    def run(self, subject: BuildSubject) -> None:
        """Start the image and watch it keep its contract."""
        if Step.RUN not in self.request.steps:
            return
        self.pipeline.begin(Step.RUN)
        target = self.target
        running = RunSubject(
            subject.engine, subject.image, target.contract, target.port, subject.workspace, self.facts
        )
        rest = [check for check in RUN_CHECKS if check is not starts]
        if self.pipeline.apply([starts], running):
            self.pipeline.apply(rest, running)
        else:
            self.pipeline.leave_out(rest, _NO_START)

    def warm(self, subject: BuildSubject) -> None:
        """Build a copy with one more line of code."""
        if Step.WARM in self.request.steps:
            self.pipeline.begin(Step.WARM)
            self.pipeline.apply(building.WARM_CHECKS, subject)

    def keep(self, subject: BuildSubject) -> None:
        """Give the image that passed the name that was asked for."""
        if self.request.tag and not any(result.status is Status.FAILED for result in self.pipeline.results):
            subject.engine.tag(subject.image, self.request.tag)
            self.facts["image"] = self.request.tag

    def report(self, engine: Engine | None = None, logs: Path | None = None) -> Report:
        """Sum up; logs of a run in which nothing failed are of no use to anybody."""
        named = f"{engine.name} {engine.version}" if engine else ""
        report = Report(
            str(self.request.project), named, tuple(self.pipeline.results), self.facts, str(logs or "")
        )
        if logs and not report.count(Status.FAILED):
            shutil.rmtree(logs, ignore_errors=True)
            return Report(report.project, named, report.results, self.facts)
        return report

    def report_without_engine(self, missing: Unavailable) -> Report:
        """Sum up what could be checked without an engine."""
        self._leave_out_rest(missing.message)
        return Report(
            str(self.request.project),
            "",
            tuple(self.pipeline.results),
            self.facts,
            unavailable=missing.message,
            unavailable_hint=missing.hint,
        )

    def _leave_out_rest(self, reason: str) -> None:
        done = {result.check for result in self.pipeline.results}
        checks: tuple[Check[Any], ...] = (*building.CHECKS, *OPEN_CHECKS, *RUN_CHECKS, *building.WARM_CHECKS)
        self.pipeline.leave_out(
            [check for check in checks if check.step in self.request.steps and check.id not in done], reason
        )

    def _build_subject(self, engine: Engine, workspace: Workspace) -> BuildSubject:
        return BuildSubject(
            project=self.target.project,
            dockerfile_path=self.target.dockerfile_path,
            dockerfile=self.target.dockerfile,
            engine=engine,
            network=network(),
            language=self.target.language,
            workspace=workspace,
            on_line=self.pipeline.watcher.line,
            arguments=self.request.arguments,
            cached=self.request.cached,
            facts=self.facts,
        )

    def _base_layers(self, subject: BuildSubject) -> int:
        """Count the leading layers that the published base brought along.

        A Dockerfile of one FROM line gives the base's own layers, pulled with the user's mirror and login.
        """
        reference = self.target.base_image
        if reference == "scratch":
            return 0
        folder = subject.workspace.folder / "base"
        folder.mkdir()
        (folder / "Dockerfile").write_text(f"FROM {reference}\n", encoding="utf-8")
        tag = subject.workspace.image_name("base")
        subject.engine.build(BuildRequest(context=folder, tag=tag), subject.on_line)
        self.facts["stand_in_base"] = STAND_IN_LABEL in subject.engine.labels(tag)
        ours, base = subject.engine.layers(subject.image), subject.engine.layers(tag)
        return len(base) if ours[: len(base)] == base else 0


def _log_folder(project: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    return platformdirs.user_cache_path("container-scaffold") / "logs" / f"{project.name}-{stamp}"
