"""Cases of the rules about caches, layers, packages, variables and the build context."""

from __future__ import annotations

from tests.verify.lint.model import Bad, Case, Fine

LAST = "FROM alpine:3.23\n"
DOWNLOAD = "COPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\n"
BUILD = 'RUN go build -ldflags="-X main.version=${VERSION}" -o /app .\n'
APT = "apt-get update && apt-get install -y --no-install-recommends tini"
CLEAN = "rm -rf /var/lib/apt/lists/*"
DEBIAN = "FROM debian:13.6-slim\n"

CACHES: list[Case] = [
    Bad("lint-dependencies-first", DOWNLOAD, "COPY . .\nRUN go mod download\n", at=("RUN go mod",)),
    Bad("lint-dependencies-first", DOWNLOAD, "RUN --mount=target=. go mod download\nCOPY . .\n"),
    Bad("lint-dependencies-first", DOWNLOAD, "COPY . .\nRUN npm ci && npm run build\n", at=("RUN npm",)),
    Bad("lint-dependencies-first", DOWNLOAD, "COPY . .\nRUN pip install -r requirements.txt\n", at=("RUN pip",)),
    Bad(
        "lint-dependencies-first",
        DOWNLOAD,
        "COPY . .\nFROM build AS more\nRUN yarn\n\nFROM golang:1.27.3-alpine3.23 AS other\n",
        at=("RUN yarn",),
    ),
    Fine("lint-dependencies-first", DOWNLOAD, DOWNLOAD + "RUN npm install --global esbuild\n"),
    Fine(
        "lint-dependencies-first",
        DOWNLOAD,
        "RUN --mount=type=bind,source=go.mod,target=go.mod --mount=type=cache,target=/go \\\n"
        "    go mod download\nCOPY . .\n",
    ),
    Bad("lint-build-cache", DOWNLOAD, "COPY . .\n", at=("RUN go build",)),
    Fine(
        "lint-build-cache",
        DOWNLOAD + "ARG VERSION=0.0.0-dev\n" + BUILD,
        "COPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go build -o /app .\n",
    ),
    Fine(
        "lint-build-cache",
        DOWNLOAD + "ARG VERSION=0.0.0-dev\n" + BUILD,
        "COPY . .\nRUN go build -mod=vendor -o /app .\n",
    ),
    Bad("lint-argument-late", "WORKDIR /src\n", "ARG REVISION=unknown\nWORKDIR /src\n"),
    Fine("lint-argument-late", "ENTRYPOINT", 'ARG REVISION=unknown\nLABEL revision="$REVISION"\nENTRYPOINT'),
    Bad("lint-copied-twice", "USER 65532:65532\n", "RUN chown -R 65532:65532 /app\nUSER 65532:65532\n"),
    Fine("lint-copied-twice", BUILD, BUILD + "RUN chmod -R go-w /app\n"),
]

PACKAGES: list[Case] = [
    Bad("lint-package-cache", LAST, LAST + "RUN apk add tini\n"),
    Bad("lint-package-cache", LAST, DEBIAN + f"RUN {APT}\n", at=("RUN apt-get",)),
    Bad("lint-package-cache", LAST, DEBIAN + f"RUN {APT}\nRUN {CLEAN}\n", at=("RUN apt-get",)),
    Bad("lint-package-cache", LAST, "FROM fedora:44\nRUN dnf install -y tini\n", at=("RUN dnf",)),
    Fine("lint-package-cache", LAST, LAST + "RUN apk add --no-cache tini\n"),
    Fine("lint-package-cache", LAST, LAST + "RUN --mount=type=cache,target=/var/cache/apk apk add tini\n"),
    Fine("lint-package-cache", LAST, DEBIAN + f"RUN {APT} && {CLEAN}\n"),
    Fine("lint-package-cache", LAST, "FROM fedora:44\nRUN dnf install -y tini && dnf clean all\n"),
    Fine("lint-package-cache", "RUN go mod download\n", "RUN apk add git && go mod download\n"),
    Bad(
        "lint-apt-recommends",
        LAST,
        DEBIAN + f"RUN apt-get update && apt-get install -y tini && {CLEAN}\n",
        at=("RUN apt",),
    ),
    Fine(
        "lint-apt-recommends",
        "RUN go mod download\n",
        "RUN apt-get update && apt-get install -y git\nRUN go mod download\n",
    ),
    Bad(
        "lint-install-asks",
        "RUN go mod download\n",
        "RUN apt-get update && apt-get install git\nRUN go mod download\n",
    ),
    Fine(
        "lint-install-asks",
        "RUN go mod download\n",
        "RUN apt-get update && apt-get -qy install git\nRUN go mod download\n",
    ),
    Bad("lint-update-alone", "RUN go mod download\n", "RUN apt-get update\nRUN go mod download\n"),
    Fine("lint-update-alone", "RUN go mod download\n", "RUN apk update && apk add git && go mod download\n"),
    Bad("lint-sudo", LAST, LAST + "RUN sudo touch /x\n"),
    Bad("lint-sudo", LAST, LAST + "RUN date && env X=1 sudo -u app touch /x\n"),
    Bad("lint-sudo", LAST, LAST + "RUN apk add --no-cache sudo\n"),
    Fine("lint-sudo", LAST, LAST + "RUN echo no sudo here\n"),
]

VARIABLES: list[Case] = [
    Bad("lint-variable-declared", BUILD, BUILD + 'RUN echo "$TARGETARCH"\n'),
    Bad("lint-variable-declared", "USER 65532:65532\n", 'RUN echo "${VERSION}"\nUSER 65532:65532\n'),
    Bad("lint-variable-declared", "WORKDIR /src\n", "WORKDIR /src/$REGISTRY\n"),
    Bad("lint-variable-declared", "WORKDIR /src\n", "WORKDIR /src/${LATER}\nARG LATER=1\n"),
    Bad("lint-variable-declared", "EXPOSE 8080\n", "ENV SERVICE_PORT=1\nEXPOSE $SERVICE_PRT\n", at=("EXPOSE",)),
    Fine("lint-variable-declared", BUILD, "ARG TARGETARCH\n" + BUILD + 'RUN echo "$TARGETARCH" "$HOME"\n'),
    Fine("lint-variable-declared", "USER 65532:65532\n", "RUN VERSION=1 && echo $VERSION\nUSER 65532:65532\n"),
    Fine(
        "lint-variable-declared",
        "USER 65532:65532\n",
        "RUN for VERSION in 1 2; do echo $VERSION; done\nUSER 65532:65532\n",
    ),
    Fine(
        "lint-variable-declared", "USER 65532:65532\n", "RUN echo '$VERSION' ${VERSION:-none}\nUSER 65532:65532\n"
    ),
    Fine(
        "lint-variable-declared", LAST, "FROM alpine:3.23 AS base\nARG FLAVOUR=x\nFROM base\nRUN echo $FLAVOUR\n"
    ),
    Fine("lint-variable-declared", "EXPOSE 8080\n", "ENV PATH=/opt/bin:$PATH\nEXPOSE 8080\n"),
    Fine(
        "lint-variable-declared",
        "ARG REGISTRY=docker.io\n",
        "ARG REGISTRY=docker.io\nARG NODE_VERSION=24\nARG HTTP_PROXY\nFROM node:24.19.0-alpine3.23 AS node\n"
        'RUN echo "$NODE_VERSION" "$HTTP_PROXY"\n\n',
    ),
    Fine("lint-variable-declared", LAST, "FROM golang:1.27.3-trixie AS other\nRUN echo $CGO_ENABLED\n\n" + LAST),
    Bad("lint-variable-once", "EXPOSE 8080\n", "ENV A=1\nENV A=2\nEXPOSE 8080\n", at=("ENV A=2",)),
    Bad("lint-variable-once", "EXPOSE 8080\n", "ARG A=1\nENV B=2 A=3\nEXPOSE 8080\n", at=("ENV B",)),
    Fine("lint-variable-once", "EXPOSE 8080\n", "ARG A=1\nENV A=$A\nENV A=${A}:2\nEXPOSE 8080\n"),
    Fine("lint-variable-once", LAST, LAST + "ARG VERSION=0.0.0-dev\n"),
    Bad("lint-variable-order", "EXPOSE 8080\n", "ENV ROOT=/x BIN=$ROOT/bin\nEXPOSE 8080\n"),
    Fine("lint-variable-order", "EXPOSE 8080\n", "ENV ROOT=/x\nENV BIN=$ROOT/bin LIB=$ROOT/lib\nEXPOSE 8080\n"),
]

CONTEXT: list[Case] = [
    Bad(
        "lint-dockerignore",
        "EXPOSE 8080\n",
        "EXPOSE 8081\n",
        files={".dockerignore": None},
        at=(".dockerignore",),
    ),
    Fine("lint-dockerignore", LAST, LAST, files={".dockerignore": None, "Dockerfile.dockerignore": "*\n!go.*\n"}),
    Bad("lint-context-history", LAST, LAST, files={".dockerignore": ".env\n"}, at=(".dockerignore",)),
    Bad("lint-context-history", LAST, LAST, files={".dockerignore": "*\n!**\n.env\n"}, at=(".dockerignore",)),
    Fine("lint-context-history", LAST, LAST, files={".dockerignore": "# all\n/.git/\n**/.env\n"}),
    Fine("lint-context-history", "COPY . .\n", "COPY main.go ./\n", files={".dockerignore": "docs\n"}),
    Bad("lint-context-secrets", LAST, LAST, files={".dockerignore": ".git\n"}, at=(".dockerignore",)),
    Bad(
        "lint-context-secrets",
        LAST,
        LAST,
        files={".dockerignore": ".git\n.env\n", "deploy/id_ed25519": "", "deploy/readme": ""},
        at=(".dockerignore",),
    ),
    Fine(
        "lint-context-secrets", LAST, LAST, files={".dockerignore": ".git\n.env*\n", ".env.local": "", ".env": ""}
    ),
    Fine(
        "lint-context-secrets",
        LAST,
        LAST,
        files={".dockerignore": ".git\n.env\n", ".env.example": "", "ca.pem": ""},
    ),
    Bad("lint-copy-ignored", "COPY . .\n", "COPY web ./web\n", files={"web/index.html": ""}),
    Bad("lint-copy-ignored", "COPY . .\n", "COPY ./README.md ./\n"),
    Bad(
        "lint-copy-ignored", "COPY . .\n", "RUN --mount=type=bind,source=Makefile,target=Makefile cat Makefile\n"
    ),
    Fine(
        "lint-copy-ignored",
        "COPY . .\n",
        "COPY internal ./internal\n",
        files={"internal/a.go": "", "internal/b.txt": ""},
    ),
    Fine("lint-copy-ignored", "COPY . .\n", "COPY *.go go.* ./\n"),
]

CASES = [*CACHES, *PACKAGES, *VARIABLES, *CONTEXT]
