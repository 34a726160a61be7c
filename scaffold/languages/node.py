"""Node, in TypeScript or JavaScript."""

from __future__ import annotations

from pathlib import Path


class Node:
    """Packages of npm and of those that read the same manifest."""

    id = "node"
    title = "Node"
    network_variables: tuple[str, ...] = ("NPM_CONFIG_REGISTRY",)
    dependency_commands: tuple[str, ...] = ("npm ci", "npm install", "pnpm install", "pnpm fetch", "yarn install")
    # npm tells how many packages it has installed, but not which it has downloaded for that.
    download_words: tuple[str, ...] = ("added ", "npm http fetch ")

    def recognise(self, project: Path) -> bool:
        """A package has a package.json."""
        return (project / "package.json").is_file()

    def source_to_change(self, project: Path) -> Path | None:
        """The entry point under one of the names that starters and guides give it."""
        names = ("main", "index", "server", "app")
        folders = (project / "src", project)
        candidates = (folder / f"{name}.{kind}" for folder in folders for name in names for kind in ("ts", "js"))
        return next((path for path in candidates if path.is_file()), None)

    def one_line(self, marker: str) -> str:
        """A call that has no effect, in any kind of module, and that no bundler leaves out."""
        return f'\nObject.freeze(["{marker}"]);\n'
