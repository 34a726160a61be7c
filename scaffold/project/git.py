"""What a project needs of git, untouched by the user's strange settings."""

from __future__ import annotations

from pathlib import Path

from scaffold.run import Finished, run

# The first commit is ours, not the user's: no signature to ask a passphrase for, no hook, no template, and the
# files exactly as they were rendered.
_PLAIN = (
    "-c",
    "init.defaultBranch=main",
    "-c",
    "init.templateDir=",
    "-c",
    "commit.gpgSign=false",
    "-c",
    "core.autocrlf=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.excludesFile=/dev/null",
    "-c",
    "core.attributesFile=/dev/null",
)
_NOBODY = {
    "GIT_AUTHOR_NAME": "scaffold",
    "GIT_AUTHOR_EMAIL": "scaffold@localhost",
    "GIT_COMMITTER_NAME": "scaffold",
    "GIT_COMMITTER_EMAIL": "scaffold@localhost",
}


def is_inside_repository(folder: Path) -> bool:
    """Tell whether a folder belongs to a work tree; raises Unavailable when there is no git."""
    return run(["git", "rev-parse", "--is-inside-work-tree"], cwd=folder, check=False).stdout.strip() == "true"


def has_committed(project: Path, name: str) -> bool:
    """Tell whether git has a file of a project exactly as it is now, so that it can be had back."""
    if not is_inside_repository(project):
        return False
    at = ["--", f":(literal){name}"]
    changed = run(["git", *_PLAIN, "status", "--porcelain", "--ignored", *at], cwd=project).stdout
    return not changed and bool(run(["git", *_PLAIN, "ls-files", *at], cwd=project).stdout)


def first_commit(project: Path, message: str) -> None:
    """Make a repository of a project, with all its files in one commit on `main`."""
    _git(project, "init", "--quiet")
    _git(project, "add", "--all", "--force")
    author = {} if _has_author(project) else _NOBODY
    _git(project, "commit", "--quiet", "--no-verify", "--message", message, env=author)


def _has_author(project: Path) -> bool:
    return run(["git", "var", "GIT_AUTHOR_IDENT"], cwd=project, check=False).ok and _configured(project)


def _configured(project: Path) -> bool:
    # Without an address git makes one up from the host's name, or refuses, depending on the machine.
    return run(["git", "config", "user.email"], cwd=project, check=False).ok


def _git(project: Path, *words: str, env: dict[str, str] | None = None) -> Finished:
    return run(["git", *_PLAIN, *words], cwd=project, env=env)
