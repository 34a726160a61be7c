"""The Dockerfiles of the article that started this, written anew from its description."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_APP = """\
package main

import (
	"fmt"
	"net/http"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "Hello, World!")
	})
	http.ListenAndServe(":8080", nil)
}
"""
_SINGLE_STAGE = """\
FROM golang:1.27.3-trixie
WORKDIR /app
COPY . .
RUN go build -o main .
EXPOSE 8080
CMD ["./main"]
"""
_TWO_STAGES = """\
FROM golang:1.27.3-trixie AS builder
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 GOOS=linux go build -a -o main .

FROM alpine:3.23
WORKDIR /root/
COPY --from=builder /app/main .
EXPOSE 8080
CMD ["./main"]
"""


@dataclass(frozen=True, slots=True)
class Article:
    """One of its two Dockerfiles, with the size that it reports in MB."""

    name: str
    dockerfile: str
    reported: float


SINGLE_STAGE = Article("article, single stage", _SINGLE_STAGE, 972)
TWO_STAGES = Article("article, two stages on alpine", _TWO_STAGES, 13.6)


def write(article: Article, folder: Path) -> None:
    """Write the article's project: net/http's "Hello, World!" on port 8080."""
    folder.mkdir(parents=True)
    (folder / "main.go").write_text(_APP, encoding="utf-8")
    (folder / "go.mod").write_text("module example.com/hello\n\ngo 1.27\n", encoding="utf-8")
    (folder / "Dockerfile").write_text(article.dockerfile, encoding="utf-8")
