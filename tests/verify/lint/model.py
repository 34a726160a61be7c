"""How a rule's cases are written: as small changes to a Dockerfile with which no rule finds fault."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from scaffold.bases import BASES
from scaffold.dockerfile import parse
from scaffold.verify.lint import CHECKS, LintSubject
from scaffold.verify.model import Finding, run_check

MODEL = """\
ARG REGISTRY=docker.io
FROM golang:1.27.3-alpine3.23 AS build
WORKDIR /src
ENV CGO_ENABLED=0
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=0.0.0-dev
RUN go build -ldflags="-X main.version=${VERSION}" -o /app .

FROM alpine:3.23
COPY --from=build /app /app
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s CMD ["/app", "healthcheck"]
ENTRYPOINT ["/app"]
LABEL org.opencontainers.image.title="hello" \\
      org.opencontainers.image.description="says hello" \\
      org.opencontainers.image.source="https://example.com/hello" \\
      org.opencontainers.image.version="1.0.0" \\
      org.opencontainers.image.revision="0000000"
"""
FILES = {
    ".dockerignore": "*\n!go.mod\n!go.sum\n!**/*.go\n",
    "go.mod": "module hello\n",
    "main.go": "package main\n",
}


@dataclass(frozen=True)
class Case:
    """The model with `old` replaced by `new`, in a folder with `files`; a text of None takes a file away."""

    check: str
    old: str
    new: str
    files: dict[str, str | None] = field(default_factory=dict)
    base: str = ""

    @property
    def text(self) -> str:
        assert MODEL.count(self.old) == 1, f"the model has {self.old!r} {MODEL.count(self.old)} times"
        return MODEL.replace(self.old, self.new)

    def lint(self, folder: Path) -> list[Finding]:
        for name, text in (FILES | self.files).items():
            if text is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
        return findings(LintSubject(folder, parse(self.text), BASES.get(self.base)))


@dataclass(frozen=True)
class Bad(Case):
    """`check` finds fault at lines that begin with one of `at`, or in these files; `also` speak of it too."""

    at: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def places(self) -> list[str]:
        """Return the places of the findings; without `at`, the first line that `new` brings."""
        lines = self.text.splitlines()
        starts = self.at or (next(line for line in self.new.splitlines() if line not in MODEL.splitlines()),)
        in_file = [f"Dockerfile:{number}" for number, line in enumerate(lines, 1) if line.startswith(starts)]
        return in_file + [start for start in starts if start in (FILES | self.files)]


@dataclass(frozen=True)
class Fine(Case):
    """What `check` could be thought to find fault with, and no check does."""


def findings(subject: LintSubject) -> list[Finding]:
    return [finding for check in CHECKS for finding in run_check(check, subject)[2]]
