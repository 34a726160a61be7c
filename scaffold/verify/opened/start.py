"""Checks of how the image starts, tells its health, and stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scaffold.verify.model import NotApplicable, Outcome, Problem
from scaffold.verify.opened.check import check
from scaffold.verify.opened.program import start_problems
from scaffold.verify.opened.subject import ImageSubject

_SHELL_NAMES = ("sh", "ash", "bash", "dash")
# signal(7): no process can handle these two, and docker takes names with and without SIG, and numbers.
_NEVER_HANDLED = {"KILL", "9", "STOP", "19"}


@check(
    "open-entrypoint",
    title="the entry point is in exec form, and its program can start",
    why="A shell in front of the program keeps SIGTERM from it, and a missing loader shows only at start.",
)
def entry_point(subject: ImageSubject) -> Iterator[Problem]:
    """Follow the entry point to a program that can start."""
    config = subject.image.config
    words = config.entrypoint or config.command
    if not words:
        yield Problem("there is no ENTRYPOINT and no CMD", 'end with ENTRYPOINT ["/app"]', "ENTRYPOINT")
        return
    for name, form in (("ENTRYPOINT", config.entrypoint), ("CMD", config.command)):
        if script := _shell_script(form):
            yield Problem(
                f"{name} is in shell form: {script!r}",
                f'write it as a list, {name} ["/app"]: a shell in between does not pass signals on',
                name,
            )
    yield from start_problems(subject, words[0])


def _shell_script(words: Sequence[str]) -> str:
    """Return the script that a shell is given, "" when there is none; after `exec` no shell stays in between."""
    if len(words) < 3 or words[0].rpartition("/")[2] not in _SHELL_NAMES or "-c" not in words[1:-1]:
        return ""
    return "" if words[-1].lstrip().startswith("exec ") else words[-1]


@check(
    "open-healthcheck",
    title="HEALTHCHECK is in exec form, and its program can start",
    why="Many health checks call curl or a shell that the base does not have: the container is never healthy.",
)
def health_check(subject: ImageSubject) -> Outcome:
    """Follow HEALTHCHECK to its program."""
    words = subject.image.config.healthcheck
    if words[:1] == ("NONE",):
        return NotApplicable("HEALTHCHECK NONE says that there is none")
    return _health_problems(subject, words)


def _health_problems(subject: ImageSubject, words: tuple[str, ...]) -> Iterator[Problem]:
    if len(words) < 2:
        yield Problem(
            "there is no HEALTHCHECK (podman drops it unless it builds with --format docker)",
            'let the program check itself, HEALTHCHECK CMD ["/app", "healthcheck"], or say HEALTHCHECK NONE',
            "HEALTHCHECK",
        )
    elif words[0] == "CMD-SHELL":
        lack = "" if subject.image.files.inode("/bin/sh") else ", and the image has no /bin/sh"
        mend = 'write it as a list: HEALTHCHECK CMD ["/app", "healthcheck"]'
        yield Problem(f"HEALTHCHECK is in shell form{lack}: {words[1]!r}", mend, "HEALTHCHECK")
    else:
        yield from start_problems(subject, words[1])


@check(
    "open-stop-signal",
    title="it is stopped by a signal that a program can handle",
    why="SIGKILL ends the program in the middle of its requests; nothing is finished, nothing is saved.",
)
def stop_signal(subject: ImageSubject) -> Iterator[Problem]:
    """Read the stop signal; without one engines send SIGTERM."""
    signal = subject.image.config.stop_signal
    if signal.upper().removeprefix("SIG") in _NEVER_HANDLED:
        yield Problem(
            f"STOPSIGNAL is {signal}, which no program can handle", "write STOPSIGNAL SIGTERM", "STOPSIGNAL"
        )
