"""Cases of the rules about stages, images and the form of instructions."""

from __future__ import annotations

from tests.verify.lint.model import Bad, Case, Fine

LAST = "FROM alpine:3.23\n"
BUILD = "FROM golang:1.27.3-alpine3.23 AS build\n"
COPY = "COPY --from=build /app /app\n"
DIGEST = "sha256:" + "0" * 64

STAGES: list[Case] = [
    Bad("lint-base-pinned", LAST, "FROM alpine\n"),
    Bad("lint-base-pinned", LAST, "FROM alpine:latest\n"),
    Bad("lint-base-pinned", LAST, "FROM registry.example.com:5000/alpine\n"),
    Bad("lint-base-pinned", COPY, "COPY --from=build /app /app\nCOPY --from=tianon/toybox /bin/x /x\n"),
    Bad(
        "lint-base-pinned",
        "RUN go mod download\n",
        "RUN --mount=from=ghcr.io/x/y:edge,target=/x go mod download\n",
    ),
    Fine("lint-base-pinned", LAST, f"FROM alpine@{DIGEST}\n"),
    Fine("lint-base-pinned", LAST, f"FROM alpine:latest@{DIGEST}\n"),
    Fine("lint-base-pinned", LAST, "FROM registry.example.com:5000/mirror/alpine:3.23\n"),
    Fine("lint-base-pinned", LAST, "FROM gcr.io/distroless/static-debian13:nonroot\n"),
    Fine("lint-base-pinned", LAST, "FROM scratch\n"),
    Fine("lint-base-pinned", LAST, "FROM alpine:3.23 AS base\nFROM base\n"),
    Bad("lint-base-literal", LAST, "FROM ${REGISTRY}/alpine:3.23\n"),
    Fine("lint-base-literal", LAST, "FROM alpine:3.23 AS for-amd64\nFROM for-${TARGETARCH}\n"),
    Fine("lint-base-literal", BUILD, "FROM --platform=$BUILDPLATFORM golang:1.27.3-alpine3.23 AS build\n"),
    Bad("lint-base-argument", LAST, "FROM --platform=$OTHER alpine:3.23\n"),
    Bad("lint-base-argument", LAST, "FROM --platform=$CGO_ENABLED alpine:3.23\n"),
    Bad(
        "lint-base-argument",
        "ARG REGISTRY=docker.io\n" + BUILD,
        "ARG REGISTRY=docker.io\nARG PLATFORM\nFROM --platform=${PLATFORM} golang:1.27.3-alpine3.23 AS build\n",
        at=("FROM --platform",),
    ),
    Fine("lint-base-argument", LAST, "FROM --platform=${OTHER:-linux/$TARGETARCH} alpine:3.23\n"),
    Fine("lint-base-argument", LAST, "FROM --platform=linux/$TARGETARCH${DEBUG:+/v8} alpine:3.23\n"),
    Bad("lint-last-stage-image", LAST, "FROM golang:1.27.3-trixie\n"),
    Bad("lint-last-stage-image", LAST, "FROM eclipse-temurin:25-jdk-alpine\n"),
    Bad("lint-last-stage-image", LAST, "FROM build\n", also=("lint-last-stage-builds",), at=("FROM build",)),
    Fine("lint-last-stage-image", LAST, "FROM eclipse-temurin:25-jre-alpine\n"),
    Fine("lint-last-stage-image", LAST, "FROM node:24.19.0-alpine3.23\n"),
    Bad("lint-last-stage-builds", LAST, LAST + "RUN make install\n"),
    Fine("lint-last-stage-builds", LAST, LAST + "RUN adduser -D app\n"),
    Bad("lint-last-stage-base", LAST, "FROM debian:13.6-slim\n", base="alpine"),
    Bad("lint-last-stage-base", LAST, LAST.replace("alpine:", "scratchy/alpine-like:"), base="alpine"),
    Fine("lint-last-stage-base", LAST, "FROM mirror.example.com/library/alpine:3.24\n", base="alpine"),
    Fine(
        "lint-last-stage-base",
        LAST,
        "FROM mirror.example.com/distroless/static-debian14:nonroot\n",
        base="distroless",
    ),
    Fine("lint-last-stage-base", LAST, "FROM scratch\n", base="scratch"),
    Bad("lint-stage-name-case", BUILD, BUILD.replace("build", "Build")),
    Fine("lint-stage-name-case", LAST, "FROM alpine:3.23 AS last_1.x-y\n"),
    Bad(
        "lint-stage-name-unique",
        LAST,
        "FROM alpine:3.23 AS build\nRUN touch /app\n\nFROM alpine:3.23\n",
        at=("FROM alpine:3.23 AS build",),
    ),
    Fine("lint-stage-name-unique", LAST, "FROM alpine:3.23 AS base\nFROM base AS last\n"),
    Bad("lint-stage-name-reserved", LAST, "FROM alpine:3.23 AS context\n"),
    Fine("lint-stage-name-reserved", LAST, "FROM alpine:3.23 AS contexts\n"),
    Bad("lint-stage-defined", COPY, "COPY --from=biuld /app /app\n"),
    Bad("lint-stage-defined", COPY, "COPY --from=7 /app /app\n"),
    Bad("lint-stage-defined", COPY, COPY + "COPY --from=1 /app /app2\n"),
    Bad("lint-stage-defined", "RUN go mod download\n", "RUN --mount=from=later,target=/x go mod download\n"),
    Fine("lint-stage-defined", COPY, "COPY --from=BUILD /app /app\n"),
    Fine("lint-stage-defined", COPY, COPY + "COPY --from=busybox:1.38 /bin/busybox /busybox\n"),
    Bad("lint-stage-by-name", COPY, "COPY --from=0 /app /app\n"),
    Fine("lint-stage-by-name", LAST, "FROM alpine:3.23 AS last\n"),
    Bad(
        "lint-stage-reachable", LAST, "FROM alpine:3.23\nRUN date\n\nFROM debian:13.6-slim\n", at=("FROM alpine",)
    ),
    Fine("lint-stage-reachable", LAST, "FROM build AS test\nRUN go test ./...\n\nFROM alpine:3.23\n"),
    Bad("lint-platform", LAST, "FROM --platform=linux/amd64 alpine:3.23\n"),
    Bad("lint-platform", LAST, "FROM --platform=$TARGETPLATFORM alpine:3.23\n"),
    Fine("lint-platform", LAST, "FROM --platform=linux/amd64 alpine:3.23 AS for-amd64\n"),
    Bad("lint-copy-from-root", COPY, "COPY --from=build / /\n"),
    Fine(
        "lint-copy-from-root",
        LAST,
        "FROM tonistiigi/xx:1.9.0 AS xx\nFROM alpine:3.23\nCOPY --from=xx / /\n",
    ),
    Fine("lint-copy-from-root", COPY, COPY + "COPY --from=docker:29.1-cli / /usr/libexec/\n"),
    Fine(
        "lint-copy-from-root",
        LAST,
        "FROM scratch AS root\nCOPY --from=build /app /app\n\nFROM alpine:3.23\nCOPY --from=root / /\n",
    ),
]

ENTRY = 'ENTRYPOINT ["/app"]\n'
FORM: list[Case] = [
    Bad("lint-exec-list", ENTRY, "ENTRYPOINT ['/app']\n", also=("lint-exec-form",)),
    Bad("lint-exec-list", ENTRY, 'ENTRYPOINT ["/app",]\n', also=("lint-exec-form",)),
    Bad("lint-exec-list", ENTRY, "ENTRYPOINT [“/app”]\n", also=("lint-exec-form",)),
    Bad("lint-exec-list", LAST, LAST + 'RUN ["touch" "/x"]\n'),
    Fine("lint-exec-list", LAST, LAST + 'RUN [ "$HOME" = / ] || mkdir -p "$HOME"\n'),
    Bad("lint-one-command", ENTRY, 'CMD ["--help"]\n' + ENTRY + 'CMD ["serve"]\n', at=('CMD ["--help"]',)),
    Bad("lint-one-command", ENTRY, 'ENTRYPOINT ["/old"]\n' + ENTRY, at=('ENTRYPOINT ["/old"]',)),
    Fine("lint-one-command", LAST, 'FROM alpine:3.23 AS base\nCMD ["sh"]\nFROM base\nCMD ["serve"]\n'),
    Bad("lint-workdir", "WORKDIR /src\n", "WORKDIR src\n"),
    Fine("lint-workdir", "WORKDIR /src\n", 'ENV HOME=/src\nWORKDIR "$HOME"\n'),
    Bad("lint-copy-not-add", "COPY go.mod go.sum ./\n", "ADD go.mod go.sum ./\n"),
    Fine(
        "lint-copy-not-add",
        LAST,
        LAST + "ADD rootfs.tar.xz /\n",
        files={".dockerignore": "*\n!rootfs.tar.xz\n!go.*\n"},
    ),
    Bad("lint-add-verified", LAST, LAST + "ADD https://example.com/tool /usr/bin/tool\n"),
    Bad("lint-add-verified", LAST, LAST + "ADD https://github.com/a/b.git#main /b\n"),
    Fine("lint-add-verified", LAST, LAST + f"ADD https://github.com/a/b.git#{'a' * 40} /b\n"),
    Bad("lint-copy-destination", "COPY go.mod go.sum ./\n", "COPY go.mod go.sum modules\n"),
    Fine("lint-copy-destination", "COPY go.mod go.sum ./\n", "COPY go.mod go.sum .\n"),
    Bad("lint-copy-relative", COPY, "COPY --from=build /app app\n"),
    Fine(
        "lint-copy-relative",
        LAST + COPY,
        "FROM alpine:3.23 AS base\nWORKDIR /x\n\nFROM base\nCOPY --from=build /app app\n",
    ),
    Bad("lint-keyword-case", "USER 65532:65532\n", "user 65532:65532\n"),
    Bad("lint-keyword-case", BUILD, BUILD.replace(" AS ", " as ")),
    Fine("lint-keyword-case", ENTRY, 'ENTRYPOINT ["/app", "from"]\n'),
    Bad("lint-key-value", "ENV CGO_ENABLED=0\n", "ENV CGO_ENABLED 0\n"),
    Fine("lint-key-value", "ENV CGO_ENABLED=0\n", 'ENV CGO_ENABLED=0 GREETING="hello world"\n'),
    Bad("lint-empty-continuation", LAST, LAST + "RUN date \\\n\t\n  && true\n", at=("\t",)),
    Fine("lint-empty-continuation", LAST, LAST + "RUN date \\\n  # why\n  && true\n"),
    Bad("lint-maintainer", ENTRY, "MAINTAINER someone@example.com\n" + ENTRY),
    Fine("lint-maintainer", ENTRY, 'LABEL org.opencontainers.image.authors="someone@example.com"\n' + ENTRY),
    Bad("lint-expose", "EXPOSE 8080\n", "EXPOSE 127.0.0.1:8080:80\n"),
    Bad("lint-expose", "EXPOSE 8080\n", "EXPOSE 0\n"),
    Bad("lint-expose", "EXPOSE 8080\n", "EXPOSE 70000\n"),
    Bad("lint-expose", "EXPOSE 8080\n", "EXPOSE 8080/TCP\n"),
    Bad("lint-expose", "EXPOSE 8080\n", "EXPOSE 9-8\n"),
    Fine("lint-expose", "EXPOSE 8080\n", "ENV PORT=8080\nEXPOSE 53/udp 8000-8010/tcp $PORT\n"),
]

PORTABLE: list[Case] = [
    Bad("lint-syntax-line", "ARG REGISTRY=docker.io\n", "# syntax=docker/dockerfile:1\nARG REGISTRY=docker.io\n"),
    Fine(
        "lint-syntax-line",
        "ARG REGISTRY=docker.io\n",
        "# check=error=true\n# escape=\\\nARG REGISTRY=docker.io\n",
    ),
    Bad("lint-heredoc", LAST, LAST + "RUN <<EOF\ndate\nEOF\n"),
    Bad("lint-heredoc", LAST, LAST + "COPY <<EOF /motd\nhello\nEOF\n"),
    Fine("lint-heredoc", LAST, LAST + 'RUN echo "<<EOF"\n'),
    Bad("lint-new-flags", COPY, "COPY --link --from=build /app /app\n"),
    Bad("lint-new-flags", "COPY go.mod go.sum ./\n", "COPY --parents go.mod go.sum ./\n"),
    Bad("lint-new-flags", LAST, LAST + "ADD --checksum=sha256:00 https://example.com/tool /tool\n"),
    Bad("lint-new-flags", LAST, LAST + "RUN --mount=type=secret,id=a,env=A date\n"),
    Bad("lint-new-flags", "HEALTHCHECK --interval=10s", "HEALTHCHECK --start-interval=1s"),
    Fine("lint-new-flags", COPY, "COPY --chown=65532:65532 --chmod=0755 --from=build /app /app\n"),
]

CASES = [*STAGES, *FORM, *PORTABLE]
