"""What a Dockerfile says, as values: directives, instructions, stages, and where each of them stands.

Lines count from 1. Text is as written: quotes, escapes and variables are resolved by `variables.expand`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

DEFAULT_ESCAPE = "\\"


@dataclass(frozen=True, slots=True)
class Directive:
    """A parser directive at the top, `# name=value`; `name` is lower-case."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment line without its `#` and outer white space."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Flag:
    """`--name=value`, or `--name` with the value None."""

    name: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A here-document of RUN, COPY or ADD.

    `expand` is false when the name was quoted, `chomp` true for `<<-`, which drops leading tabs. `content` is
    as written, with its line ends.
    """

    name: str
    expand: bool
    chomp: bool
    descriptor: int = 0
    content: str = ""

    @property
    def text(self) -> str:
        """The content as the builder passes it on."""
        if not self.chomp:
            return self.content
        return "".join(line.lstrip("\t") for line in self.content.splitlines(keepends=True))


@dataclass(frozen=True, slots=True)
class Assignment:
    """A `name=value` of ARG, ENV or LABEL, unresolved; the value is None for an ARG without default."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction.

    `keyword` is upper-case, `spelling` as written. `text` is everything after the flags, with continuation
    lines joined. What `arguments` holds depends on the keyword: the strings of the JSON form (`json`); one
    string for a command in shell form and for USER, WORKDIR, STOPSIGNAL and MAINTAINER; for HEALTHCHECK the
    same, led by CMD or NONE; else white-space separated words. `raw` is the source text with its heredocs.
    `comments` stand between the instruction before and this one, `inner_comments` and `blank_lines` between
    its continued lines. `trigger` is what an ONBUILD holds back.
    """

    keyword: str
    spelling: str
    flags: tuple[Flag, ...]
    text: str
    arguments: tuple[str, ...]
    json: bool
    raw: str
    start_line: int
    end_line: int
    assignments: tuple[Assignment, ...] = ()
    legacy: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    comments: tuple[Comment, ...] = ()
    inner_comments: tuple[Comment, ...] = ()
    blank_lines: tuple[int, ...] = ()
    trigger: Instruction | None = None

    def flag(self, name: str) -> str | None:
        """Return the value of the first flag `name`, "" when it has none, None when the flag is absent."""
        return next((flag.value or "" for flag in self.flags if flag.name == name), None)

    @property
    def mounts(self) -> tuple[dict[str, str], ...]:
        """The `--mount` flags of a RUN, each as its options; an option without a value has ""."""
        return tuple(_options(flag.value or "") for flag in self.flags if flag.name == "mount")

    @property
    def sources(self) -> tuple[str, ...]:
        """What a COPY or ADD takes, without heredocs."""
        return tuple(word for word in self.arguments[:-1] if not (self.heredocs and "<<" in word))

    @property
    def destination(self) -> str:
        """Where a COPY or ADD puts it, "" where that is missing."""
        return self.arguments[-1] if self.arguments else ""


def _options(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip().lower(): value for name, _, value in pairs}


@dataclass(frozen=True, slots=True)
class Stage:
    """A build stage: its FROM line and the instructions up to the next.

    `name` is "" for a stage without `AS`, `platform` "" without the flag. `base` is the reference as written,
    `image` the same with the defaults of global ARGs; a variable without one stays as it is.
    """

    index: int
    name: str
    base: str
    image: str
    platform: str
    origin: Instruction
    instructions: tuple[Instruction, ...]

    @property
    def line(self) -> int:
        """Where it starts."""
        return self.origin.start_line

    def of(self, *keywords: str) -> tuple[Instruction, ...]:
        """Return its instructions with one of these keywords."""
        return tuple(each for each in self.instructions if each.keyword in keywords)


@dataclass(frozen=True)
class Dockerfile:
    """A whole Dockerfile. `comments` are all of them, those inside instructions included."""

    name: str
    directives: tuple[Directive, ...]
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    comments: tuple[Comment, ...]

    @cached_property
    def escape(self) -> str:
        r"""The character that escapes and continues lines: `\` or a backtick."""
        chosen = (each.value for each in self.directives if each.name == "escape")
        return next(chosen, DEFAULT_ESCAPE)

    @cached_property
    def global_arguments(self) -> tuple[Instruction, ...]:
        """The ARGs before the first FROM, which only FROM lines can see."""
        first = self.stages[0].line
        return tuple(each for each in self.instructions if each.start_line < first)

    def declared_arguments(self) -> frozenset[str]:
        """Return the names of all build arguments that an ARG declares."""
        declarations = (each for each in self.instructions if each.keyword == "ARG")
        return frozenset(pair.name for each in declarations for pair in each.assignments)

    def find_stage(self, reference: str, before: int, *, by_number: bool = False) -> Stage | None:
        """Return the stage that `reference` names among the first `before`, the nearest one first.

        Names are compared without case, as BuildKit does; numbers count only in `--from`.
        """
        if by_number and reference.isdecimal():
            return self.stages[int(reference)] if int(reference) < before else None
        named = (stage for stage in reversed(self.stages[:before]) if stage.name)
        return next((stage for stage in named if stage.name.lower() == reference.lower()), None)

    def parent(self, stage: Stage) -> Stage | None:
        """Return the stage that a stage starts from, None when it starts from an image."""
        return self.find_stage(stage.image, stage.index)

    def lineage(self, stage: Stage) -> tuple[Stage, ...]:
        """Return the stage, the one it starts from, and so on to the one that starts from an image."""
        parent = self.parent(stage)
        return (stage, *self.lineage(parent)) if parent else (stage,)

    def root_image(self, stage: Stage) -> str:
        """Return the image at the root of the stage's lineage."""
        return self.lineage(stage)[-1].image
