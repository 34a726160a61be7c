"""Checks of what the image tells an engine: user, labels, entry point, health check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.image import elf
from scaffold.verify.model import Check, NotApplicable, Outcome, Problem, Severity, Step
from scaffold.verify.opened.subject import ImageSubject

_LABEL = "org.opencontainers.image."
_WANTED_LABELS = ("title", "version", "revision", "source")
_HEAD_BYTES = 1 << 16
_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def numeric_user(subject: ImageSubject) -> Iterator[Problem]:
    """Read the user of the configuration."""
    user = subject.image.config.user
    name = user.partition(":")[0]
    if name in {"", "0", "root"}:
        yield Problem(f"it runs as {name or 'root, by default'}", "end the last stage with USER 65532:65532")
    elif not re.fullmatch(r"\d+(:\d+)?", user):
        yield Problem(
            f"the user {user!r} is a name",
            "write it as a number: Kubernetes' runAsNonRoot cannot judge a name",
        )


def labels(subject: ImageSubject) -> Iterator[Problem]:
    """Look for the labels that say where an image comes from."""
    present = subject.image.config.labels
    missing = [name for name in _WANTED_LABELS if not present.get(_LABEL + name)]
    if missing:
        words = ", ".join(_LABEL + name for name in missing)
        yield Problem(f"labels are missing or empty: {words}", "set them with LABEL in the last stage")


def exec_form(subject: ImageSubject) -> Iterator[Problem]:
    """Follow the entry point to a program that can start."""
    config = subject.image.config
    words = config.entrypoint or config.command
    if not words:
        yield Problem("there is no ENTRYPOINT and no CMD", 'end with ENTRYPOINT ["/app"]')
    elif len(words) > 2 and words[0].endswith("sh") and words[1] == "-c":
        yield Problem(
            f"the entry point is in shell form: {words[2]!r}",
            'write it as a list, ENTRYPOINT ["/app"]: a shell in between does not pass signals on',
        )
    else:
        yield from _start_problems(subject, words[0])


def healthcheck(subject: ImageSubject) -> Outcome:
    """Follow HEALTHCHECK to its program."""
    words = subject.image.config.healthcheck
    if words[:1] == ("NONE",):
        return NotApplicable("HEALTHCHECK NONE")
    return _health_problems(subject, words)


def _health_problems(subject: ImageSubject, words: tuple[str, ...]) -> Iterator[Problem]:
    if not words:
        yield Problem(
            "there is no HEALTHCHECK", 'let the program check itself: HEALTHCHECK CMD ["/app", "healthcheck"]'
        )
    elif words[0] == "CMD-SHELL" and not subject.shells():
        yield Problem(
            "HEALTHCHECK is in shell form and the image has no shell",
            "write it as a list: HEALTHCHECK CMD [...]",
        )
    elif words[0] == "CMD":
        yield from _start_problems(subject, words[1])


def _start_problems(subject: ImageSubject, program: str) -> Iterator[Problem]:
    """Say what keeps a program from starting: it is not there, not executable, or its loader is missing."""
    path = _found(subject, program)
    entry = subject.image.resolve(path) if path else None
    if entry is None:
        yield Problem(f"{program} is not in the image", "copy it into the last stage", program)
    elif not entry.mode & 0o111:
        yield Problem(f"{program} is not executable", "give it mode 0755", entry.path)
    elif entry.kind == "file":
        head = subject.image.content(entry, _HEAD_BYTES)
        loader = elf.interpreter(head) if elf.is_elf(head) else ""
        if loader and subject.image.resolve(loader) is None:
            yield Problem(
                f"{program} needs the loader {loader}, which the image does not have",
                "link it statically, or take a base with the C library it was built for",
                entry.path,
            )


def _found(subject: ImageSubject, program: str) -> str:
    if "/" in program:
        folder = subject.image.config.working_directory or "/"
        return program if program.startswith("/") else f"{folder}/{program}"
    folders = subject.image.config.environment.get("PATH", _DEFAULT_PATH).split(":")
    candidates = (f"{folder}/{program}" for folder in folders)
    return next((path for path in candidates if subject.image.resolve(path)), "")


def passwd_entry(subject: ImageSubject) -> Iterator[Problem]:
    """Look the user's number up."""
    number = subject.image.config.user.partition(":")[0]
    entry = subject.image.resolve("/etc/passwd")
    text = subject.image.content(entry, _HEAD_BYTES).decode(errors="replace") if entry else ""
    if number.isdigit() and not any(line.split(":")[2:3] == [number] for line in text.splitlines()):
        yield Problem(
            f"user {number} has no entry in /etc/passwd", "add one: libraries look up the home folder there"
        )


CHECKS: tuple[Check[ImageSubject], ...] = (
    Check(
        id="open-user",
        title="it runs as a numeric user other than root",
        why="An intruder has the rights of the process, and Kubernetes' runAsNonRoot cannot judge a name.",
        step=Step.OPEN,
        test=numeric_user,
    ),
    Check(
        id="open-entrypoint",
        title="the entry point is in exec form, and its program can start",
        why="A shell in front of the program keeps SIGTERM from it, and a missing loader shows only at start.",
        step=Step.OPEN,
        test=exec_form,
    ),
    Check(
        id="open-healthcheck",
        title="HEALTHCHECK names a program that is in the image",
        why="Many health checks call curl or a shell that the base does not have, and fail for ever.",
        step=Step.OPEN,
        test=healthcheck,
    ),
    Check(
        id="open-labels",
        title="labels say what it is and where it comes from",
        why="With version, revision and source an image found in a cluster leads to the commit it was built of.",
        step=Step.OPEN,
        test=labels,
    ),
    Check(
        id="open-passwd",
        title="its user has an entry in /etc/passwd",
        why="Some libraries look up the name or the home folder of their user and fail where there is none.",
        step=Step.OPEN,
        test=passwd_entry,
        severity=Severity.WARNING,
    ),
)
