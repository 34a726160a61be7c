"""Go."""

from __future__ import annotations

from pathlib import Path


class Go:
    """Go modules."""

    id = "go"
    title = "Go"
    network_variables: tuple[str, ...] = ("GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB")
    dependency_commands: tuple[str, ...] = ("go mod download",)
    download_words: tuple[str, ...] = ("go: downloading ",)

    def recognise(self, project: Path) -> bool:
        """A module has a go.mod."""
        return (project / "go.mod").is_file()

    def source_to_change(self, project: Path) -> Path | None:
        """The command is at the root, or the first one under cmd/."""
        candidates = [project / "main.go", *sorted(project.glob("cmd/*/main.go"))]
        return next((path for path in candidates if path.is_file()), None)

    def one_line(self, marker: str) -> str:
        """A blank variable compiles anywhere at package level and is unused by design."""
        return f'\nvar _ = "{marker}"\n'
