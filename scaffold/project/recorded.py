"""What a project's repository has recorded of what made it, also when somebody has edited that by hand."""

from __future__ import annotations

from dataclasses import dataclass

from scaffold.errors import InputError
from scaffold.project.answers import Answers, is_edited, parse_answers
from scaffold.project.repository import Repository

# An edit is older than a few updates only if nobody updates.
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answers file of HEAD: its `content`, what it `wants`, and what the project was really `made` from.

    The two differ when the file was edited by hand since we wrote it. `note` says so when what was written is not
    to be found, as in a shallow clone: then the edit has no effect on files that are there.
    """

    content: bytes
    made: Answers
    wants: Answers
    note: str = ""


def read_recorded(repository: Repository, answers_file: str, head: str) -> Recorded:
    """Read the answers file of a project at `head`; raises InputError when it is missing or broken."""
    path = repository.path(answers_file)
    content = repository.read(head, path)
    if content is None:
        raise _missing(repository, path)
    wants = parse_answers(content, answers_file)
    if not is_edited(content):
        return Recorded(content, wants, wants)
    for commit in repository.git("log", f"-{_LOOKED_AT}", "--format=%H", head, "--", path).split():
        earlier = repository.read(commit, path)
        if earlier is not None and not is_edited(earlier):
            return Recorded(content, parse_answers(earlier, answers_file), wants)
    note = f"{answers_file} was edited by hand, and git does not know what it was: files keep what they have"
    return Recorded(content, wants, wants, note)


def _missing(repository: Repository, path: str) -> InputError:
    if repository.top is not None and (repository.top / path).is_file():
        return InputError(f"{path} is not committed", hint="commit it: an update starts from what git has")
    deleted = repository.git("log", "-1", "--diff-filter=D", "--format=%h", "--", path).strip()
    hint = f"it was there: git checkout {deleted}^ -- {path}" if deleted else "name the project's folder"
    return InputError(f"{path} is missing, so what made the project is not known", hint=hint)
