"""Reads a Dockerfile."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from scaffold.dockerfile.errors import DockerfileError, Malformed
from scaffold.dockerfile.grammar import HEREDOC_KEYWORDS, announced_heredocs, divide, read_arguments
from scaffold.dockerfile.lines import LogicalLine, Source
from scaffold.dockerfile.model import DEFAULT_ESCAPE, Dockerfile, Instruction, Stage
from scaffold.dockerfile.variables import expand

_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*", re.IGNORECASE)
_WIDE_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")


def read(path: Path) -> Dockerfile:
    """Read a file; raises DockerfileError when it is no Dockerfile, OSError when it cannot be opened."""
    return parse(decode(path.read_bytes(), path.name), path.name)


def decode(data: bytes, name: str = "Dockerfile") -> str:
    """Decode a Dockerfile's bytes, which have to be UTF-8; line ends and a byte order mark stay."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        wide = data.startswith(_WIDE_ENCODINGS)
        what = "the file is UTF-16" if wide else f"byte {data[error.start]:#04x} is not UTF-8"
        line = 1 if wide else data.count(b"\n", 0, error.start) + 1
        raise DockerfileError(what, name=name, line=line, hint="save the file as UTF-8") from error


def parse(text: str, name: str = "Dockerfile") -> Dockerfile:
    """Read a Dockerfile's text; `name` is what findings call it. Raises DockerfileError."""
    source = Source(text, name)
    escape = next((each.value for each in source.directives if each.name == "escape"), DEFAULT_ESCAPE)
    instructions = tuple(_instructions(source, escape))
    if not instructions:
        raise DockerfileError("there are no instructions", name=name, line=1, hint="begin with FROM")
    stages = tuple(_stages(instructions, name, escape))
    return Dockerfile(name, source.directives, instructions, stages, tuple(source.comments))


def _instructions(source: Source, escape: str) -> Iterator[Instruction]:
    while line := source.next_line():
        try:
            instruction = _instruction(line, escape)
        except Malformed as error:
            raise DockerfileError(error.message, name=source.name, line=line.start, hint=error.hint) from error
        yield _with_source(_with_heredocs(instruction, line, source), source)


def _instruction(line: LogicalLine, escape: str) -> Instruction:
    return replace(
        _parse_line(line.text, escape, line.start, line.end),
        comments=line.comments,
        inner_comments=line.inner_comments,
        blank_lines=line.blank_lines,
    )


def _parse_line(text: str, escape: str, start: int, end: int) -> Instruction:
    spelling, flags, rest = divide(text, escape)
    keyword = spelling.upper()
    arguments = read_arguments(keyword, rest, escape)
    trigger = _trigger(rest, escape, start, end) if keyword == "ONBUILD" else None
    return Instruction(
        keyword=keyword,
        spelling=spelling,
        flags=flags,
        text=rest,
        arguments=arguments.words,
        json=arguments.json,
        raw=text,
        start_line=start,
        end_line=end,
        assignments=arguments.assignments,
        legacy=arguments.legacy,
        trigger=trigger,
    )


def _trigger(text: str, escape: str, start: int, end: int) -> Instruction:
    trigger = _parse_line(text, escape, start, end)
    if trigger.keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        raise Malformed(f"ONBUILD cannot hold back {trigger.keyword}")
    return trigger


def _with_heredocs(instruction: Instruction, line: LogicalLine, source: Source) -> Instruction:
    """Read the bodies that follow. Those of an ONBUILD belong to the instruction it holds back."""
    owner = instruction.trigger or instruction
    if owner.keyword not in HEREDOC_KEYWORDS or owner.json:
        return instruction
    heredocs = tuple(source.take_heredoc(each, line.start) for each in announced_heredocs(line.text))
    owner = replace(owner, heredocs=heredocs, end_line=source.at)
    if instruction.trigger is None:
        return owner
    return replace(instruction, trigger=owner, end_line=source.at)


def _with_source(instruction: Instruction, source: Source) -> Instruction:
    return replace(instruction, raw=source.raw(instruction.start_line, instruction.end_line))


def _stages(instructions: tuple[Instruction, ...], name: str, escape: str) -> Iterator[Stage]:
    starts = [at for at, each in enumerate(instructions) if each.keyword == "FROM"]
    for each in instructions[: starts[0] if starts else None]:
        if each.keyword != "ARG":
            raise DockerfileError(
                f"{each.keyword} stands before the first FROM",
                name=name,
                line=each.start_line,
                hint="only ARG may; begin with FROM",
            )
    if not starts:
        raise DockerfileError("there is no FROM", name=name, line=instructions[-1].end_line)
    defaults = _defaults(instructions[: starts[0]], escape)
    for index, (start, end) in enumerate(zip(starts, [*starts[1:], len(instructions)], strict=True)):
        try:
            yield _stage(index, instructions[start], instructions[start + 1 : end], defaults, escape)
        except Malformed as error:
            line = instructions[start].start_line
            raise DockerfileError(error.message, name=name, line=line, hint=error.hint) from error


def _stage(
    index: int, origin: Instruction, rest: tuple[Instruction, ...], defaults: dict[str, str], escape: str
) -> Stage:
    base, *more = origin.arguments
    if more and (len(more) != 2 or more[0].upper() != "AS"):
        raise Malformed("FROM takes an image, or an image AS a name", "FROM alpine:3.23 AS build")
    stage_name = more[1] if more else ""
    if stage_name and not _STAGE_NAME.fullmatch(stage_name):
        raise Malformed(
            f"{stage_name!r} cannot name a stage",
            "begin with a letter; then letters, digits, '-', '_' or '.'",
        )
    image = expand(base, defaults, escape=escape, keep_unset=True)
    return Stage(index, stage_name, base, image, origin.flag("platform") or "", origin, rest)


def _defaults(instructions: tuple[Instruction, ...], escape: str) -> dict[str, str]:
    """Return the defaults of the global ARGs; each can use those before it."""
    defaults: dict[str, str] = {}
    for pair in (pair for each in instructions for pair in each.assignments):
        if pair.value is not None:
            try:
                defaults[pair.name] = expand(pair.value, defaults, escape=escape, keep_unset=True)
            except Malformed:
                continue
    return defaults
