"""Bare clones of catalogs' git repositories, kept in the user's cache.

git is run with the user's own credentials, proxies and URL rewrites, and without what their configuration would
run or change: hooks, templates, file system monitors, line ends.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from scaffold.catalog.release import Access
from scaffold.catalog.source import Kind, Place
from scaffold.errors import BlueprintError, InputError, ProgramError, ScaffoldError, Transient, Unavailable
from scaffold.network import network
from scaffold.run import Finished, run

# Long enough for a large repository over a slow line; a person waits with ^C at hand.
_SECONDS = 600.0
_PLAIN = {
    "core.attributesFile": "/dev/null",
    "core.autocrlf": "false",
    "core.eol": "lf",
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.symlinks": "true",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
}
_FLAGS = [word for name, value in _PLAIN.items() for word in ("-c", f"{name}={value}")]
_REFS = ("+HEAD:refs/scaffold/HEAD", "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
_FETCHED = "scaffold-fetched"
# What git says when it is the access that fails, when it is our clone, and when it is the network.
_DENIED = (
    "Authentication failed",
    "could not read Username",
    "could not read Password",
    "Permission denied",
    "403",
)
_BROKEN = ("File exists", "not a git repository", "corrupt", "bad object", "unable to read")
_AWAY = ("Could not resolve", "Could not connect", "Connection", "timed out", "unable to access", "early EOF")


class Clone:
    """The clone of one repository; what it returns is of the time `age` seconds ago."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def age(self) -> float:
        """How many seconds ago it was fetched."""
        return max(0.0, time.time() - (self.folder / _FETCHED).stat().st_mtime)

    def tags(self) -> dict[str, str]:
        """Return the commit of each tag by its name."""
        form = "%(refname:strip=2) %(objectname) %(*objectname)"
        lines = self._git("for-each-ref", f"--format={form}", "refs/tags").stdout.splitlines()
        return {words[0]: words[-1] for line in lines if (words := line.split())}

    def commit(self, reference: str) -> str | None:
        """Return the commit that a tag, a branch or the beginning of a commit's name stands for, or None."""
        words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
        found = self._git(*words, check=False)
        return found.stdout.strip() if found.ok else None

    def head(self) -> str:
        """Return the newest commit of the main branch; raises BlueprintError when there is none."""
        found = self.commit("refs/scaffold/HEAD") or self.commit("HEAD")
        if found is None:
            raise BlueprintError("the repository has no commit", hint="its author has to push one")
        return found

    def which_have(self, commits: Sequence[str], paths: Sequence[str]) -> set[str]:
        """Return those of `commits` that have a file at one of `paths`."""
        asked = [(commit, path) for commit in commits for path in paths]
        lines = "".join(f"{commit}:{path}\n" for commit, path in asked)
        answers = self._git("cat-file", "--batch-check=%(objecttype)", stdin=lines).stdout.splitlines()
        return {commit for (commit, _), kind in zip(asked, answers, strict=True) if kind == "blob"}

    def check_out(self, commit: str, into: Path) -> None:
        """Write the files of a commit below `into`, which must not exist, with its own line ends."""
        into.mkdir(parents=True)
        with tempfile.TemporaryDirectory(prefix="scaffold-index-") as folder:
            index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            self._git("read-tree", commit, env=index)
            self._git(f"--work-tree={into}", "checkout-index", "--all", "--quiet", env=index)

    def fetch(self, place: Place, access: Access) -> None:
        """Make it what the repository is now; raises as `obtain` does."""
        words = (
            f"--git-dir={self.folder}",
            "fetch",
            "--quiet",
            "--force",
            "--prune",
            "--no-tags",
            place.location,
        )
        _remote([*words, *_REFS], access)
        (self.folder / _FETCHED).touch()

    def _git(
        self, *words: str, check: bool = True, env: dict[str, str] | None = None, stdin: str | None = None
    ) -> Finished:
        command = ["git", *_FLAGS, f"--git-dir={self.folder}", *words]
        return run(command, check=check, env=env, stdin=stdin)


def obtain(place: Place, access: Access) -> Clone:
    """Return the clone of a repository: brought up to date, or as it is in the cache when `access` is offline.

    Raises InputError when there is no such repository, Unavailable when it is not in the cache or the user may
    not read it, Transient when the network fails.
    """
    clone = Clone(_folder(place))
    known = clone.folder.is_dir()
    if access.offline:
        if not known:
            raise Unavailable(f"{place.location} is not in the cache", hint="run it once without --offline")
        return clone
    try:
        with _locked(clone.folder):
            _renew(place, clone, access)
    except ProgramError as error:
        raise _explained(error, place, clone if known else None) from error
    return clone


def repository_around(folder: Path) -> Place | None:
    """Return the git repository that a folder lies in, or None."""
    found = run(["git", *_FLAGS, "-C", str(folder), "rev-parse", "--show-toplevel"], check=False)
    return Place(Kind.GIT, Path(found.stdout.rstrip("\n")).as_uri()) if found.ok else None


def tagged_versions(blueprint: Path) -> list[str]:
    """Return the versions of a blueprint that the repository around its folder has tags for, if there is one."""
    words = ["git", *_FLAGS, "-C", str(blueprint), "tag", "--list", f"{blueprint.resolve().name}/*"]
    found = run(words, check=False)
    return [tag.partition("/")[2] for tag in found.stdout.splitlines()] if found.ok else []


def human_age(seconds: float) -> str:
    """Return an age in its largest unit: `3 hours`."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def _folder(place: Place) -> Path:
    digest = hashlib.sha256(place.location.encode()).hexdigest()[:16]
    return platformdirs.user_cache_path("container-scaffold") / "catalogs" / f"{place.name}-{digest}.git"


def _renew(place: Place, clone: Clone, access: Access) -> None:
    if clone.folder.is_dir():
        try:
            clone.fetch(place, access)
            return
        except ProgramError as error:
            # What a git that was killed left behind. The lock is ours, so nobody else is at work there.
            if not any(word in error.output for word in _BROKEN):
                raise
        shutil.rmtree(clone.folder)
    _clone(place, clone.folder, access)


def _clone(place: Place, folder: Path, access: Access) -> None:
    """Clone aside and rename: what is killed on the way is no clone, and the next one clears it away."""
    for left in folder.parent.glob(f".{folder.name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    aside = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    try:
        _remote(["clone", "--quiet", "--bare", "--template=", place.location, str(aside)], access)
        (aside / _FETCHED).touch()
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _remote(words: Sequence[str], access: Access) -> None:
    environment = {} if access.ask else {"GIT_TERMINAL_PROMPT": "0"}
    bundle = network().ca_bundle
    if bundle is not None and "GIT_SSL_CAINFO" not in os.environ:
        environment["GIT_SSL_CAINFO"] = str(bundle)
    run(["git", *_FLAGS, *words], env=environment, timeout=_SECONDS, terminal=access.ask)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time bring a clone up to date; the lock ends with the process, however that ends."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _explained(error: ProgramError, place: Place, known: Clone | None) -> ScaffoldError:
    lines = [line for line in error.output.splitlines() if line.startswith(("fatal:", "error:", "remote:"))]
    said = " ".join((lines or error.output.splitlines() or [error.message])[0].split())
    message = f"{place.location} cannot be read: {said}"
    if any(word in error.output for word in _DENIED):
        return Unavailable(message, hint="check that git itself may read it: git ls-remote " + place.location)
    if any(word in error.output for word in _AWAY):
        hint = "check the network, and try again"
        if known is not None:
            hint = f"--offline takes what was there {human_age(known.age)} ago"
        return Transient(message, hint=hint)
    return InputError(message, hint="check the URL: git ls-remote " + place.location)
