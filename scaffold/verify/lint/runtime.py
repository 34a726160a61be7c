"""Rules about how the container runs: user, command, health, signals, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.dockerfile import Instruction
from scaffold.verify.lint.images import read_image
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.shell import script_of
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Severity

_LABELS = "org.opencontainers.image."
# github.com/opencontainers/image-spec, annotations.md: the keys defined there.
_LABEL_KEYS = frozenset(
    (
        *("created", "authors", "url", "documentation", "source", "version", "revision", "vendor", "licenses"),
        *("ref.name", "title", "description", "base.digest", "base.name"),
    )
)
_EXPECTED_LABELS = ("title", "description", "source", "version", "revision")
_SIGNALS = frozenset(
    (
        *("HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE"),
        *("ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ"),
        *("VTALRM", "PROF", "WINCH", "IO", "POLL", "PWR", "SYS"),
    )
)
_UNCATCHABLE = ("KILL", "STOP", "9", "19")
_HIGHEST_SIGNAL = 64


@rule(
    "lint-user",
    title="the last USER is not root",
    why="A process that breaks out of its container as root is root on the host, and clusters with restricted "
    "pod security refuse such images. Scanners read the Dockerfile, so it has to be said here.",
)
def user(subject: LintSubject) -> Iterator[Fault]:
    """There is a USER, and the last one is neither root nor 0."""
    last = subject.last_of("USER")
    mend = "write USER 65532:65532 before ENTRYPOINT"
    if last is None:
        yield Fault("no USER is set, so the container may run as root", mend, subject.last.line)
    elif _user_and_group(last)[0].lower() in ("root", "0"):
        yield Fault("the last USER is root", mend, last.start_line)


@rule(
    "lint-user-numeric",
    title="the last USER is numeric, with a group",
    why="Kubernetes cannot tell from a name that it is not root (runAsNonRoot), and a name needs a passwd file; "
    "without a group the process is in group 0, root's.",
    severity=Severity.WARNING,
)
def user_numeric(subject: LintSubject) -> Iterator[Fault]:
    """The last USER is `uid:gid` in digits; variables are taken on trust."""
    last = subject.last_of("USER")
    if last is None or "$" in last.text or _user_and_group(last)[0].lower() in ("root", "0"):
        return
    if not re.fullmatch(r"\d+:\d+", last.text):
        mend = "write user and group as numbers, such as USER 65532:65532"
        yield Fault(f"USER {last.text} is not uid:gid", mend, last.start_line)


def _user_and_group(instruction: Instruction) -> list[str]:
    return [part.strip("\"'") for part in instruction.text.split(":")]


@rule(
    "lint-shell-absent",
    title="no shell is needed where there is none",
    why="Shell form runs /bin/sh -c, which scratch and distroless do not have: the build or the container fails.",
)
def shell_absent(subject: LintSubject) -> Iterator[Fault]:
    """In a stage without a shell, every command is in exec form."""
    for stage in subject.dockerfile.stages:
        if not _lacks_shell(subject, stage.index):
            continue
        for instruction in stage.of("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"):
            if _is_shell_form(instruction):
                yield Fault(
                    f"{instruction.keyword} needs a shell, and {subject.dockerfile.root_image(stage)} has none",
                    'write a list: ["/app", "serve"]; run what needs a shell in an earlier stage',
                    instruction.start_line,
                )


def _lacks_shell(subject: LintSubject, index: int) -> bool:
    """A stage lacks a shell when its image does and nothing that it copies could hold one."""
    stage = subject.dockerfile.stages[index]
    if read_image(subject.dockerfile.root_image(stage)).has_shell:
        return False
    transfers = [each for each in subject.history(stage) if each.keyword in ("COPY", "ADD")]
    return not any(each.keyword == "ADD" or re.search(r"^/$|bin\b|sh$", each.destination) for each in transfers)


def _is_shell_form(instruction: Instruction) -> bool:
    if instruction.keyword == "HEALTHCHECK" and instruction.arguments[0].upper() == "NONE":
        return False
    return not instruction.json


@rule(
    "lint-exec-form",
    title="ENTRYPOINT and CMD are lists",
    why="In shell form a shell is process 1 and keeps SIGTERM for itself: the service is killed in the middle "
    "of its requests.",
)
def exec_form(subject: LintSubject) -> Iterator[Fault]:
    """The image's ENTRYPOINT and CMD have exec form, unless a SHELL was chosen for them."""
    if any(each.keyword == "SHELL" for each in subject.final) or _lacks_shell(subject, subject.last.index):
        return
    for instruction in (subject.last_of("ENTRYPOINT"), subject.last_of("CMD")):
        if instruction is not None and _is_shell_form(instruction):
            mend = f'write {instruction.keyword} ["program", "argument"]'
            yield Fault(f"{instruction.keyword} is in shell form", mend, instruction.start_line)


@rule(
    "lint-healthcheck",
    title="the image says how to ask for its health",
    why="Without HEALTHCHECK, Docker and Compose call a service healthy that has hung for an hour.",
    severity=Severity.WARNING,
)
def healthcheck(subject: LintSubject) -> Iterator[Fault]:
    """A HEALTHCHECK is there, and does not say NONE."""
    last = subject.last_of("HEALTHCHECK")
    if last is None or last.arguments[0].upper() == "NONE":
        what = "there is no HEALTHCHECK" if last is None else "the HEALTHCHECK is switched off"
        mend = 'let the program ask itself: HEALTHCHECK CMD ["/app", "healthcheck"]'
        yield Fault(what, mend, last.start_line if last else subject.last.line)


@rule(
    "lint-healthcheck-form",
    title="HEALTHCHECK is a list",
    why="Shell form needs a shell, and mostly curl, in an image that may lose both with its next base.",
    severity=Severity.WARNING,
)
def healthcheck_form(subject: LintSubject) -> Iterator[Fault]:
    """The image's HEALTHCHECK has exec form."""
    last = subject.last_of("HEALTHCHECK")
    if last is not None and _is_shell_form(last) and not _lacks_shell(subject, subject.last.index):
        mend = 'write HEALTHCHECK CMD ["program", "argument"]'
        yield Fault("HEALTHCHECK is in shell form", mend, last.start_line)


@rule(
    "lint-stop-signal",
    title="STOPSIGNAL is a signal that can be handled",
    why="A service that never sees its signal cannot finish what it is doing.",
)
def stop_signal(subject: LintSubject) -> Iterator[Fault]:
    """It is a signal's name or number, and not KILL or STOP."""
    for instruction in subject.of("STOPSIGNAL"):
        signal = instruction.text.strip("\"'").upper()
        name = signal.removeprefix("SIG")
        known = name in _SIGNALS or name.startswith("RTM") or _is_signal_number(signal)
        if "$" in signal or (known and name not in _UNCATCHABLE):
            continue
        what = "cannot be handled" if known else "is no signal"
        yield Fault(f"{instruction.text} {what}", "write STOPSIGNAL SIGTERM", instruction.start_line)


def _is_signal_number(signal: str) -> bool:
    return signal.isdecimal() and 1 <= int(signal) <= _HIGHEST_SIGNAL


@rule(
    "lint-labels",
    title="the image says what it is",
    why="From title, source, version and revision everybody can tell which commit a running image came from.",
    severity=Severity.WARNING,
)
def labels(subject: LintSubject) -> Iterator[Fault]:
    """The OCI labels for title, description, source, version and revision are there."""
    given = {
        pair.name.strip("\"'") for each in subject.final if each.keyword == "LABEL" for pair in each.assignments
    }
    missing = [key for key in _EXPECTED_LABELS if _LABELS + key not in given]
    if missing:
        mend = f'add LABEL {_LABELS}{missing[0]}="…"'
        yield Fault(f"the image has no label {_LABELS}{{{','.join(missing)}}}", mend, subject.last.line)


@rule(
    "lint-label-key",
    title="OCI labels are spelt as specified",
    why="A key of one's own under org.opencontainers.image is read by no tool.",
    severity=Severity.WARNING,
)
def label_key(subject: LintSubject) -> Iterator[Fault]:
    """Keys under the OCI prefix are those of the image specification."""
    for instruction in subject.of("LABEL"):
        for pair in instruction.assignments:
            name = pair.name.strip("\"'")
            if name.startswith(_LABELS) and name.removeprefix(_LABELS) not in _LABEL_KEYS:
                mend = "see the keys in github.com/opencontainers/image-spec/blob/main/annotations.md"
                yield Fault(f"{name} is not specified", mend, instruction.start_line)


@rule(
    "lint-lost-effect",
    title="a RUN leaves something behind",
    why="Each RUN has a shell of its own: a directory or a variable set in one is gone in the next.",
)
def lost_effect(subject: LintSubject) -> Iterator[Fault]:
    """No RUN is nothing but `cd`, `export` and the like."""
    instead = {"cd": "WORKDIR", "export": "ENV", "set": "SHELL", "umask": "SHELL", "alias": "a script"}
    for instruction in subject.of("RUN"):
        words = script_of(instruction).split()
        if words and words[0] in instead and not re.search(r"[;&|\n]", script_of(instruction)):
            mend = f"use {instead[words[0]]}, or chain it with the next command by &&"
            yield Fault(f"`{words[0]}` has no effect beyond its own RUN", mend, instruction.start_line)


CHECKS = (
    user,
    user_numeric,
    shell_absent,
    exec_form,
    healthcheck,
    healthcheck_form,
    stop_signal,
    labels,
    label_key,
    lost_effect,
)
