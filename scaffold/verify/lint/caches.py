"""Rules about what a change rebuilds, and what layers hold twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scaffold.dockerfile import Instruction
from scaffold.dockerfile.variables import references
from scaffold.verify.lint.dependencies import builds_and_fetches, fetches
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.shell import commands_of, script_of
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Severity

# Build arguments that differ in each build.
_CHANGING = re.compile(
    r"(?:^|_)(?:VERSION|REVISION|COMMIT|SHA|GIT_SHA|BUILD_DATE|BUILD_ID|BUILD_NUMBER|BUILD_TIME|CREATED|VCS_REF)$"
)


def takes_everything(instruction: Instruction) -> bool:
    """Tell whether an instruction sees the whole build context: `COPY . …`, or a bind mount of it."""
    if instruction.keyword in ("COPY", "ADD") and instruction.flag("from") is None:
        return any(source in (".", "./", "/", "*", "./*") for source in instruction.sources)
    return any(
        mount.get("type", "bind") == "bind"
        and not mount.get("from")
        and mount.get("source", mount.get("src", ".")) in (".", "./", "/")
        for mount in instruction.mounts
    )


def _fetching(instruction: Instruction) -> bool:
    return any(fetches(command) for command in commands_of(instruction))


@rule(
    "lint-dependencies-first",
    title="dependencies are fetched before the sources are seen",
    why="An instruction that sees the sources runs again after each change of them, and fetches everything anew.",
    severity=Severity.WARNING,
)
def dependencies_first(subject: LintSubject) -> Iterator[Fault]:
    """No instruction that fetches dependencies sees the whole build context."""
    for stage in subject.dockerfile.stages:
        seen = any(takes_everything(each) for each in subject.history(stage) if each not in stage.instructions)
        for instruction in stage.instructions:
            mounted = instruction.keyword == "RUN" and takes_everything(instruction)
            if instruction.keyword == "RUN" and (seen or mounted) and _fetching(instruction):
                yield Fault(
                    "dependencies are fetched again after each change of the sources",
                    "copy manifest and lockfile alone, fetch, and copy the rest below",
                    instruction.start_line,
                )
            seen = seen or (instruction.keyword != "RUN" and takes_everything(instruction))


@rule(
    "lint-build-cache",
    title="a build keeps what it downloaded",
    why="Without a layer for dependencies and without a cache mount, each change downloads all of them.",
    severity=Severity.WARNING,
)
def build_cache(subject: LintSubject) -> Iterator[Fault]:
    """A RUN that compiles has a cache mount, or a step that fetches dependencies in some stage."""
    runs = subject.of("RUN")
    if any(_fetching(instruction) for instruction in runs):
        return
    for instruction in runs:
        building = [command for command in commands_of(instruction) if builds_and_fetches(command)]
        if building and not any(mount.get("type") == "cache" for mount in instruction.mounts):
            program = building[0].program
            yield Fault(
                f"{program} downloads all dependencies again after each change",
                "fetch them in a RUN of their own above, or add --mount=type=cache,target=…",
                instruction.start_line,
            )


@rule(
    "lint-argument-late",
    title="arguments that change in each build come late",
    why="A RUN below an ARG runs again whenever the argument's value changes, whether it uses it or not.",
    severity=Severity.WARNING,
)
def argument_late(subject: LintSubject) -> Iterator[Fault]:
    """Between an ARG for a version and the first RUN that uses it, there is no other RUN."""
    for stage in subject.dockerfile.stages:
        for at, instruction in enumerate(stage.instructions):
            if instruction.keyword != "ARG":
                continue
            for pair in instruction.assignments:
                below = stage.instructions[at + 1 :]
                if _CHANGING.search(pair.name) and _is_early(pair.name, below):
                    mend = "move the ARG down to the first instruction that uses it"
                    yield Fault(
                        f"a change of {pair.name} runs steps again that do not use it",
                        mend,
                        instruction.start_line,
                    )


def _is_early(name: str, below: Iterable[Instruction]) -> bool:
    first = next((each for each in below if each.keyword == "RUN" or _uses(each, name)), None)
    return first is not None and not _uses(first, name)


def _uses(instruction: Instruction, name: str) -> bool:
    if instruction.keyword == "RUN":
        return re.search(rf"\b{name}\b", script_of(instruction) or instruction.text) is not None
    return any(used.name == name for used in references(instruction.text))


@rule(
    "lint-copied-twice",
    title="owner and mode are set as files are copied",
    why="A chown or chmod in a later RUN stores each file a second time.",
    severity=Severity.WARNING,
)
def copied_twice(subject: LintSubject) -> Iterator[Fault]:
    """The image has no recursive chown or chmod in a RUN below a COPY."""
    copied = False
    for instruction in subject.final:
        copied = copied or instruction.keyword in ("COPY", "ADD")
        for command in commands_of(instruction) if copied and instruction.keyword == "RUN" else ():
            if command.program in ("chown", "chmod") and command.has("-R", "--recursive"):
                flag = "--chown=65532:65532" if command.program == "chown" else "--chmod=0755"
                mend = f"write COPY {flag} …, or set it in the stage that builds"
                yield Fault(f"{command.program} -R stores the copied files again", mend, instruction.start_line)


CHECKS = (dependencies_first, build_cache, argument_late, copied_twice)
