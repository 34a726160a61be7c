"""What is changed in a project of each language."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from tests.blueprints.images import change

# A file, what stands in it, and what is to stand there; `{}` is new each time.
_COMMENTS = {
    "cpp": ("src/api.cpp", "namespace api {", "// {}\nnamespace api {{"),
    "go": ("internal/api/api.go", "// Info is what", "// Info {} is what"),
    "java": ("src/main/java/service/Server.java", "/** Starts to serve. */", "/** Starts to serve {}. */"),
    "node": ("src/api.ts", "Add your routes here.", "Add {} here."),
    "python": ("src/service/api.py", "Say what this service is.", "Say {}."),
    "rust": ("src/api.rs", "Add your routes and handlers here.", "Add {} here."),
}
_STATEMENTS = {
    "cpp": ("src/server.cpp", 'http::text(200, "ok")', 'http::text(200, "{}")'),
    "go": ("internal/api/api.go", '`json:"service"`', '`json:"{}"`'),
    "java": ("src/main/java/service/Server.java", '"not found"', '"{}"'),
    "node": ("src/api.ts", "service: NAME", 'marker: "{}", service: NAME'),
    "python": ("src/service/api.py", "service: str = NAME", 'service: str = "{}"'),
    "rust": ("src/probes.rs", '"ok\\n"', '"{}\\n"'),
}


def change_comment(project: Path, language: str) -> None:
    """Change what no compiler looks at."""
    _change(project, *_COMMENTS[language])


def change_statement(project: Path, language: str) -> None:
    """Change what the program does."""
    _change(project, *_STATEMENTS[language])


def _change(project: Path, file: str, old: str, new: str) -> None:
    change(project, file, old, new.format(uuid4()))
