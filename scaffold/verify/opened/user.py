"""Checks of the user that the image runs as."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.verify.model import NotApplicable, Outcome, Problem, Severity
from scaffold.verify.opened.check import check
from scaffold.verify.opened.subject import ImageSubject

_MEND = "end the last stage with USER 65532:65532"
# The range of docker (moby, pkg/user): what is above does not start.
_MOST_ID = 2**31 - 1


@check(
    "open-user",
    title="it runs as a numeric user and group other than root",
    why="An intruder has the rights of the process, and Kubernetes' runAsNonRoot cannot judge a name.",
)
def numeric_user(subject: ImageSubject) -> Iterator[Problem]:
    """Read the user of the configuration."""
    user, _, group = subject.image.config.user.partition(":")
    if user in {"", "root"} or _number(user) == 0:
        yield Problem(f"it runs as root{'' if user else ', by default'}", _MEND, "USER")
    elif not user.isdigit():
        yield Problem(f"the user {user!r} is a name", _MEND, "USER")
    elif int(user) > _MOST_ID or _number(group) > _MOST_ID:
        yield Problem(f"{user}:{group} is above {_MOST_ID}: no engine starts it", _MEND, "USER")
    else:
        yield from _group_problems(subject, int(user), group)


def _group_problems(subject: ImageSubject, uid: int, group: str) -> Iterator[Problem]:
    entry = subject.passwd_entry(uid)
    if group in {"root", "0"} or (not group and (entry is None or entry[3] == "0")):
        reason = "" if group else ", for none is given and /etc/passwd has no other"
        yield Problem(f"its group is root's{reason}", _MEND, "USER")
    elif group and not group.isdigit():
        yield Problem(f"the group {group!r} is a name", _MEND, "USER")


def _number(word: str) -> int:
    return int(word) if word.isdigit() else -1


@check(
    "open-passwd",
    title="its user has an entry in /etc/passwd",
    why="Libraries look up the name or the home folder of their user there; some fail where there is none.",
    severity=Severity.WARNING,
)
def passwd_entry(subject: ImageSubject) -> Outcome:
    """Look the user's number up."""
    user = subject.image.config.user.partition(":")[0]
    if not user.isdigit():
        return NotApplicable("the user is not a number")
    if subject.passwd_entry(int(user)):
        return ()
    mend = f"add one, for example app:x:{user}:{user}:app:/:/sbin/nologin"
    return [Problem(f"user {user} has no entry in /etc/passwd", mend, "/etc/passwd")]
