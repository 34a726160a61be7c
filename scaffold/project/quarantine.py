"""A place aside in which git can make objects and trees without a trace in the user's repository."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from scaffold.project.freshening import Marks
from scaffold.project.repository import Entry, Repository, records

# Tree building sees our own files, whatever the user's file system or sparse checkout is like.
_OUR_FILES = ("-c", "core.fileMode=true", "-c", "core.symlinks=true", "-c", "core.sparseCheckout=false")
_ANSWERS = ".copier-answers"


class Quarantine:
    """Renders, indexes and new objects in a temporary folder; git reads the user's objects beside them.

    `repository` is the user's with that arrangement, as `git receive-pack` makes it for what is not accepted yet.
    """

    def __init__(self, repository: Repository, head: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="scaffold-merge-")
        self.area = Path(self._folder.name)
        self._user = repository
        self._marks: Marks | None = Marks(repository.objects)
        self.head = head
        objects = self.area / "objects"
        objects.mkdir()
        self.repository = repository.under(
            GIT_OBJECT_DIRECTORY=str(objects), GIT_ALTERNATE_OBJECT_DIRECTORIES=_quoted(repository.objects)
        )
        self._index = self.area / "index.head"
        self._under(self._index).git(*_OUR_FILES, "read-tree", head)
        self.before = self._project_entries()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()
        if self._marks is not None:
            self._marks.take_back()

    def folder(self, name: str) -> Path:
        """Return where to put a render: the place of the project in a work tree that is empty otherwise."""
        return self._work(name) / self.repository.prefix

    def tree(self, name: str, answers_file: str) -> str:
        """Return HEAD's tree with the render in `folder(name)` for the project, stored as `git add` would.

        What other projects keep in folders inside of this one stays: it is no part of the render.
        """
        work = self._work(name)
        self.folder(name).mkdir(parents=True, exist_ok=True)
        index = self.area / f"index.{name}"
        shutil.copyfile(self._index, index)
        at_work = self._under(index, work)
        at_work.git(*_OUR_FILES, "add", "--all", "--force", "--", self.repository.prefix or ".")
        self._carry(at_work, self._inner_projects(answers_file))
        return self._write_tree(at_work)

    def tree_with(self, tree: str, lines: list[str]) -> str:
        """Return a tree after changes, which are lines of `git update-index --index-info`."""
        index = self.area / "index.changed"
        at_index = self._under(index)
        at_index.git(*_OUR_FILES, "read-tree", tree)
        at_index.git("update-index", "-z", "--index-info", stdin="".join(f"{line}\0" for line in lines))
        return self._write_tree(at_index)

    def check_out(self, tree: str, paths: list[str], into: Path) -> None:
        """Write files of a tree into a folder as `git checkout` would: line ends, filters, links."""
        into.mkdir(parents=True, exist_ok=True)
        at_folder = self._under(self.area / "index.checkout", into)
        at_folder.git("-c", "core.sparseCheckout=false", "read-tree", tree)
        at_folder.git("checkout-index", "--force", "-z", "--stdin", stdin="".join(f"{path}\0" for path in paths))

    def check_out_project(self, tree: str, into: Path) -> Path:
        """Write the project's files of a tree into a folder, and return where the project is in there."""
        prefix = self.repository.prefix
        words = ["ls-tree", "-r", "-z", "--name-only", tree, "--", *([f"{prefix}/"] if prefix else [])]
        target = into / self._user.folder_name
        self.check_out(tree, records(self.repository.git(*words)), target)
        return target / prefix

    def keep(self) -> None:
        """Hand the new objects over to the user's repository."""
        # From here on there is something that needs those which were there already.
        self._marks = None
        objects = self.area / "objects"
        names = [f"{path.parent.name}{path.name}" for path in objects.glob("[0-9a-f][0-9a-f]/*")]
        if names or any(objects.glob("pack/*.pack")):
            packed = self.repository.git_bytes(
                "pack-objects", "--stdout", "--quiet", stdin="\n".join((*names, *self._packed(), ""))
            )
            self._user.git_bytes("unpack-objects", "-q", stdin=packed)

    def _work(self, name: str) -> Path:
        # Of the same name as the project's folder, which a template can write into a file.
        return self.area / name / self._user.folder_name

    def _packed(self) -> list[str]:
        # `git add` puts files over core.bigFileThreshold straight into a pack.
        indexes = (self.area / "objects" / "pack").glob("*.idx")
        lines = (self.repository.git("show-index", stdin=path.read_bytes()) for path in indexes)
        return [line.split()[1] for text in lines for line in text.splitlines()]

    def _under(self, index: Path, work: Path | None = None) -> Repository:
        return self.repository.under(
            GIT_INDEX_FILE=str(index), **({"GIT_WORK_TREE": str(work)} if work is not None else {})
        )

    def _write_tree(self, at_index: Repository) -> str:
        # A partial clone has not all objects, and needs none of the others.
        return at_index.git("write-tree", "--missing-ok").strip()

    def _project_entries(self) -> dict[str, Entry]:
        words = ["--", self.repository.prefix] if self.repository.prefix else []
        return {path: entry for path, _, entry in self._under(self._index).entries(*words)}

    def _inner_projects(self, answers_file: str) -> list[str]:
        own = self.repository.path("")
        folders = {
            path.rpartition("/")[0] + "/"
            for path in self.before
            if path.rpartition("/")[2].startswith(_ANSWERS) and path != self.repository.path(answers_file)
        }
        return sorted(folder for folder in folders if folder not in (own, "/"))

    def _carry(self, at_index: Repository, folders: list[str]) -> None:
        lines = [
            entry.line(path)
            for path, entry in self.before.items()
            if any(path.startswith(folder) for folder in folders)
        ]
        if lines:
            at_index.git("update-index", "-z", "--index-info", stdin="".join(f"{line}\0" for line in lines))


def _quoted(objects: Path) -> str:
    """Write a path as GIT_ALTERNATE_OBJECT_DIRECTORIES takes it, where a colon parts two."""
    text = str(objects)
    if ":" not in text and not text.startswith('"'):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
