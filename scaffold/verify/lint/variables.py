"""Rules about build arguments and environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from scaffold.dockerfile import Instruction, Stage
from scaffold.dockerfile.variables import references
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.shell import script_of
from scaffold.verify.lint.stages import PLATFORM_ARGUMENTS
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Severity

# Where a builder, and not a shell, puts in values.
_EXPANDED = ("ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR", "ARG")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY")
# What shells, images and builders set without an ARG or ENV.
_ALWAYS_SET = frozenset(("PATH", "HOME", "PWD", "USER", "HOSTNAME", "LANG", *_PROXIES, *map(str.lower, _PROXIES)))
_ASSIGNED = re.compile(r"(?:^|[\s;&|(])(?:export\s+|local\s+|readonly\s+)?([A-Za-z_]\w*)\+?=")
_LOOPED = re.compile(r"\bfor\s+(\w+)\s+in\b|\bread\s+(?:-\w+\s+)*([\w ]+)")


def _names(instruction: Instruction) -> list[str]:
    return [pair.name for pair in instruction.assignments] if instruction.keyword in ("ARG", "ENV") else []


@rule(
    "lint-variable-declared",
    title="variables are declared where they are used",
    why="An ARG is seen only in its own stage and below it; elsewhere the variable is empty, without a word.",
)
def variable_declared(subject: LintSubject) -> Iterator[Fault]:
    """A variable that the file declares elsewhere, or nearly so, is declared in the stage that uses it."""
    for stage in subject.dockerfile.stages:
        known = {name for each in _inherited(subject, stage) for name in _names(each)}
        elsewhere = _declared(subject, stage) - known
        for instruction in stage.instructions:
            for name in dict.fromkeys(_used(instruction)):
                if name not in known.union(_names(instruction)) and (
                    why := _reason(name, instruction, known, elsewhere)
                ):
                    yield Fault(f"{name} is empty here: {why}", f"put `ARG {name}` above", instruction.start_line)
            known.update(_names(instruction))


def _inherited(subject: LintSubject, stage: Stage) -> tuple[Instruction, ...]:
    parent = subject.dockerfile.parent(stage)
    return subject.history(parent) if parent else ()


def _declared(subject: LintSubject, stage: Stage) -> set[str]:
    """Return the file's ARGs and the stage's ENVs, without those that the stage's image may set itself."""
    arguments = {
        name for each in subject.dockerfile.instructions if each.keyword == "ARG" for name in _names(each)
    }
    own = {name for each in stage.instructions for name in _names(each)}
    image = subject.dockerfile.root_image(stage).lower()
    versions = {name for name in arguments if name.removesuffix("_VERSION").lower() in image}
    return (arguments | own) - versions - _ALWAYS_SET


def _used(instruction: Instruction) -> Iterator[str]:
    """Give the variables that an instruction needs; one with a default of its own needs none."""
    if instruction.keyword == "RUN" and not instruction.json:
        script = script_of(instruction)
        own = set(_ASSIGNED.findall(script)) | {mount.get("env", "") for mount in instruction.mounts}
        own |= {name for match in _LOOPED.findall(script) for word in match for name in word.split()}
        used = references(script)
    elif instruction.keyword in _EXPANDED:
        own, used = set(), references(_expanded_text(instruction))
    else:
        return
    yield from (each.name for each in used if each.name not in own and each.modifier[-1:] not in ("-", "+"))


def _expanded_text(instruction: Instruction) -> str:
    flags = " ".join(flag.value or "" for flag in instruction.flags if flag.name != "mount")
    return f"{flags} {instruction.text}"


def _reason(name: str, instruction: Instruction, known: Iterable[str], elsewhere: set[str]) -> str:
    if name in PLATFORM_ARGUMENTS:
        return "the builder sets it only for a stage that declares it"
    if name in elsewhere:
        return "it is declared in another stage, or below"
    close = get_close_matches(name, list(known), n=1, cutoff=0.8)
    if close and instruction.keyword != "RUN":
        return f"it is declared nowhere; did you mean {close[0]}?"
    return ""


@rule(
    "lint-variable-once",
    title="a stage declares a variable once",
    why="The later declaration wins, and the earlier one misleads whoever reads it.",
    severity=Severity.WARNING,
)
def variable_once(subject: LintSubject) -> Iterator[Fault]:
    """No second ARG, or ENV, of the same name, unless it builds on the first."""
    for stage in subject.dockerfile.stages:
        lines: dict[str, int] = {}
        for instruction in stage.of("ARG", "ENV"):
            for pair in instruction.assignments:
                extends = any(used.name == pair.name for used in references(pair.value or ""))
                if pair.name in lines and not extends:
                    mend = "keep one of the two, or give them different names"
                    yield Fault(
                        f"{pair.name} is already set in line {lines[pair.name]}", mend, instruction.start_line
                    )
                lines[pair.name] = instruction.start_line


@rule(
    "lint-variable-order",
    title="an ENV does not use what it sets itself",
    why="All values of one instruction are worked out before any is set: the variable still has its old value.",
)
def variable_order(subject: LintSubject) -> Iterator[Fault]:
    """No value refers to a variable that stands before it in the same instruction, and nowhere else."""
    for stage in subject.dockerfile.stages:
        known = {name for each in _inherited(subject, stage) for name in _names(each)}
        for instruction in stage.instructions:
            if instruction.keyword == "ENV":
                for name in _set_and_used(instruction):
                    if name not in known:
                        mend = f"set {name} in an ENV of its own above"
                        yield Fault(f"{name} is used in the ENV that sets it", mend, instruction.start_line)
            known.update(_names(instruction))


def _set_and_used(instruction: Instruction) -> Iterator[str]:
    earlier: set[str] = set()
    for pair in instruction.assignments:
        used = {each.name for each in references(pair.value or "")}
        yield from sorted(used & earlier)
        earlier.add(pair.name)


CHECKS = (variable_declared, variable_once, variable_order)
