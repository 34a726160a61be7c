"""Small repositories to merge in, and their whole state, to compare."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scaffold.project.apply import apply
from scaffold.project.journal import Intent, Journal
from scaffold.project.merge import Labels, Merge, merge
from scaffold.project.quarantine import Quarantine
from scaffold.project.repository import open_repository

ANSWERS = ".copier-answers.yml"
LABELS = Labels("go 1.0.0", "go 1.1.0")
_IDENTITY = {f"GIT_{role}_{part}": "tester" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
# No setting of the machine's user gets into a test; a test that wants some gives them.
_ENVIRONMENT = {**_IDENTITY, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}

# path: content; a tuple is content and mode, a Path a link's target, None a file that goes.
Content = str | bytes | Path | tuple[str | bytes, int] | None
Tree = Mapping[str, Content]


def write_tree(folder: Path, tree: Tree) -> None:
    for name, content in tree.items():
        write_file(folder / name, content)


def write_file(path: Path, content: Content) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    if content is None:
        return
    if path.is_dir():
        shutil.rmtree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        path.symlink_to(content)
        return
    text, mode = content if isinstance(content, tuple) else (content, 0o644)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)


@dataclass(frozen=True)
class Sandbox:
    """A repository of a test, with a project at `prefix`."""

    top: Path
    prefix: str = ""

    @property
    def project(self) -> Path:
        return self.top / self.prefix

    def git(self, *words: str | Path, check: bool = True) -> str:
        finished = subprocess.run(
            ["git", *map(str, words)],
            cwd=self.top,
            env={**os.environ, **_ENVIRONMENT},
            capture_output=True,
            check=False,
        )
        assert not check or finished.returncode == 0, os.fsdecode(finished.stderr)
        return os.fsdecode(finished.stdout)

    def commit(self, tree: Tree | None = None, *, at: str | None = None) -> None:
        write_tree(self.top / (self.prefix if at is None else at), tree or {})
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", "work")

    def state(self) -> dict[str, object]:
        """Everything that a user can see: index, refs, HEAD, and the files with their modes."""
        return {
            "index": self.git("ls-files", "--stage", "-v", "-z"),
            "refs": self.git("for-each-ref"),
            "head": (self.top / ".git" / "HEAD").read_text(),
            "status": self.git("status", "--porcelain", "-z", "--ignored"),
            "files": files(self.top),
        }

    def objects(self) -> int:
        return sum(1 for path in (self.top / ".git" / "objects").rglob("*") if path.is_file())


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return the mode and the content of each file, or the target of each link."""
    found: dict[str, tuple[int, bytes]] = {}
    for root, folders, names in os.walk(folder):
        if root == str(folder) and ".git" in folders:
            folders.remove(".git")
        for name in (*names, *(name for name in folders if Path(root, name).is_symlink())):
            path = Path(root, name)
            content = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            found[path.relative_to(folder).as_posix()] = (path.lstat().st_mode, content)
    return found


def make_sandbox(top: Path, tree: Tree, prefix: str = "", *words: str) -> Sandbox:
    """Make a repository whose only commit is a project as it was rendered."""
    top.mkdir(parents=True)
    sandbox = Sandbox(top, prefix)
    sandbox.git("init", "--quiet", "--initial-branch=main", *words)
    sandbox.commit({ANSWERS: "_commit: 1.0.0\n", **tree})
    return sandbox


def predict(sandbox: Sandbox, old: Tree, new: Tree) -> Merge:
    """Merge and change nothing."""
    repository = open_repository(sandbox.project)
    with Quarantine(repository, repository.head()) as quarantine:
        return _merge(quarantine, old, new)


def update(sandbox: Sandbox, old: Tree, new: Tree, *, commit: bool = False) -> tuple[Merge, Journal]:
    """Merge and bring it into the work tree."""
    repository = open_repository(sandbox.project)
    with Quarantine(repository, repository.head()) as quarantine:
        merged = _merge(quarantine, old, new)
        intent = Intent(
            repository.prefix, ANSWERS, LABELS.old, LABELS.new, LABELS.yours, "Update to go 1.1.0", commit
        )
        return merged, apply(quarantine, repository, merged, intent)


def _merge(quarantine: Quarantine, old: Tree, new: Tree) -> Merge:
    write_tree(quarantine.folder("old"), {ANSWERS: "_commit: 1.0.0\n", **old})
    write_tree(quarantine.folder("new"), {ANSWERS: "_commit: 1.1.0\n", **new})
    return merge(quarantine, ANSWERS, LABELS)
