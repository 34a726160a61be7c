"""Checks of the rights that files have."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.image import File, Kind
from scaffold.verify.model import NotApplicable, Outcome, Problem, Severity
from scaffold.verify.opened.check import check
from scaffold.verify.opened.groups import grouped
from scaffold.verify.opened.subject import ImageSubject, User

_SETUID, _SETGID, _STICKY = 0o4000, 0o2000, 0o1000
_OTHERS_WRITE = 0o002
_WRITE = 2
_CONTENT = {Kind.FILE, Kind.HARDLINK}


@check(
    "open-setuid",
    title="no file brings rights that its user does not have",
    why="Each setuid or setgid program, or one with file capabilities, is a way from the service's user to root.",
)
def no_setuid(subject: ImageSubject) -> Iterator[Problem]:
    """Look for setuid, setgid and capabilities on files; on a folder, setgid only says which group new files get.

    What the published base has is left to its maintainers: no-new-privileges makes it ineffective.
    """
    for file in subject.own_files:
        if file.kind in _CONTENT and (what := _extra_rights(file)):
            yield Problem(f"it {what}", "remove it, or its rights: chmod a-s, setcap -r", file.path)


def _extra_rights(file: File) -> str:
    if file.mode & _SETUID:
        return f"is setuid: it runs as user {file.uid} whoever starts it"
    if file.mode & _SETGID:
        return f"is setgid: it runs as group {file.gid} whoever starts it"
    return "has file capabilities: it gives them to whoever starts it" if file.capabilities else ""


@check(
    "open-world-writable",
    title="not everybody may write to a file or a folder",
    why="What the service can change, an intruder can change, and then it stays changed for the next request.",
)
def no_world_writable(subject: ImageSubject) -> Iterator[Problem]:
    """Look for what anybody may change; a sticky folder such as /tmp is meant to be shared."""
    open_files = (file for file in subject.own_files if file.mode & _OTHERS_WRITE and _is_changeable(file))
    for group in grouped(open_files):
        yield Problem(f"everybody may write to it{group}", "chmod o-w it, or COPY --chmod=0755", group.place)


def _is_changeable(file: File) -> bool:
    return file.kind in _CONTENT or (file.kind is Kind.DIRECTORY and not file.mode & _STICKY)


@check(
    "open-owner",
    title="the service cannot change its own files",
    why="An intruder who can write to the program or what it reads stays in it; data belongs into a volume.",
    severity=Severity.WARNING,
)
def not_owned(subject: ImageSubject) -> Outcome:
    """Look for files that the user may write to, and folders of his that have something in them.

    An empty folder of his is where a volume goes, and a sticky one, such as /tmp, is shared.
    """
    user = subject.user
    if user is None or user.uid == 0:
        return NotApplicable("the user is root or unknown")
    return _changeable_files(subject, user)


def _changeable_files(subject: ImageSubject, user: User) -> Iterator[Problem]:
    filled = {file.parent for file in subject.image.files.values()}
    changeable = (
        file
        for file in subject.own_files
        if _is_changeable(file)
        and (file.kind in _CONTENT or file.path in filled)
        and user.may(file, _WRITE)
        and not file.mode & _OTHERS_WRITE
    )
    for group in grouped(changeable):
        yield Problem(
            f"user {user.uid}, which the service runs as, may change it{group}",
            "leave it to root, readable by all: COPY without --chown, mode 0755 or 0644",
            group.place,
        )
