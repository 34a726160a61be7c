"""Rules about stages, and the images they start from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from scaffold.dockerfile import Instruction, Stage
from scaffold.dockerfile.variables import references
from scaffold.verify.lint.dependencies import builds
from scaffold.verify.lint.images import read_image
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import NotApplicable, Severity

PLATFORM_ARGUMENTS = frozenset(
    f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)
_ARCHITECTURES = re.compile(r"amd64|arm64|armv?\d|386|ppc64le|s390x|riscv64|linux|windows|x86|aarch64")
_RESERVED_NAMES = ("scratch", "context")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a stage takes something from: a FROM, a COPY --from or a mount's `from`."""

    reference: str
    instruction: Instruction
    stage: Stage | None


def sources(subject: LintSubject) -> Iterator[Source]:
    """Give every place that names a stage or an image, with the stage if it is one."""
    dockerfile = subject.dockerfile
    for stage in dockerfile.stages:
        yield Source(stage.image, stage.origin, dockerfile.parent(stage))
        for instruction in stage.instructions:
            for reference in _from_references(instruction):
                found = dockerfile.find_stage(reference, stage.index, by_number=True)
                yield Source(reference, instruction, found)


def _from_references(instruction: Instruction) -> Iterator[str]:
    if instruction.keyword == "COPY" and (reference := instruction.flag("from")):
        yield reference
    yield from (mount["from"] for mount in instruction.mounts if mount.get("from"))


def _looks_like_stage(source: Source) -> bool:
    """A bare word after --from is meant as a stage: an image would have a tag there."""
    return source.instruction.keyword != "FROM" and not re.search(r"[:/@.$]", source.reference)


@rule(
    "lint-base-pinned",
    title="images are named by a tag or digest that stays",
    why="A name without a tag, or a tag such as latest, gives another image next month: the build breaks or "
    "changes without a commit, and nobody can build yesterday's image again.",
)
def base_pinned(subject: LintSubject) -> Iterator[Fault]:
    """Every image that is no stage has a tag or digest; a variable may hold one."""
    for source in sources(subject):
        if source.stage or source.reference in _RESERVED_NAMES or _looks_like_stage(source):
            continue
        image = read_image(source.reference)
        if not image.pinned and "$" not in source.reference:
            yield Fault(
                f"{source.reference} has {f'the moving tag {image.tag!r}' if image.tag else 'no tag'}",
                f"name a version, such as {image.repository}:1.2, best with its digest",
                source.instruction.start_line,
            )


@rule(
    "lint-base-literal",
    title="FROM lines are literal",
    why="Dependabot reads FROM lines as they stand: a version behind a variable is never updated, and what is "
    "built depends on who builds it.",
    severity=Severity.WARNING,
)
def base_literal(subject: LintSubject) -> Iterator[Fault]:
    """No variable in an image's name; one that chooses among stages is fine."""
    names = [stage.name for stage in subject.dockerfile.stages if stage.name]
    for stage in subject.dockerfile.stages:
        pattern = re.sub(r"\$(\{[^}]*\}|\w+)", "*", stage.base)
        chooses_stage = pattern != "*" and any(fnmatchcase(name, pattern) for name in names)
        if "$" in stage.base and not chooses_stage and subject.dockerfile.parent(stage) is None:
            resolved = stage.image if "$" not in stage.image else "the image"
            yield Fault(f"FROM {stage.base} hides its image in a variable", f"write FROM {resolved}", stage.line)


@rule(
    "lint-base-argument",
    title="variables in FROM are declared and have a default",
    why="Only an ARG before the first FROM is seen there; without a default, `docker build .` fails.",
)
def base_argument(subject: LintSubject) -> Iterator[Fault]:
    """Each variable of a FROM line is a platform argument, or a global ARG with a default."""
    defaults = {
        pair.name: pair.value for each in subject.dockerfile.global_arguments for pair in each.assignments
    }
    for stage in subject.dockerfile.stages:
        for used in references(f"{stage.base} {stage.platform}", escape=subject.dockerfile.escape):
            if used.name in PLATFORM_ARGUMENTS or used.modifier.endswith(("-", "+")) or defaults.get(used.name):
                continue
            problem = "has no default" if used.name in defaults else "is not declared before the first FROM"
            mend = f"put `ARG {used.name}=…` before the first FROM, or name the image itself"
            yield Fault(f"{used.name} {problem}", mend, stage.line)


@rule(
    "lint-last-stage-image",
    title="the last stage starts from a runtime image",
    why="A toolchain image brings compilers, headers and hundreds of megabytes along: more to pull, to patch, "
    "and for an intruder to work with.",
)
def last_stage_image(subject: LintSubject) -> Iterator[Fault]:
    """The image at the root of the last stage has no compilers."""
    reference = subject.dockerfile.root_image(subject.last)
    if read_image(reference).is_toolchain:
        yield Fault(
            f"the image is made of {reference}, a toolchain",
            "add a last stage from a small base, and copy only what runs: COPY --from=build …",
            subject.last.line,
        )


@rule(
    "lint-last-stage-builds",
    title="the last stage does not build",
    why="What a build needs and leaves behind (sources, caches, compilers) stays in the image's layers.",
    severity=Severity.WARNING,
)
def last_stage_builds(subject: LintSubject) -> Iterator[Fault]:
    """No RUN of the image compiles."""
    for instruction, command in subject.final_runs():
        if builds(command):
            words = " ".join((command.program, *command.operands[:1]))
            yield Fault(
                f"`{words}` runs in the stage that becomes the image",
                "build in a stage of its own, and COPY --from= its result",
                instruction.start_line,
            )


@rule(
    "lint-last-stage-base",
    title="the last stage starts from the base that the answers chose",
    why="Budgets, traits and checks follow the base in the answers; another one makes them say nothing.",
)
def last_stage_base(subject: LintSubject) -> Iterator[Fault] | NotApplicable:
    """The root of the last stage is the chosen base, from whatever mirror."""
    if subject.base is None:
        return NotApplicable("the project's answers name no base")
    reference = subject.dockerfile.root_image(subject.last)
    if read_image(reference).is_of(read_image(subject.base.image)):
        return iter(())
    fault = Fault(
        f"the image starts from {reference}, the answers say {subject.base.id}",
        f"write FROM {subject.base.image}, or correct the answer `base`",
        subject.last.line,
    )
    return iter((fault,))


@rule(
    "lint-stage-name-case",
    title="stage names are lower-case",
    why="Builders compare them without case, so names that differ by case alone are one name.",
    severity=Severity.WARNING,
)
def stage_name_case(subject: LintSubject) -> Iterator[Fault]:
    """Stage names have no capitals."""
    for stage in subject.dockerfile.stages:
        if stage.name != stage.name.lower():
            yield Fault(f"the stage {stage.name!r} has capitals", f"call it {stage.name.lower()!r}", stage.line)


@rule(
    "lint-stage-name-unique",
    title="stage names are unique",
    why="The later stage hides the earlier one from FROM and COPY --from, silently.",
)
def stage_name_unique(subject: LintSubject) -> Iterator[Fault]:
    """No name is used twice."""
    for stage in subject.dockerfile.stages:
        earlier = subject.dockerfile.find_stage(stage.name, stage.index) if stage.name else None
        if earlier:
            mend = "give one of them another name"
            yield Fault(f"{stage.name!r} already names the stage in line {earlier.line}", mend, stage.line)


@rule(
    "lint-stage-name-reserved",
    title="stage names mean nothing else",
    why="`scratch` is the empty image and `context` the build context: a stage of that name cannot be reached.",
)
def stage_name_reserved(subject: LintSubject) -> Iterator[Fault]:
    """No stage is called like something else."""
    for stage in subject.dockerfile.stages:
        if stage.name.lower() in _RESERVED_NAMES:
            yield Fault(f"{stage.name!r} is a reserved name", "call the stage by what it does", stage.line)


@rule(
    "lint-stage-defined",
    title="--from names a stage that stands above",
    why="A name that is no stage is taken for an image, and fetched from a registry where anybody may own it.",
)
def stage_defined(subject: LintSubject) -> Iterator[Fault]:
    """A bare name or number after --from is an earlier stage."""
    stages = subject.dockerfile.stages
    for source in sources(subject):
        if source.stage or not _looks_like_stage(source) or source.reference in _RESERVED_NAMES:
            continue
        close = get_close_matches(source.reference, [stage.name for stage in stages if stage.name], n=1)
        later = subject.dockerfile.find_stage(source.reference, len(stages), by_number=True)
        known = "is this stage or a later one" if later else "is no stage"
        mend = f"did you mean {close[0]!r}?" if close and not later else "name a stage that stands above"
        line = source.instruction.start_line
        yield Fault(f"--from={source.reference} {known}", f"{mend}; an image needs its tag", line)


@rule(
    "lint-stage-by-name",
    title="stages are named, not numbered",
    why="A number points to another stage as soon as one is inserted above.",
    severity=Severity.WARNING,
)
def stage_by_name(subject: LintSubject) -> Iterator[Fault]:
    """No --from has a number."""
    for source in sources(subject):
        if source.stage and source.reference.isdecimal() and source.instruction.keyword != "FROM":
            mend = f"write FROM {source.stage.base} AS a-name, and --from=a-name"
            yield Fault(f"--from={source.reference} counts stages", mend, source.instruction.start_line)


@rule(
    "lint-stage-reachable",
    title="every stage can be reached",
    why="A stage without a name that nothing refers to is built by no one.",
    severity=Severity.WARNING,
)
def stage_reachable(subject: LintSubject) -> Iterator[Fault]:
    """A stage has a name (a target), is used, or is the last."""
    used = {source.stage.index for source in sources(subject) if source.stage}
    for stage in subject.dockerfile.stages[:-1]:
        if not stage.name and stage.index not in used:
            mend = "name it with AS to make it a target, or delete it"
            yield Fault("nothing uses this stage, and it has no name", mend, stage.line)


@rule(
    "lint-platform",
    title="FROM --platform is a variable that says something",
    why="A fixed platform makes the same image for every platform that is asked for; $TARGETPLATFORM is what "
    "FROM does anyway.",
    severity=Severity.WARNING,
)
def platform(subject: LintSubject) -> Iterator[Fault]:
    """No fixed platform, but in a stage that is named after it."""
    for stage in subject.dockerfile.stages:
        fixed = stage.platform and "$" not in stage.platform and not _ARCHITECTURES.search(stage.name.lower())
        if fixed or stage.platform in ("$TARGETPLATFORM", "${TARGETPLATFORM}"):
            yield Fault(
                f"--platform={stage.platform} {'is fixed' if fixed else 'is the default'}",
                "leave it out, or write --platform=$BUILDPLATFORM where the stage cross-compiles",
                stage.line,
            )


@rule(
    "lint-copy-from-root",
    title="a stage that builds is not copied as a whole",
    why="Copying the root of a build stage brings along all that multi-stage builds are to leave behind.",
    severity=Severity.WARNING,
)
def copy_from_root(subject: LintSubject) -> Iterator[Fault]:
    """No `COPY --from=build / /`, but from a stage that began empty or runs nothing."""
    for source in sources(subject):
        copied, stage = source.instruction, source.stage
        if stage is None or copied.keyword != "COPY" or copied.arguments[-2:] != ("/", "/"):
            continue
        if stage.of("RUN") and subject.dockerfile.root_image(stage) != "scratch":
            mend = "copy the files that run, or gather them in one folder and copy that"
            yield Fault(f"all of {source.reference} is copied", mend, copied.start_line)


CHECKS = (
    base_pinned,
    base_literal,
    base_argument,
    last_stage_image,
    last_stage_builds,
    last_stage_base,
    stage_name_case,
    stage_name_unique,
    stage_name_reserved,
    stage_defined,
    stage_by_name,
    stage_reachable,
    platform,
    copy_from_root,
)
