"""Java."""

from __future__ import annotations

from pathlib import Path


class Java:
    """Maven projects."""

    id = "java"
    title = "Java"
    # Maven has no variable for a mirror, so the Dockerfile makes one of its own.
    network_variables: tuple[str, ...] = ("MAVEN_MIRROR",)
    dependency_commands: tuple[str, ...] = ("dependency:go-offline",)
    download_words: tuple[str, ...] = ("Downloading from ", "Downloaded from ")

    def recognise(self, project: Path) -> bool:
        """A Maven project has a pom.xml."""
        return (project / "pom.xml").is_file()

    def source_to_change(self, project: Path) -> Path | None:
        """The first class with a main method, by its path."""
        sources = sorted(project.glob("src/main/java/**/*.java"))
        return next((path for path in sources if "void main(" in path.read_text(encoding="utf-8")), None)

    def one_line(self, marker: str) -> str:
        """A further class of the file, which nobody else sees."""
        return f"final class Marker{marker} {{}}\n"
