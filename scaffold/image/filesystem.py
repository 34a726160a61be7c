"""The file system that layers add up to, as an engine lays them over each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from scaffold.image.errors import Malformed
from scaffold.image.layer import File, Kind, Layer

# The same limit as Linux has (path_resolution(7)).
_MOST_LINKS = 40


class _Node:
    """A name in the tree. `file` is None for a folder without an entry of its own.

    `inode` is the regular file whose content it has; hard links share one, also when its first name is gone.
    """

    __slots__ = ("children", "file", "inode")

    def __init__(self, file: File | None = None, inode: File | None = None) -> None:
        self.file = file
        self.inode = inode
        self.children: dict[str, _Node] = {}

    @property
    def is_folder(self) -> bool:
        """Whether other names can be below it."""
        return self.file is None or self.file.kind is Kind.DIRECTORY

    @property
    def link(self) -> str:
        """Where it leads if it is a symbolic link, else ""."""
        return self.file.target if self.file and self.file.kind is Kind.SYMLINK else ""

    def child(self, name: str, *, create: bool) -> _Node | None:
        """Return what has this name in the folder, made first if need be."""
        if create and self.is_folder:
            return self.children.setdefault(name, _Node())
        return self.children.get(name)


class FileSystem(Mapping[str, File]):
    """What a container sees: a path to the entry that the uppermost layer gives it.

    Raises Malformed for layers that no engine could unpack.
    """

    def __init__(self, layers: Iterable[Layer] = ()) -> None:
        self._root = _Node()
        self._paths: dict[str, _Node] | None = None
        for layer in layers:
            self.add(layer)

    def add(self, layer: Layer) -> None:
        """Lay one more layer on top: what it removes first, for that speaks of the layers below."""
        self._paths = None
        for path in layer.whiteouts:
            self._remove(path)
        for path in layer.opaque:
            if folder := self._walk(path):
                folder.children.clear()
        for file in layer.entries:
            self._put(file)

    def __getitem__(self, path: str) -> File:
        file = self._named()[path].file
        assert file is not None
        return file

    def __iter__(self) -> Iterator[str]:
        return iter(self._named())

    def __len__(self) -> int:
        return len(self._named())

    def resolve(self, path: str) -> File | None:
        """Follow symbolic links from `path` to the entry that is meant, inside the image.

        None when it leads nowhere, in circles, or to a folder that has no entry of its own.
        """
        node = self._walk(path)
        return node.file if node else None

    def inode(self, path: str) -> File | None:
        """Return the regular file that has the content of `path`, links followed; None when there is none."""
        node = self._walk(path)
        return node.inode if node else None

    def inodes(self) -> set[File]:
        """Return the regular files that have a name, each once however many names it has."""
        return {node.inode for node in self._named().values() if node.inode}

    def has_folder(self, path: str) -> bool:
        """Tell whether `path` leads to a folder, with or without an entry of its own."""
        node = self._walk(path)
        return node is not None and node.is_folder

    def below(self, path: str) -> Iterator[File]:
        """Yield the entries under a folder, links on the way to it followed; nothing when there is none."""
        if node := self._walk(path):
            yield from (child.file for _, child in _named_below(node, "") if child.file)

    def _named(self) -> dict[str, _Node]:
        if self._paths is None:
            self._paths = {path or "/": node for path, node in _named_below(self._root, "") if node.file}
        return self._paths

    def _remove(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        if node := self._walk(folder):
            node.children.pop(name, None)

    def _put(self, file: File) -> None:
        if file.path == "/":
            self._root.file = file
            return
        folder = self._folder(file.parent)
        there = folder.children.get(file.name)
        if file.kind is Kind.DIRECTORY and there and there.is_folder:
            there.file = file
        else:
            folder.children[file.name] = _Node(file, self._content(file))

    def _folder(self, path: str) -> _Node:
        folder = self._walk(path, create=True)
        if folder is None or not folder.is_folder:
            raise Malformed(f"{path} has entries but is no folder")
        return folder

    def _content(self, file: File) -> File | None:
        if file.kind is not Kind.HARDLINK:
            return file if file.kind is Kind.FILE else None
        source = self._walk(file.target, last=False)
        if source is None or source.file is None or source.file.kind is Kind.DIRECTORY:
            raise Malformed(f"{file.path} is a hard link to {file.target}, which is not there")
        return source.inode

    def _walk(self, path: str, *, create: bool = False, last: bool = True) -> _Node | None:
        """Go from the root to `path` as the kernel does; `..` at the root stays there.

        Folders that are missing are made with `create`; a link at the very end is followed with `last`.
        """
        todo, way, links = deque(path.split("/")), [self._root], 0
        while todo and links <= _MOST_LINKS:
            name = todo.popleft()
            if name == "..":
                way[1:] = way[1:-1]
            elif name not in {"", "."}:
                node = way[-1].child(name, create=create)
                if node is None:
                    return None
                if node.link and (todo or last):
                    links += 1
                    way = [self._root] if node.link.startswith("/") else way
                    todo.extendleft(reversed(node.link.split("/")))
                else:
                    way.append(node)
        return None if todo else way[-1]


def _named_below(top: _Node, path: str) -> Iterator[tuple[str, _Node]]:
    """Yield all names below a node and itself, without recursion: a path can have thousands of parts."""
    todo = [(path, top)]
    while todo:
        here, node = todo.pop()
        yield here, node
        todo.extend((f"{here}/{name}", node.children[name]) for name in sorted(node.children, reverse=True))
