"""What is known by a name: images, files to ignore, secrets."""

from __future__ import annotations

import pytest

from scaffold.verify.lint.dockerignore import parse_dockerignore
from scaffold.verify.lint.images import Image, read_image
from scaffold.verify.lint.secrets import SECRET_FILE, is_secret_name


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("alpine", Image("alpine")),
        ("alpine:3.23", Image("alpine", "3.23")),
        ("localhost:5000/a/b", Image("localhost:5000/a/b")),
        ("localhost:5000/a/b:1@sha256:00", Image("localhost:5000/a/b", "1", "sha256:00")),
    ],
)
def test_references_are_taken_apart(reference: str, expected: Image) -> None:
    assert read_image(reference) == expected


@pytest.mark.parametrize(
    ("reference", "toolchain", "shell"),
    [
        ("golang:1.27.3-alpine3.23", True, True),
        ("mirror.example.com/library/rust:1.98", True, True),
        ("mcr.microsoft.com/dotnet/sdk:10.0", True, True),
        ("mcr.microsoft.com/dotnet/runtime-deps:10.0", False, True),
        ("swift:6.3-slim", False, True),
        ("swift:6.3", True, True),
        ("nvidia/cuda:13.1-devel-ubuntu24.04", True, True),
        ("ghcr.io/graalvm/native-image-community:25", True, True),
        ("gcr.io/distroless/static-debian13:nonroot", False, False),
        ("gcr.io/distroless/base-debian13:debug", False, True),
        ("cgr.dev/chainguard/static:1", False, False),
        ("scratch", False, False),
        ("example.com/my-golang-service:1", False, True),
    ],
)
def test_images_are_known_by_their_names(reference: str, *, toolchain: bool, shell: bool) -> None:
    image = read_image(reference)
    assert (image.is_toolchain, image.has_shell) == (toolchain, shell)


# What `docker build` keeps out: each row was tried with moby/patternmatcher 0.6.1.
@pytest.mark.parametrize(
    ("patterns", "out", "let_in"),
    [
        ("*\n!src\n", ["a", "a/b", ".git/x"], ["src", "src/a/b"]),
        ("**/*.log\n", ["a.log", "a/b/c.log"], ["a.logs"]),
        (".env*\n", [".env", ".env.local"], ["a/.env"]),
        ("**/.env\n", [".env", "a/.env"], [".environment"]),
        ("/build/\n", ["build", "build/x"], ["a/build"]),
        ("./docs/../notes\n", ["notes/x"], ["docs"]),
        ("# x\n #y\n\n", [], ["# x", "a"]),
        ("a?c\n[xy]z\n\\*\n", ["abc", "xz", "*"], ["a/c", "zz", "ab"]),
        ("*.md\n!README.md\nREADME*\n", ["README.md", "b.md"], ["a"]),
        ("a/**/z\n", ["a/z", "a/b/c/z"], ["b/z"]),
        ("*\n!**/*.go\n", ["a.txt", "a/b.txt"], ["a.go", "a/b.go"]),
    ],
)
def test_ignored_files_are_those_that_builders_ignore(patterns: str, out: list[str], let_in: list[str]) -> None:
    ignored = parse_dockerignore(patterns)
    assert [path for path in out if not ignored.excludes(path)] == []
    assert [path for path in let_in if ignored.excludes(path)] == []


@pytest.mark.parametrize(
    "name",
    ["PASSWORD", "db_password", "GITHUB_TOKEN", "token", "AWS_SECRET_ACCESS_KEY", "APIKEY", "API_KEY_PROD"],
)
def test_names_that_say_secret(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD_FILE",
        "TOKEN_URL",
        "MAX_TOKENS",
        "KEYBOARD",
        "PUBLIC_KEY",
        "COMPASS",
        "PWD",
        "AUTH_ENABLED",
        "KEY",
    ],
)
def test_names_that_do_not(name: str) -> None:
    assert not is_secret_name(name)


def test_files_that_hold_secrets() -> None:
    secret = [
        ".env",
        "a/.env.production",
        "id_ed25519",
        "tls.key",
        "server-key.pem",
        "a/credentials.json",
        "x.p12",
    ]
    harmless = [".env.example", "ca.pem", "id_rsa.pub", "monkey", "keys.go", ".environment", "credentials.go"]
    assert [name for name in secret if not SECRET_FILE.search(name)] == []
    assert [name for name in harmless if SECRET_FILE.search(name)] == []
