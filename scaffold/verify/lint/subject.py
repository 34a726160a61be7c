"""What the rules look at: one project's Dockerfile, and the folder that is its build context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scaffold.bases import Base
from scaffold.dockerfile import Dockerfile, Instruction, Stage
from scaffold.verify.lint.ignores import Ignore, read_ignores
from scaffold.verify.lint.shell import Command, commands_of


@dataclass(frozen=True)
class LintSubject:
    """One Dockerfile. `project` is the build context, `base` what the project's answers chose, if any."""

    project: Path
    dockerfile: Dockerfile
    base: Base | None = None

    @cached_property
    def last(self) -> Stage:
        """The stage that becomes the image."""
        return self.dockerfile.stages[-1]

    @cached_property
    def final(self) -> tuple[Instruction, ...]:
        """The instructions that the image is made of: those of the last stage and of what it starts from."""
        return self.history(self.last)

    @cached_property
    def everything(self) -> tuple[Instruction, ...]:
        """All instructions of the file, with those that an ONBUILD holds back."""
        return tuple(_with_triggers(self.dockerfile.instructions))

    @cached_property
    def ignores(self) -> tuple[Ignore, ...]:
        """The comments that switch a check off."""
        return read_ignores(self.dockerfile)

    def history(self, stage: Stage) -> tuple[Instruction, ...]:
        """Return a stage's instructions, led by those of the stages it starts from."""
        return tuple(
            instruction for each in reversed(self.dockerfile.lineage(stage)) for instruction in each.instructions
        )

    def of(self, *keywords: str) -> tuple[Instruction, ...]:
        """Return all instructions of the file that have one of these keywords."""
        return tuple(each for each in self.everything if each.keyword in keywords)

    def runs(self) -> Iterator[tuple[Instruction, Command]]:
        """Give the commands of every RUN in the file."""
        return _commands(self.of("RUN"))

    def final_runs(self) -> Iterator[tuple[Instruction, Command]]:
        """Give the commands of the RUNs whose files are in the image."""
        return _commands(each for each in self.final if each.keyword == "RUN")

    def last_of(self, keyword: str) -> Instruction | None:
        """Return the instruction of this keyword that counts for the image."""
        return next((each for each in reversed(self.final) if each.keyword == keyword), None)


def _with_triggers(instructions: Iterable[Instruction]) -> Iterator[Instruction]:
    for instruction in instructions:
        yield instruction
        if instruction.trigger is not None:
            yield instruction.trigger


def _commands(instructions: Iterable[Instruction]) -> Iterator[tuple[Instruction, Command]]:
    for instruction in instructions:
        for command in commands_of(instruction):
            yield instruction, command
