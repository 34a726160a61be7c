"""Rust."""

from __future__ import annotations

from pathlib import Path


class Rust:
    """Cargo packages."""

    id = "rust"
    title = "Rust"
    # Cargo has no variable for a mirror of crates.io, so the Dockerfile makes one of its own.
    network_variables: tuple[str, ...] = ("CRATES_MIRROR",)
    dependency_commands: tuple[str, ...] = ("cargo fetch",)
    download_words: tuple[str, ...] = ("Downloading ", "Downloaded ")

    def recognise(self, project: Path) -> bool:
        """A package or a workspace has a Cargo.toml."""
        return (project / "Cargo.toml").is_file()

    def source_to_change(self, project: Path) -> Path | None:
        """The program is src/main.rs, or the first one under src/bin/."""
        candidates = [project / "src/main.rs", *sorted(project.glob("src/bin/*.rs"))]
        return next((path for path in candidates if path.is_file()), None)

    def one_line(self, marker: str) -> str:
        """A constant without a name is never unused."""
        return f'const _: &str = "{marker}";\n'
