"""Rules about the form of single instructions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.dockerfile import Instruction
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Severity

_ONCE = ("CMD", "ENTRYPOINT", "HEALTHCHECK")
_LOOKS_LIKE_JSON = re.compile(r"""\[\s*["'“‘].*""", re.DOTALL)
# A shell's test command, `[ "$a" = b ]`, has a space there, and a RUN may well begin with one.
_LOOKS_LIKE_JSON_IN_RUN = re.compile(r"""\[["'“‘].*""", re.DOTALL)
_PORT = re.compile(r"(\d+)(?:-(\d+))?(?:/(\w+))?")
_HIGHEST_PORT = 65535
_ARCHIVE = re.compile(r"\.(?:tar|tgz|tbz2?|txz)(?:\.\w+)?$|\.tar\.\w+$", re.IGNORECASE)
REMOTE = re.compile(r"(?:https?|ftp|git|ssh)://|git@|github\.com/", re.IGNORECASE)
_COMMIT = re.compile(r"#[0-9a-f]{40}\b")
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]")


@rule(
    "lint-exec-list",
    title="what is meant as a list is one",
    why="A list that is no valid JSON (single quotes, a comma too many) is run as text by a shell, which then "
    "looks for a program called `[`.",
)
def exec_list(subject: LintSubject) -> Iterator[Fault]:
    """No shell form begins like a list."""
    for instruction in subject.of("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "COPY", "ADD", "VOLUME"):
        words = instruction.arguments[1:] if instruction.keyword == "HEALTHCHECK" else instruction.arguments
        pattern = _LOOKS_LIKE_JSON_IN_RUN if instruction.keyword == "RUN" else _LOOKS_LIKE_JSON
        if not instruction.json and words and pattern.match(words[0]):
            yield Fault(
                f"{instruction.keyword} has a list that is not valid JSON",
                'use double quotes and commas, and nothing after the bracket: ["/app", "serve"]',
                instruction.start_line,
            )


@rule(
    "lint-one-command",
    title="CMD, ENTRYPOINT and HEALTHCHECK are given once in a stage",
    why="Only the last one counts; the others mislead whoever reads them.",
)
def one_command(subject: LintSubject) -> Iterator[Fault]:
    """No second one in a stage."""
    for stage in subject.dockerfile.stages:
        for keyword in _ONCE:
            for instruction in stage.of(keyword)[:-1]:
                mend = f"delete it, or fold it into the last {keyword}"
                yield Fault(f"a later {keyword} replaces this one", mend, instruction.start_line)


@rule(
    "lint-workdir",
    title="WORKDIR is absolute",
    why="A relative one depends on the directory that the base image happens to be in.",
)
def workdir(subject: LintSubject) -> Iterator[Fault]:
    """It begins with a slash, a drive or a variable."""
    for instruction in subject.of("WORKDIR"):
        path = instruction.arguments[0].strip("\"'")
        if not path.startswith(("/", "$")) and not _WINDOWS_PATH.match(path):
            mend = f"write the whole path, such as /{path.removeprefix('./')}"
            yield Fault(f"WORKDIR {path} is relative", mend, instruction.start_line)


@rule(
    "lint-copy-not-add",
    title="files are copied with COPY",
    why="ADD also downloads and unpacks, so what it does depends on what its source is called.",
    severity=Severity.WARNING,
)
def copy_not_add(subject: LintSubject) -> Iterator[Fault]:
    """ADD is there for archives and remote sources."""
    for instruction in subject.of("ADD"):
        if not any(REMOTE.match(source) or _ARCHIVE.search(source) for source in instruction.sources):
            mend = f"write COPY {' '.join(instruction.arguments)}"
            yield Fault("ADD does no more than COPY here", mend, instruction.start_line)


@rule(
    "lint-add-verified",
    title="what is downloaded is verified",
    why="A remote file can change, or be changed, between two builds, and nothing would tell.",
)
def add_verified(subject: LintSubject) -> Iterator[Fault]:
    """A remote source has a checksum, or a commit where it is a repository."""
    for instruction in subject.of("ADD"):
        for source in instruction.sources:
            if REMOTE.match(source) and instruction.flag("checksum") is None and not _COMMIT.search(source):
                yield Fault(
                    f"{source} is taken as it comes",
                    "download it in a RUN that checks it: wget …; echo '<digest>  file' | sha256sum -c",
                    instruction.start_line,
                )


@rule(
    "lint-copy-destination",
    title="several files are copied into a directory",
    why="Without the slash at its end a destination is a file, and the build fails.",
)
def copy_destination(subject: LintSubject) -> Iterator[Fault]:
    """The destination of more than one source ends in a slash."""
    for instruction in subject.of("COPY", "ADD"):
        several = len(instruction.arguments) > 2
        destination = instruction.destination
        if several and not re.search(r"[/\\]$|^\.{1,2}$|\$\{?\w+\}?$", destination):
            yield Fault(f"{destination} is no directory", f"write {destination}/", instruction.start_line)


@rule(
    "lint-copy-relative",
    title="a relative destination has a WORKDIR",
    why="Without one the file lands wherever the base image happens to be.",
    severity=Severity.WARNING,
)
def copy_relative(subject: LintSubject) -> Iterator[Fault]:
    """A WORKDIR stands above a COPY to a relative path."""
    for stage in subject.dockerfile.stages:
        placed = any(each.keyword == "WORKDIR" for each in _inherited(subject, stage.index))
        for instruction in stage.instructions:
            placed = placed or instruction.keyword == "WORKDIR"
            if instruction.keyword in ("COPY", "ADD") and not placed and _is_relative(instruction):
                mend = "set WORKDIR before, or write an absolute destination"
                yield Fault(
                    f"{instruction.destination} is relative to an unknown directory", mend, instruction.start_line
                )


def _inherited(subject: LintSubject, index: int) -> tuple[Instruction, ...]:
    parent = subject.dockerfile.parent(subject.dockerfile.stages[index])
    return subject.history(parent) if parent else ()


def _is_relative(instruction: Instruction) -> bool:
    destination = instruction.destination.strip("\"'")
    return not destination.startswith(("/", "\\", "$")) and not _WINDOWS_PATH.match(destination)


@rule(
    "lint-keyword-case",
    title="keywords have one case",
    why="Capitals tell an instruction from its arguments at a glance; a mixture tells nothing.",
    severity=Severity.WARNING,
)
def keyword_case(subject: LintSubject) -> Iterator[Fault]:
    """All keywords are upper-case, or all lower-case; AS goes with its FROM."""
    written = [each.spelling for each in subject.everything]
    lower = sum(word.islower() for word in written) > len(written) / 2
    for instruction in subject.everything:
        for word in (instruction.spelling, *_as_word(instruction)):
            wanted = word.lower() if lower else word.upper()
            if word != wanted:
                yield Fault(f"{word} is not in the case of the others", f"write {wanted}", instruction.start_line)


def _as_word(instruction: Instruction) -> tuple[str, ...]:
    return instruction.arguments[1:2] if instruction.keyword == "FROM" else ()


@rule(
    "lint-key-value",
    title="ENV and LABEL are written KEY=value",
    why="The old form without `=` takes the whole rest of the line as one value, comments and all.",
    severity=Severity.WARNING,
)
def key_value(subject: LintSubject) -> Iterator[Fault]:
    """No old form."""
    for instruction in subject.of("ENV", "LABEL"):
        if instruction.legacy:
            name = instruction.assignments[0].name
            mend = f'write {instruction.keyword} {name}="…"'
            yield Fault(f"{instruction.keyword} {name} has the old form", mend, instruction.start_line)


@rule(
    "lint-empty-continuation",
    title="no empty line stands inside an instruction",
    why="Builders warn of it and are to refuse it; it looks as if the instruction ended there.",
    severity=Severity.WARNING,
)
def empty_continuation(subject: LintSubject) -> Iterator[Fault]:
    """Continued lines follow each other."""
    for instruction in subject.dockerfile.instructions:
        for line in instruction.blank_lines:
            yield Fault(f"{instruction.keyword} goes on below an empty line", "delete the empty line", line)


@rule(
    "lint-maintainer",
    title="the author is a label",
    why="MAINTAINER is deprecated; a label can be read by every tool.",
    severity=Severity.WARNING,
)
def maintainer(subject: LintSubject) -> Iterator[Fault]:
    """No MAINTAINER."""
    for instruction in subject.of("MAINTAINER"):
        mend = f'write LABEL org.opencontainers.image.authors="{instruction.text}"'
        yield Fault("MAINTAINER is deprecated", mend, instruction.start_line)


@rule(
    "lint-expose",
    title="EXPOSE names ports of the container",
    why="It takes no address and no port of the host; what is no port is ignored or refused.",
)
def expose(subject: LintSubject) -> Iterator[Fault]:
    """Each word is a port or a range, with tcp, udp or sctp."""
    for instruction in subject.of("EXPOSE"):
        for word in instruction.arguments:
            if "$" not in word and not _is_port(word):
                mend = "write a port from 1 to 65535, such as 8080 or 53/udp"
                yield Fault(f"EXPOSE {word} is no port", mend, instruction.start_line)


def _is_port(word: str) -> bool:
    match = _PORT.fullmatch(word)
    if match is None or match[3] not in (None, "tcp", "udp", "sctp"):
        return False
    first, last = int(match[1]), int(match[2] or match[1])
    return 1 <= first <= last <= _HIGHEST_PORT


CHECKS = (
    exec_list,
    one_command,
    workdir,
    copy_not_add,
    add_verified,
    copy_destination,
    copy_relative,
    keyword_case,
    key_value,
    empty_continuation,
    maintainer,
    expose,
)
